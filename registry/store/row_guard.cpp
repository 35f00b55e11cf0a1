#include "registry/store/row_guard.h"

#include "registry/crypto/hash.h"

#include <algorithm>

namespace egret::store {
namespace {

Hash hash_row(const GuardedTable& table, std::string_view columns) {
    crypto::Sha256 hash;
    hash.update(bytes_of("egret-row-v1")).update(Bytes{0});
    hash.update(bytes_of(table.name)).update(Bytes{0});
    return hash.update(bytes_of(columns)).finish();
}

std::string select_row_sql(const GuardedTable& table) {
    std::string sql = "SELECT " + guard_columns(table) + " FROM ";
    return sql.append(table.name).append(" WHERE ").append(table.key).append(" = ?1");
}

std::string update_hash_sql(const GuardedTable& table) {
    std::string sql = "UPDATE ";
    sql.append(table.name).append(" SET hash = ?2 WHERE ").append(table.key);
    return sql.append(" = ?1");
}

}  // namespace

std::string guard_columns(const GuardedTable& table, std::string_view prefix) {
    std::string sql;
    for (const auto column : table.columns) {
        if (!sql.empty()) sql += " || ' ' || ";
        sql.append("quote(").append(prefix).append(column).append(")");
    }
    return sql.append(", ").append(prefix).append("hash");
}

bool is_whole(const GuardedTable& table, const sqlite::Statement::Run& row, int at) {
    return std::ranges::equal(row.blob_view(at + 1), hash_row(table, row.text_view(at)));
}

RowGuard::RowGuard(sqlite::Database& db, const GuardedTable& table)
    : table_(table), select_(db, select_row_sql(table)), update_(db, update_hash_sql(table)) {}

Hash RowGuard::hash_of(const sqlite::Statement::Run& row) const {
    return hash_row(table_, row.text_view(0));
}

}  // namespace egret::store
