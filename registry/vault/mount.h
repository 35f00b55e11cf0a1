#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/vault/key_ring.h"

#include <memory>
#include <string>

namespace egret::vault {

namespace detail {
class VaultVfs;
}

/// Encrypted databases, opened with one key. While it lives, SQLite knows a VFS that seals every
/// page of a database, of its write-ahead log and of its rollback journal:
///
///     const vault::Mount mount(key, random);
///     options.vfs_name = mount.vfs_name();
///     sqlite::Database db(options);
///
/// A new file gets keys of its own, derived from that one; so does a copy that backup_to() or
/// VACUUM INTO makes. Opening throws SqliteError with Trouble::not_a_database, if the file was made
/// under another key or isn't encrypted; a page that isn't what was sealed there is
/// Trouble::damaged, whenever it is read. Nothing is ever put into a temporary file: what would
/// need one fails.
///
/// Outlives its databases. May be used from several threads.
class Mount {
public:
    /// `key` has 32 bytes and is copied into locked memory; the caller's copy is the caller's to
    /// wipe. `random` outlives this, and may be used from every thread that writes. `base_vfs` does
    /// the reading and writing: empty for the system's, and then new files are their owner's alone.
    /// Throws std::system_error if memory can't be locked, SqliteError if there is no such VFS.
    Mount(ByteView key, Random& random, const std::string& base_vfs = "");
    ~Mount();

    Mount(const Mount&) = delete;
    Mount& operator=(const Mount&) = delete;

    const std::string& vfs_name() const noexcept;

    /// Tells the key, and tells nothing about it: to be kept beside the wrapped key, so that a
    /// wrong one is known before the file is opened.
    KeyCheck key_check() const { return ring_.check(); }

private:
    KeyRing ring_;
    std::unique_ptr<detail::VaultVfs> vfs_;
};

}  // namespace egret::vault
