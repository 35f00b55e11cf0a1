#include "registry/sqlite/error.h"

#include "registry/sqlite/detail/failure.h"

#include <sqlite3.h>

#include <cerrno>

namespace egret::sqlite {

namespace {

static_assert(foreign_key_violation == SQLITE_CONSTRAINT_FOREIGNKEY);
static_assert(damaged_code == SQLITE_CORRUPT);

std::string sentence(int extended_code, std::string_view reason, std::string_view sql) {
    std::string text = "SQLite: ";
    text.append(reason).append(" (").append(std::to_string(extended_code)).append(")");
    if (!sql.empty()) text.append(" in: ").append(sql);
    return text;
}

}  // namespace

std::string_view to_string(Trouble trouble) {
    switch (trouble) {
        case Trouble::busy: return "busy";
        case Trouble::full: return "full";
        case Trouble::damaged: return "damaged";
        case Trouble::not_a_database: return "not_a_database";
        case Trouble::read_only: return "read_only";
        case Trouble::io: return "io";
        case Trouble::constraint: return "constraint";
        case Trouble::other: return "other";
    }
    return "other";
}

SqliteError::SqliteError(int extended_code, std::string_view reason, std::string_view sql)
    : std::runtime_error(sentence(extended_code, reason, sql)),
      extended_code_(extended_code),
      sql_(sql) {}

Trouble SqliteError::trouble() const noexcept {
    // A page whose seal does not hold comes from the encrypting VFS as IOERR_DATA.
    if (extended_code_ == SQLITE_IOERR_DATA || extended_code_ == SQLITE_IOERR_CORRUPTFS)
        return Trouble::damaged;
    switch (extended_code_ & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return Trouble::busy;
        case SQLITE_FULL: return Trouble::full;
        case SQLITE_CORRUPT:
        // Our tables are STRICT, nothing of this size is ever put in, and single() asks for a row
        // only where others say that there is one.
        case SQLITE_MISMATCH:
        case SQLITE_NOTFOUND:
        case SQLITE_TOOBIG: return Trouble::damaged;
        case SQLITE_NOTADB: return Trouble::not_a_database;
        case SQLITE_READONLY:
        case SQLITE_PERM: return Trouble::read_only;
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN: return Trouble::io;
        case SQLITE_CONSTRAINT: return Trouble::constraint;
        default: return Trouble::other;
    }
}

namespace detail {
namespace {

/// SQLite knows a full disk by ENOSPC alone; a quota that is used up, and the longest file that the
/// user may have, are the same to whoever has to make room. The failed write left its reason in
/// errno: sqlite3_system_errno() has none where a commit failed.
bool is_out_of_room(int extended, int reason) {
    if (extended != SQLITE_IOERR_WRITE && extended != SQLITE_IOERR_FSYNC) return false;
    return reason == EDQUOT || reason == EFBIG || reason == ENOSPC;
}

}  // namespace

void fail(sqlite3* db, int code, std::string_view sql) {
    const int reason = errno;
    if (db == nullptr) throw SqliteError(code, sqlite3_errstr(code), sql);
    const int extended = sqlite3_extended_errcode(db);
    const bool is_last = (extended & 0xff) == (code & 0xff);
    if (is_last && is_out_of_room(extended, reason))
        throw SqliteError(SQLITE_FULL, sqlite3_errstr(SQLITE_FULL), sql);
    throw SqliteError(is_last ? extended : code,
                      is_last ? sqlite3_errmsg(db) : sqlite3_errstr(code), sql);
}

void fail_running(sqlite3* db, int code, std::string_view sql) {
    if ((code & 0xff) == SQLITE_ERROR) throw SqliteError(code, sqlite3_errstr(code), sql);
    fail(db, code, sql);
}

}  // namespace detail

}  // namespace egret::sqlite
