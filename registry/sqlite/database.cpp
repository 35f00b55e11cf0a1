#include "registry/sqlite/database.h"

#include "registry/sqlite/detail/failure.h"
#include "registry/sqlite/statement.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace egret::sqlite {

namespace {

constexpr int busy_delay_ms_max = 400;

/// Before the try after `count` others: longer each time, and in each process another.
int busy_delay_ms(int count) {
    const int most = std::min(1 << std::min(count, 9), busy_delay_ms_max);
    const auto chance =
        static_cast<unsigned>(::getpid()) * 2654435761U + static_cast<unsigned>(count) * 40503U;
    return most / 2 + 1 + static_cast<int>((chance >> 8U) % static_cast<unsigned>(most));
}

bool is_exclusive(const OpenOptions& options) { return options.exclusive && !options.read_only; }

/// False, if `timeout_ms` went by in the tries before.
bool wait_for_others(int timeout_ms, int count) {
    int waited = 0;
    for (int i = 0; i < count; ++i) waited += busy_delay_ms(i);
    const int left = timeout_ms - waited;
    if (left > 0) sqlite3_sleep(std::min(left, busy_delay_ms(count)));
    return left > 0;
}

constexpr auto foreign_key_check_sql = R"sql(
    SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2
)sql";

/// The file of a pointer that a file control gives, or null if there is none behind it.
sqlite3_file* open_file(sqlite3* db, int which) {
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(db, "main", which, &file) != SQLITE_OK) return nullptr;
    return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

std::int64_t bytes_in(sqlite3_file* file) {
    if (file == nullptr) return 0;
    sqlite3_int64 size = 0;
    if (const int code = file->pMethods->xFileSize(file, &size); code != SQLITE_OK)
        detail::fail(nullptr, code, "");
    return size;
}

int open_flags(const OpenOptions& options) {
    // One thread at a time uses a connection, so it needs no mutex.
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (options.read_only) return flags | SQLITE_OPEN_READONLY;
    flags |= SQLITE_OPEN_READWRITE;
    const bool may_create = options.create || options.path == ":memory:";
    return may_create ? flags | SQLITE_OPEN_CREATE : flags;
}

/// Makes the file, if it isn't there, as its owner's alone. What SQLite puts beside it later gets
/// the same rights.
void make_private(const std::string& path) {
    // Exclusively: closing a file that is open elsewhere in this process would drop its locks.
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    // If it can't be made, SQLite finds that, too, and says why.
    if (file >= 0) ::close(file);
}

}  // namespace

Database::Database(OpenOptions options) : options_(std::move(options)) {
    for (int tries = 0;; ++tries) {
        try {
            open();
            configure();
            if (is_fresh_) shape_fresh_file();
            if (!options_.read_only) choose_journal();
            // Reads the whole schema, and takes the lock that an exclusive connection keeps.
            pragma_int64("SELECT count(*) FROM sqlite_schema");
            read_shape();
            sqlite3_busy_timeout(handle_, options_.busy_timeout_ms);
            return;
        } catch (const SqliteError& error) {
            sqlite3_close_v2(handle_);
            handle_ = nullptr;
            // Nothing that is executed up to here can be wrong but the file's header.
            if (error.extended_code() == SQLITE_ERROR)
                throw SqliteError(SQLITE_CORRUPT, "the header can't be read", options_.path);
            if (error.trouble() != Trouble::busy || !is_exclusive(options_)) throw;
            if (!wait_for_others(options_.busy_timeout_ms, tries)) throw;
        }
    }
}

Database::~Database() {
    // Waits for a statement that is still alive, where sqlite3_close would leak the connection.
    sqlite3_close_v2(handle_);
}

void Database::open() {
    if (options_.path.empty())
        throw SqliteError(SQLITE_MISUSE, "a database needs a path", options_.path);
    if (options_.create && !options_.read_only && !is_in_memory() && options_.vfs_name.empty())
        make_private(options_.path);
    const char* vfs = options_.vfs_name.empty() ? nullptr : options_.vfs_name.c_str();
    const int code = sqlite3_open_v2(options_.path.c_str(), &handle_, open_flags(options_), vfs);
    if (code != SQLITE_OK) detail::fail(handle_, code, options_.path);

    is_fresh_ = main_file_bytes() == 0;
    // An emptied registry is damage, not a fresh start: SQLite would drop the log beside it.
    if (is_fresh_ && !is_in_memory() && (!options_.create || options_.read_only))
        throw SqliteError(SQLITE_NOTADB, "the file is empty", options_.path);
}

