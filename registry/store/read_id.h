#pragma once

#include "registry/sqlite/error.h"
#include "registry/sqlite/statement.h"

namespace egret::store {

/// The id in a column. Its table holds it to its length, so another length is damage.
/// Throws SqliteError: damaged.
template <class Id>
Id read_id(const sqlite::Statement::Run& row, int column) {
    const auto id = Id::from_bytes(row.blob_view(column));
    if (!id) throw sqlite::SqliteError(sqlite::damaged_code, "an id has another length", "");
    return *id;
}

}  // namespace egret::store
