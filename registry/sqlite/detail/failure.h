#pragma once

#include <string_view>

struct sqlite3;

namespace egret::sqlite::detail {

/// Throws the SqliteError for the last failure of `db`, which may be null when there was no memory
/// for it.
[[noreturn]] void fail(sqlite3* db, int code, std::string_view sql);

/// The same for a statement that runs with a caller's values. A general error (such as a search
/// expression that FTS5 can't parse) quotes those values, so its text is left out.
[[noreturn]] void fail_running(sqlite3* db, int code, std::string_view sql);

}  // namespace egret::sqlite::detail