void Database::configure() {
    // An exclusive connection keeps the shared lock of a try that failed: several that waited
    // inside of SQLite would keep each other out until all give up. So it is closed between its
    // tries.
    sqlite3_busy_timeout(handle_, is_exclusive(options_) ? 0 : options_.busy_timeout_ms);
    constexpr std::array<std::pair<int, int>, 4> switches{{
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
    }};
    for (const auto& [name, value] : switches) {
        const int code = sqlite3_db_config(handle_, name, value, nullptr);
        if (code != SQLITE_OK) detail::fail(handle_, code, options_.path);
    }
    execute("PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON");
    if (options_.in_memory_temp) execute("PRAGMA temp_store = MEMORY");
    // Before the first read, or the write-ahead log's index would already be in a -shm file.
    if (is_exclusive(options_)) execute("PRAGMA locking_mode = EXCLUSIVE");
}

void Database::shape_fresh_file() {
    int reserved = reserved_bytes_per_page;
    const int code = sqlite3_file_control(handle_, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    if (code != SQLITE_OK) detail::fail(handle_, code, options_.path);
    run_pragma("page_size", page_bytes);
}

void Database::choose_journal() {
    execute(options_.synchronous == Synchronous::full ? "PRAGMA synchronous = FULL"
                                                      : "PRAGMA synchronous = OFF");
    if (options_.cache_kib > 0) run_pragma("cache_size", -std::int64_t{options_.cache_kib});
    if (options_.checkpoint_pages > 0) run_pragma("wal_autocheckpoint", options_.checkpoint_pages);
    if (is_in_memory()) return;
    const bool wal = options_.journal == Journal::wal;
    const auto got =
        pragma_text(wal ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE");
    if (got != (wal ? "wal" : "delete"))
        throw SqliteError(SQLITE_CANTOPEN, "the journal mode was refused", options_.path);
}

void Database::read_shape() {
    page_size_ = static_cast<int>(pragma_int64("PRAGMA page_size"));
    if (auto* file = open_file(handle_, SQLITE_FCNTL_FILE_POINTER); bytes_in(file) > 0) {
        // SQLite only tells what was asked for; byte 20 of the file is what it got.
        std::array<unsigned char, 100> header{};
        const int code =
            file->pMethods->xRead(file, header.data(), static_cast<int>(header.size()), 0);
        if (code != SQLITE_OK) detail::fail(nullptr, code, options_.path);
        reserved_bytes_ = header[20];
    } else {
        int asked = -1;
        sqlite3_file_control(handle_, "main", SQLITE_FCNTL_RESERVE_BYTES, &asked);
        reserved_bytes_ = asked;
    }
    if (is_fresh_ && (page_size_ != page_bytes || reserved_bytes_ != reserved_bytes_per_page))
        throw SqliteError(SQLITE_INTERNAL, "a new file got the wrong shape", options_.path);
}

void Database::execute(const char* sql) {
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) detail::fail(handle_, code, sql);
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

std::int64_t Database::last_rowid() const { return sqlite3_last_insert_rowid(handle_); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

int Database::user_version() { return static_cast<int>(pragma_int64("PRAGMA user_version")); }

void Database::set_user_version(int version) { run_pragma("user_version", version); }

std::vector<std::string> Database::integrity_check() {
    std::vector<std::string> problems;
    try {
        Statement check(*this, "PRAGMA integrity_check");
        auto row = check.start();
        while (row.next()) problems.push_back(row.text(0));
    } catch (const SqliteError& error) {
        if (error.trouble() != Trouble::damaged && error.trouble() != Trouble::not_a_database)
            throw;
        problems.emplace_back(error.what());
    }
    if (problems.size() == 1 && problems[0] == "ok") problems.clear();
    return problems;
}

std::vector<std::string> Database::foreign_key_check() {
    std::vector<std::string> problems;
    Statement check(*this, foreign_key_check_sql);
    auto row = check.start();
    while (row.next()) {
        problems.push_back(std::to_string(row.int64(2)) + " rows of " + row.text(0) +
                           " without their row of " + row.text(1));
    }
    return problems;
}

std::int64_t Database::file_bytes() {
    if (is_in_memory()) return pragma_int64("PRAGMA page_count") * page_size_;
    return main_file_bytes() + bytes_in(open_file(handle_, SQLITE_FCNTL_JOURNAL_POINTER));
}

void Database::checkpoint_truncate() {
    const int code =
        sqlite3_wal_checkpoint_v2(handle_, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK) detail::fail(handle_, code, "checkpoint");
}

std::int64_t Database::main_file_bytes() const {
    return bytes_in(open_file(handle_, SQLITE_FCNTL_FILE_POINTER));
}

void Database::run_pragma(const char* name, std::int64_t value) {
    // A PRAGMA takes no parameters; a number of ours is all that is ever put into its text.
    const auto sql = "PRAGMA " + std::string(name) + " = " + std::to_string(value);
    execute(sql.c_str());
}

std::string Database::pragma_text(const char* sql) {
    Statement statement(*this, sql);
    return statement.start().single().text(0);
}

std::int64_t Database::pragma_int64(const char* sql) {
    Statement statement(*this, sql);
    return statement.start().single().int64(0);
}

}  // namespace egret::sqlite
