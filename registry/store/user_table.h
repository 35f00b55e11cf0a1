#pragma once

#include "registry/base/ids.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::store {

/// Somebody who works with a registry, or did.
struct UserRow {
    UserId id;
    std::string name;
    std::string role;  // service::Role's word, or "gone".

    friend bool operator==(const UserRow&, const UserRow&) = default;
};

/// The users of a registry. Each row is kept with SHA-256("cr-us-v1" ‖ id ‖ name ‖ 0 ‖ role), so
/// that damage to it is seen: such a row is nobody.
class UserTable {
public:
    explicit UserTable(sqlite::Database& db);

    std::optional<UserRow> find(const UserId& id);
    /// Whoever is as she was saved, by id.
    std::vector<UserRow> all();
    /// There is a row that is not as it was saved.
    bool has_damage();

    void save(const UserRow& user, sqlite::WriteTransaction& tx);
    /// As if she had never been one: for who got no PIN in the end.
    void remove(const UserId& id, sqlite::WriteTransaction& tx);

private:
    sqlite::Statement select_;
    sqlite::Statement select_all_;
    sqlite::Statement upsert_;
    sqlite::Statement delete_;
};

}  // namespace egret::store
