#include "sync/central/centre_user_table.h"

#include "registry/store/read_id.h"
#include "sync/central/detail/plausible_instant.h"

#include <algorithm>
#include <utility>

namespace egret::central {
namespace {

constexpr std::string_view centre_user_columns[] = {"number", "id",       "name",
                                                    "role",   "added_ms", "removed_ms"};
constexpr store::GuardedTable centre_user_table{"centre_user", "number", centre_user_columns};

/// The number of who was added last, in digits.
constexpr std::string_view last_user_setting = "user.last";

constexpr auto insert_centre_user_sql = R"sql(
    INSERT INTO centre_user (number, id, name, role, added_ms, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, x'')
)sql";
constexpr auto remove_centre_user_sql =
    "UPDATE centre_user SET removed_ms = ?2 WHERE number = ?1 AND removed_ms IS NULL";

std::string select_centre_users_sql() {
    return "SELECT number, id, name, role, added_ms, removed_ms, " +
           store::guard_columns(centre_user_table) + " FROM centre_user ORDER BY number";
}

}  // namespace

CentreUserTable::CentreUserTable(sqlite::Database& db)
    : guard_(db, centre_user_table),
      settings_(db),
      insert_(db, insert_centre_user_sql),
      select_(db, select_centre_users_sql()),
      remove_(db, remove_centre_user_sql) {}

CentreUser CentreUserTable::add(CentreUser user, sqlite::WriteTransaction& tx) {
    // One that is lost from the end isn't made again.
    user.number = 1;
    if (const auto known = all(); !known.empty()) user.number = known.back().number + 1;
    if (const auto last = settings_.find(last_user_setting))
        user.number = std::max<std::int64_t>(user.number, std::stoll(*last) + 1);
    insert_.start()
        .bind_all(user.number, user.id, user.name, user.role, unix_ms(user.added))
        .finish();
    guard_.seal(user.number, tx);
    settings_.save(last_user_setting, std::to_string(user.number), tx);
    return user;
}

std::optional<CentreUser> CentreUserTable::find(std::string_view name) {
    for (auto& user : all()) {
        if (user.is_here() && user.name == name) return std::move(user);
    }
    return std::nullopt;
}

void CentreUserTable::remove(std::int64_t number, Instant at, sqlite::WriteTransaction& tx) {
    if (!guard_.is_whole(number)) return;
    remove_.start().bind_all(number, unix_ms(at)).finish();
    guard_.seal(number, tx);
}

std::vector<CentreUser> CentreUserTable::all() {
    std::vector<CentreUser> users;
    auto run = select_.start();
    while (run.next()) {
        CentreUser user;
        user.number = run.int64(0);
        user.id = store::read_id<UserId>(run, 1);
        user.name = run.text(2);
        user.role = run.text(3);
        user.added = plausible_instant(run.int64(4));
        if (const auto removed = run.find_int64(5)) user.removed = plausible_instant(*removed);
        user.is_damaged = !store::is_whole(centre_user_table, run, 6);
        users.push_back(std::move(user));
    }
    return users;
}

bool has_damaged_centre_users(sqlite::Database& db) {
    const auto users = CentreUserTable(db).all();
    const bool is_whole =
        std::none_of(users.begin(), users.end(), [](const auto& user) { return user.is_damaged; });
    const auto last = store::Settings(db).find(last_user_setting);
    return !is_whole || std::to_string(users.size()) != last.value_or("0");
}

}  // namespace egret::central
