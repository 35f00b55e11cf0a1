#pragma once

#include "registry/vault/detail/sealed_file.h"
#include "registry/vault/key_ring.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>

struct sqlite3_file;
struct sqlite3_vfs;

namespace egret::vault::detail {

/// A VFS of SQLite's that seals all it writes, over another that does the writing. Registered as
/// long as it lives.
class VaultVfs {
public:
    /// `ring` outlives this. `base_name`: empty for the system's.
    /// Throws SqliteError if there is no VFS of that name, or no memory.
    VaultVfs(const KeyRing& ring, const std::string& base_name);
    ~VaultVfs();

    VaultVfs(const VaultVfs&) = delete;
    VaultVfs& operator=(const VaultVfs&) = delete;

    const std::string& name() const noexcept { return name_; }

    sqlite3_vfs& base() noexcept { return base_; }

    /// SQLite's xOpen: a database, its rollback journal or its write-ahead log, and nothing else.
    int open(const char* name, sqlite3_file* place, int flags, int* flags_out);
    /// A file is closed: if it was a database, no more journals come for it.
    void forget(const SealedFile* file) noexcept;

private:
    struct Free {
        void operator()(sqlite3_vfs* vfs) const noexcept;
    };

    MainFile* find_main(const char* journal_name);

    const KeyRing& ring_;
    sqlite3_vfs& base_;
    bool is_over_system_;
    std::string name_;
    std::unique_ptr<sqlite3_vfs, Free> vfs_;

    std::mutex mutex_;
    // By SQLite's own copy of the database's name, of which each connection has one.
    std::map<const char*, MainFile*> mains_;
};

}  // namespace egret::vault::detail
