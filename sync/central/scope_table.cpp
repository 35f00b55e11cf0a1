#include "sync/central/scope_table.h"

#include "registry/store/read_id.h"
#include "sync/central/detail/plausible_instant.h"
#include "sync/central/detail/read_columns.h"

#include <algorithm>
#include <string>

namespace egret::central {
namespace {

// Clinics' numbers stay far below.
constexpr std::uint64_t first_area_scope = 1ULL << 32;

constexpr std::string_view area_columns[] = {"scope", "area"};
constexpr store::GuardedTable area_table{"area_scope", "scope", area_columns};
constexpr std::string_view grant_columns[] = {"id", "device", "scope"};
constexpr store::GuardedTable grant_table{"device_scope", "id", grant_columns};

constexpr auto select_own_sql = R"sql(
    SELECT c.scope FROM enrolled_device e JOIN clinic c ON c.code = e.clinic WHERE e.id = ?1
)sql";
constexpr auto select_readers_sql = R"sql(
    SELECT e.id FROM clinic c JOIN enrolled_device e ON e.clinic = c.code
     WHERE c.scope = ?1 AND e.revoked_ms IS NULL LIMIT 2
)sql";
constexpr auto select_members_sql = R"sql(
    SELECT scope, until_ms FROM scope_member WHERE woman_ix = ?1 ORDER BY scope
)sql";
constexpr auto upsert_member_sql = R"sql(
    INSERT INTO scope_member (woman_ix, scope, until_ms) VALUES (?1, ?2, ?3)
    ON CONFLICT (woman_ix, scope) DO UPDATE SET until_ms = ?3
)sql";
constexpr auto select_ended_sql = R"sql(
    SELECT woman_ix, scope FROM scope_member WHERE until_ms <= ?1 ORDER BY scope, woman_ix
)sql";
constexpr auto insert_grant_sql = R"sql(
    INSERT INTO device_scope (device, scope, hash) VALUES (?1, ?2, x'')
    ON CONFLICT (device, scope) DO NOTHING
)sql";
constexpr auto upsert_told_sql = R"sql(
    INSERT INTO feed_told (device, scope, pos, at_ms) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (device, scope) DO UPDATE SET pos = ?3, at_ms = ?4
)sql";

std::string select_areas_sql() {
    return "SELECT scope, area, " + store::guard_columns(area_table) +
           " FROM area_scope ORDER BY scope";
}

std::string select_grants_sql() {
    return "SELECT scope, " + store::guard_columns(grant_table) +
           " FROM device_scope WHERE device = ?1 ORDER BY scope";
}

bool has_damage(sqlite::Database& db, const store::GuardedTable& table) {
    sqlite::Statement select(
        db, "SELECT " + store::guard_columns(table) + " FROM " + std::string(table.name));
    auto run = select.start();
    while (run.next()) {
        if (!store::is_whole(table, run, 0)) return true;
    }
    return false;
}

}  // namespace

ScopeTable::ScopeTable(sqlite::Database& db)
    : area_guard_(db, area_table),
      grant_guard_(db, grant_table),
      select_clinic_(db, "SELECT scope FROM clinic WHERE code = ?1"),
      select_areas_(db, select_areas_sql()),
      select_own_(db, select_own_sql),
      select_grants_(db, select_grants_sql()),
      select_readers_(db, select_readers_sql),
      select_members_(db, select_members_sql),
      upsert_member_(db, upsert_member_sql),
      select_ended_(db, select_ended_sql),
      delete_member_(db, "DELETE FROM scope_member WHERE woman_ix = ?1 AND scope = ?2"),
      next_area_(db, "SELECT coalesce(max(scope) + 1, ?1) FROM area_scope"),
      insert_area_(db, "INSERT INTO area_scope (scope, area, hash) VALUES (?1, ?2, x'')"),
      insert_grant_(db, insert_grant_sql),
      find_grant_(db, "SELECT id FROM device_scope WHERE device = ?1 AND scope = ?2"),
      delete_grant_(db, "DELETE FROM device_scope WHERE id = ?1"),
      upsert_told_(db, upsert_told_sql),
      select_told_(db, "SELECT pos, at_ms FROM feed_told WHERE device = ?1 AND scope = ?2"),
      select_devices_(db, "SELECT id FROM enrolled_device WHERE revoked_ms IS NULL ORDER BY id") {}

std::optional<std::uint64_t> ScopeTable::scope_of_clinic(std::string_view code) {
    auto run = select_clinic_.start();
    run.bind_all(code);
    return run.next() ? std::optional(number_of(run.int64(0))) : std::nullopt;
}

std::vector<AreaScope> ScopeTable::areas() {
    std::vector<AreaScope> all;
    auto run = select_areas_.start();
    while (run.next()) {
        if (store::is_whole(area_table, run, 2))
            all.push_back({number_of(run.int64(0)), run.text(1)});
    }
    return all;
}

