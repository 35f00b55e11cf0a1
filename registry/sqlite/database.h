#pragma once

#include "registry/sqlite/error.h"

#include <cstdint>
#include <string>
#include <vector>

struct sqlite3;

namespace egret::sqlite {

/// The shape of every file that we make. Each page keeps its last bytes free for the seal of the
/// encrypting VFS, in plain files too, so that a plain copy can be sealed later page by page.
inline constexpr int page_bytes = 4096;
inline constexpr int reserved_bytes_per_page = 32;

enum class Synchronous {
    full,  // What is committed survives a power cut.
    off,   // For simulated worlds and benches only.
};

enum class Journal {
    wal,
    rollback,  // One file and nothing beside it once closed: for copies that travel.
};

struct OpenOptions {
    std::string path;      // or ":memory:"
    std::string vfs_name;  // Empty: the system's.
    bool create = false;   // Else a missing or empty file is refused.
    bool read_only = false;
    bool exclusive = false;  // Nobody else opens the file meanwhile, and there is no -shm file.
    bool in_memory_temp = true;
    int cache_kib = 0;         // 0: SQLite's own choice.
    int checkpoint_pages = 0;  // Of the write-ahead log; 0: SQLite's own choice.
    int busy_timeout_ms = 0;
    Synchronous synchronous = Synchronous::full;
    Journal journal = Journal::wal;
};

/// An open database file.
///
/// Once open, the file is known to be a database with a readable schema, and, if exclusive, to be
/// ours alone. Foreign keys are enforced; the schema can't be written behind SQLite's back; a
/// double-quoted word is never a string.
///
/// One connection for one thread at a time. Outlives its statements and transactions. Every member
/// throws SqliteError when the file or the disk fails.
class Database {
public:
    /// A new file is its owner's alone, and what lies beside it, too. A new or empty file gets
    /// pages of `page_bytes` with `reserved_bytes_per_page`; an older one keeps what it has.
    /// `read_only` changes nothing in the file and ignores `exclusive` and `journal`. Throws
    /// SqliteError: busy, if another process holds it; not_a_database, if it is another kind of
    /// file, or empty without `create`; damaged; io, if it isn't there.
    explicit Database(OpenOptions options);
    ~Database();

    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs one or more statements of constant SQL and drops their rows.
    void execute(const char* sql);

    /// Rows touched by the last INSERT, UPDATE or DELETE.
    std::int64_t changes() const;
    std::int64_t last_rowid() const;
    bool in_transaction() const;

    /// The number that the migrations count in; 0 in a new file.
    int user_version();
    /// Part of the transaction that is open, if one is.
    void set_user_version(int version);

    /// What is wrong with the file, in SQLite's words; empty if nothing. Reads all of it. Damage is
    /// an answer here and does not throw.
    std::vector<std::string> integrity_check();
    /// Rows that refer to a row that isn't there, by table; empty if there are none.
    std::vector<std::string> foreign_key_check();

    /// The file and its write-ahead log on the disk, or the pages in memory.
    std::int64_t file_bytes();
    /// Moves everything from the write-ahead log into the file and empties the log, so that what
    /// was deleted is gone from the disk. Throws busy while somebody reads an older state.
    void checkpoint_truncate();

    /// As the file has it.
    int page_size() const noexcept { return page_size_; }

    int reserved_bytes() const noexcept { return reserved_bytes_; }

    bool is_in_memory() const noexcept { return options_.path == ":memory:"; }

    const OpenOptions& options() const noexcept { return options_; }

    /// For this module's other classes.
    sqlite3* handle() const noexcept { return handle_; }

private:
    void open();
    void configure();
    void shape_fresh_file();
    void choose_journal();
    void read_shape();
    void run_pragma(const char* name, std::int64_t value);
    std::string pragma_text(const char* sql);
    std::int64_t pragma_int64(const char* sql);
    std::int64_t main_file_bytes() const;

    OpenOptions options_;
    sqlite3* handle_ = nullptr;
    bool is_fresh_ = false;
    int page_size_ = 0;
    int reserved_bytes_ = 0;
};

}  // namespace egret::sqlite
