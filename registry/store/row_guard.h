#pragma once

#include "registry/base/bytes.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <span>
#include <string>
#include <string_view>

namespace egret::store {

/// A table of which no log tells. Each row is kept with a hash of all its other columns in the
/// column `hash`, so that damage to it is seen before anything is made of it.
struct GuardedTable {
    std::string_view name;
    std::string_view key;                       // The column that tells its rows apart.
    std::span<const std::string_view> columns;  // All of them but `hash`.
};

/// Two columns for a SELECT, from which RowGuard::is_whole tells. `prefix` stands before each name:
/// "e.", where the table has another name in the SELECT.
std::string guard_columns(const GuardedTable& table, std::string_view prefix = "");

/// True if the row is as it was sealed; guard_columns(table) are its columns from `at` on. The hash
/// is SHA-256("egret-row-v1" ‖ 0 ‖ table ‖ 0 ‖ the columns as SQL literals, parted by spaces).
bool is_whole(const GuardedTable& table, const sqlite::Statement::Run& row, int at);

/// Looks at the rows of a guarded table one by one, by their keys.
///
/// Belongs to the thread of its Database, which outlives it.
class RowGuard {
public:
    RowGuard(sqlite::Database& db, const GuardedTable& table);

    /// True if there is such a row and it is as it was sealed. To be asked before it is changed:
    /// what is sealed anew counts as right.
    template <class Key>
    bool is_whole(const Key& key) {
        auto run = select_.start();
        run.bind_all(key);
        return run.next() && store::is_whole(table_, run, 0);
    }

    /// After each change of the row, in the same transaction.
    template <class Key>
    void seal(const Key& key, sqlite::WriteTransaction&) {
        Hash hash{};
        {
            auto run = select_.start();
            run.bind_all(key);
            if (!run.next()) return;
            hash = hash_of(run);
        }
        update_.start().bind_all(key, hash).finish();
    }

private:
    Hash hash_of(const sqlite::Statement::Run& row) const;

    GuardedTable table_;
    sqlite::Statement select_;
    sqlite::Statement update_;
};

}  // namespace egret::store
