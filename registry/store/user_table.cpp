#include "registry/store/user_table.h"

#include "registry/crypto/hash.h"

#include <algorithm>

namespace egret::store {
namespace {

constexpr auto select_sql = "SELECT id, name, role, hash FROM user WHERE id = ?1";
constexpr auto select_all_sql = "SELECT id, name, role, hash FROM user ORDER BY id";
constexpr auto upsert_sql = R"sql(
    INSERT INTO user (id, name, role, hash) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, hash = excluded.hash
)sql";

constexpr auto delete_sql = "DELETE FROM user WHERE id = ?1";

Hash hash_of(const UserRow& user) {
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-us-v1")).update(user.id.bytes).update(bytes_of(user.name));
    return hash.update(Bytes{0}).update(bytes_of(user.role)).finish();
}

/// Nothing, if it is not as it was saved.
std::optional<UserRow> read_row(const sqlite::Statement::Run& row) {
    UserRow user;
    const auto id = row.blob_view(0);
    if (id.size() != user.id.bytes.size()) return std::nullopt;
    std::copy(id.begin(), id.end(), user.id.bytes.begin());
    user.name = row.text(1);
    user.role = row.text(2);
    if (!std::ranges::equal(row.blob_view(3), hash_of(user))) return std::nullopt;
    return user;
}

}  // namespace

UserTable::UserTable(sqlite::Database& db)
    : select_(db, select_sql),
      select_all_(db, select_all_sql),
      upsert_(db, upsert_sql),
      delete_(db, delete_sql) {}

std::optional<UserRow> UserTable::find(const UserId& id) {
    auto run = select_.start();
    run.bind_all(id.bytes);
    if (!run.next()) return std::nullopt;
    return read_row(run);
}

std::vector<UserRow> UserTable::all() {
    std::vector<UserRow> users;
    auto run = select_all_.start();
    while (run.next()) {
        if (auto user = read_row(run)) users.push_back(*std::move(user));
    }
    return users;
}

bool UserTable::has_damage() {
    auto run = select_all_.start();
    while (run.next()) {
        if (!read_row(run)) return true;
    }
    return false;
}

void UserTable::save(const UserRow& user, sqlite::WriteTransaction&) {
    upsert_.start().bind_all(user.id.bytes, user.name, user.role, hash_of(user)).finish();
}

void UserTable::remove(const UserId& id, sqlite::WriteTransaction&) {
    delete_.start().bind_all(id.bytes).finish();
}

}  // namespace egret::store