std::vector<std::uint64_t> ScopeTable::scopes_of(const DeviceId& device) {
    std::vector<std::uint64_t> scopes;
    {
        auto run = select_own_.start();
        run.bind_all(device);
        if (!run.next()) return scopes;
        scopes.push_back(number_of(run.int64(0)));
    }
    auto run = select_grants_.start();
    run.bind_all(device);
    while (run.next()) {
        if (store::is_whole(grant_table, run, 1)) scopes.push_back(number_of(run.int64(0)));
    }
    return scopes;
}

std::optional<DeviceId> ScopeTable::sole_reader(std::uint64_t scope) {
    auto run = select_readers_.start();
    run.bind_all(scope);
    if (!run.next()) return std::nullopt;
    const auto reader = store::read_id<DeviceId>(run, 0);
    return run.next() ? std::nullopt : std::optional(reader);
}

std::vector<Membership> ScopeTable::of(std::int64_t woman_ix) {
    std::vector<Membership> all;
    auto run = select_members_.start();
    run.bind_all(woman_ix);
    while (run.next()) {
        const auto until = run.find_int64(1);
        all.push_back({number_of(run.int64(0)),
                       until ? std::optional(plausible_instant(*until)) : std::nullopt});
    }
    return all;
}

void ScopeTable::set(std::int64_t woman_ix, const Membership& membership,
                     sqlite::WriteTransaction&) {
    std::optional<std::int64_t> until;
    if (membership.until) until = unix_ms(*membership.until);
    upsert_member_.start().bind_all(woman_ix, membership.scope, until).finish();
}

std::vector<ScopeTable::Ended> ScopeTable::ended(Instant now) {
    std::vector<Ended> all;
    auto run = select_ended_.start();
    run.bind_all(unix_ms(now));
    while (run.next()) all.push_back({run.int64(0), number_of(run.int64(1))});
    return all;
}

void ScopeTable::remove(const Ended& membership, sqlite::WriteTransaction&) {
    delete_member_.start().bind_all(membership.woman_ix, membership.scope).finish();
}

ScopeTable::FoundArea ScopeTable::add_area(std::string_view area, sqlite::WriteTransaction& tx) {
    for (auto& known : areas()) {
        if (known.area == area) return {std::move(known), false};
    }
    AreaScope added;
    added.area = area;
    {
        auto run = next_area_.start();
        run.bind_all(first_area_scope);
        added.scope = number_of(run.single().int64(0));
    }
    insert_area_.start().bind_all(added.scope, area).finish();
    area_guard_.seal(added.scope, tx);
    return {std::move(added), true};
}

void ScopeTable::give(const DeviceId& device, std::uint64_t scope, sqlite::WriteTransaction& tx) {
    insert_grant_.start().bind_all(device, scope).finish();
    if (tx.database().changes() == 1) grant_guard_.seal(tx.database().last_rowid(), tx);
}

bool ScopeTable::take(const DeviceId& device, std::uint64_t scope, sqlite::WriteTransaction&) {
    std::int64_t id = 0;
    {
        auto run = find_grant_.start();
        run.bind_all(device, scope);
        if (!run.next()) return false;
        id = run.int64(0);
    }
    delete_grant_.start().bind_all(id).finish();
    return true;
}

std::vector<AreaScope> ScopeTable::areas_of(const DeviceId& device) {
    const auto scopes = scopes_of(device);
    auto all = areas();
    std::erase_if(all, [&](const AreaScope& area) {
        return std::find(scopes.begin(), scopes.end(), area.scope) == scopes.end();
    });
    return all;
}

void ScopeTable::note_told(const DeviceId& device, std::uint64_t scope, std::uint64_t pos,
                           Instant now, sqlite::WriteTransaction&) {
    upsert_told_.start().bind_all(device, scope, pos, unix_ms(now)).finish();
}

std::optional<FeedStanding> ScopeTable::find_told(const DeviceId& device, std::uint64_t scope) {
    auto run = select_told_.start();
    run.bind_all(device, scope);
    if (!run.next()) return std::nullopt;
    FeedStanding told;
    told.device = device;
    told.scope = scope;
    told.told_pos = number_of(run.int64(0));
    told.asked = plausible_instant(run.int64(1));
    return told;
}

std::vector<DeviceId> ScopeTable::devices() {
    std::vector<DeviceId> all;
    auto run = select_devices_.start();
    while (run.next()) all.push_back(store::read_id<DeviceId>(run, 0));
    return all;
}

bool has_damaged_scopes(sqlite::Database& db) {
    return has_damage(db, area_table) || has_damage(db, grant_table);
}

}  // namespace egret::central
