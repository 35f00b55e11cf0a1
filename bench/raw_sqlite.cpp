#include "bench/raw_sqlite.h"

#include "bench/measure.h"

#include <sqlite3.h>

namespace egret::bench {

RawDatabase::RawDatabase(const std::string& path, const Sizes& sizes) {
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    require(sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) == SQLITE_OK, "open");
    execute("PRAGMA page_size = 4096; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY");
    execute(("PRAGMA cache_size = -" + std::to_string(sizes.cache_kib)).c_str());
    execute("PRAGMA journal_mode = WAL");
    execute(("PRAGMA wal_autocheckpoint = " + std::to_string(sizes.checkpoint_pages)).c_str());
}

RawDatabase::~RawDatabase() { sqlite3_close_v2(handle_); }

void RawDatabase::execute(const char* sql) {
    require(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
}

RawStatement::RawStatement(RawDatabase& db, const char* sql) {
    require(sqlite3_prepare_v3(db.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_,
                               nullptr) == SQLITE_OK,
            sql);
}

RawStatement::~RawStatement() { sqlite3_finalize(handle_); }

void RawStatement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(handle_, index, value);
}

void RawStatement::bind(int index, ByteView value) {
    sqlite3_bind_blob64(handle_, index, value.data(), value.size(), SQLITE_STATIC);
}

void RawStatement::bind(int index, std::string_view value) {
    sqlite3_bind_text64(handle_, index, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void RawStatement::run() {
    require(sqlite3_step(handle_) == SQLITE_DONE, sqlite3_sql(handle_));
    reset();
}

bool RawStatement::next() {
    const int code = sqlite3_step(handle_);
    require(code == SQLITE_ROW || code == SQLITE_DONE, sqlite3_sql(handle_));
    if (code == SQLITE_ROW) return true;
    reset();
    return false;
}

void RawStatement::reset() { sqlite3_reset(handle_); }

std::int64_t RawStatement::int64(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view RawStatement::text(int column) const {
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    return text_of({sqlite3_column_text(handle_, column), size});
}

}  // namespace egret::bench
