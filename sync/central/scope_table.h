#pragma once

#include "registry/base/clock.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/row_guard.h"
#include "sync/central/feed_store.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace egret::central {

/// A scope that is told of a woman.
struct Membership {
    std::uint64_t scope = 0;
    std::optional<Instant> until{};  // Nothing: as long as what is known of her says so.

    friend bool operator==(const Membership&, const Membership&) = default;
};

/// Who is told of whom: which scopes of which women, and which devices of which scopes. Areas and
/// who was given them are guarded (registry/store/row_guard.h): one that is not as it was noted
/// tells nobody anything.
///
/// Belongs to the thread of its Database, which outlives it.
class ScopeTable {
public:
    explicit ScopeTable(sqlite::Database& db);

    std::optional<std::uint64_t> scope_of_clinic(std::string_view code);
    std::vector<AreaScope> areas();
    /// That of its clinic, and those of areas that it was given; ascending. None of a device that
    /// nobody knows.
    std::vector<std::uint64_t> scopes_of(const DeviceId& device);
    /// The only machine that reads a clinic's scope, if there is one, and only one.
    std::optional<DeviceId> sole_reader(std::uint64_t scope);

    /// Of a woman, or of a facility, by her number in the log.
    std::vector<Membership> of(std::int64_t woman_ix);
    void set(std::int64_t woman_ix, const Membership& membership, sqlite::WriteTransaction& tx);

    struct Ended {
        std::int64_t woman_ix = 0;
        std::uint64_t scope = 0;
    };

    /// Memberships whose time has come.
    std::vector<Ended> ended(Instant now);
    void remove(const Ended& membership, sqlite::WriteTransaction& tx);

    /// The scope of that area; makes it, if there is none.
    struct FoundArea {
        AreaScope area;
        bool is_new = false;
    };

    FoundArea add_area(std::string_view area, sqlite::WriteTransaction& tx);
    void give(const DeviceId& device, std::uint64_t scope, sqlite::WriteTransaction& tx);
    bool take(const DeviceId& device, std::uint64_t scope, sqlite::WriteTransaction& tx);
    std::vector<AreaScope> areas_of(const DeviceId& device);

    void note_told(const DeviceId& device, std::uint64_t scope, std::uint64_t pos, Instant now,
                   sqlite::WriteTransaction& tx);
    std::optional<FeedStanding> find_told(const DeviceId& device, std::uint64_t scope);
    /// Those that are let in.
    std::vector<DeviceId> devices();

private:
    store::RowGuard area_guard_;
    store::RowGuard grant_guard_;
    sqlite::Statement select_clinic_;
    sqlite::Statement select_areas_;
    sqlite::Statement select_own_;
    sqlite::Statement select_grants_;
    sqlite::Statement select_readers_;
    sqlite::Statement select_members_;
    sqlite::Statement upsert_member_;
    sqlite::Statement select_ended_;
    sqlite::Statement delete_member_;
    sqlite::Statement next_area_;
    sqlite::Statement insert_area_;
    sqlite::Statement insert_grant_;
    sqlite::Statement find_grant_;
    sqlite::Statement delete_grant_;
    sqlite::Statement upsert_told_;
    sqlite::Statement select_told_;
    sqlite::Statement select_devices_;
};

/// True if an area's scope, or who was given one, isn't as it was noted.
bool has_damaged_scopes(sqlite::Database& db);

}  // namespace egret::central
