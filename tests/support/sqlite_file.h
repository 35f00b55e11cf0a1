#pragma once

#include "registry/sqlite/database.h"
#include "registry/sqlite/statement.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace egret::tests {

/// How a registry is opened in these tests: as in earnest, but without waiting for a lock.
inline sqlite::OpenOptions file_options(const std::string& path) {
    sqlite::OpenOptions options;
    options.path = path;
    options.create = true;
    options.exclusive = true;
    return options;
}

inline sqlite::OpenOptions memory_options() {
    sqlite::OpenOptions options;
    options.path = ":memory:";
    return options;
}

/// The trouble that `action` ends in, or nothing if it ends well.
template <class Action>
std::optional<sqlite::Trouble> trouble_of(Action action) {
    try {
        action();
    } catch (const sqlite::SqliteError& error) {
        return error.trouble();
    }
    return std::nullopt;
}

inline std::int64_t number(sqlite::Database& db, const char* sql) {
    sqlite::Statement statement(db, sql);
    return statement.start().single().int64(0);
}

/// Executes `sql` past the triggers that guard the rows, which stand there afterwards as before:
/// what happens to a file on its disk.
inline void change_unguarded(sqlite::Database& db, const std::string& sql) {
    std::string drop;
    std::string make_again;
    {
        sqlite::Statement triggers(db,
                                   "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'");
        auto row = triggers.start();
        while (row.next()) {
            drop += "DROP TRIGGER " + row.text(0) + ";";
            make_again += row.text(1) + ";";
        }
    }
    db.execute((drop + sql + ";" + make_again).c_str());
}

inline std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

}  // namespace egret::tests
