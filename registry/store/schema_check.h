#pragma once

#include "registry/base/embedded.h"
#include "registry/sqlite/database.h"

#include <cstdint>
#include <span>

namespace egret::store {

/// How the tables, indexes and triggers of a file stand to those that migrations make.
enum class SchemaMatch : std::uint8_t {
    same,     // Exactly those.
    more,     // All of those, and others.
    another,  // One of them is not there, or not as it was made.
};

/// Holds the schema of `db` to what the migrations make of an empty file. One byte that is wrong
/// in it can leave it readable, and shows nowhere else before a statement fails or finds nothing.
/// What SQLite keeps for itself (sqlite_stat…) doesn't count. Throws SqliteError: damaged.
SchemaMatch match_schema(sqlite::Database& db, std::span<const EmbeddedFile> migrations);

}  // namespace egret::store
