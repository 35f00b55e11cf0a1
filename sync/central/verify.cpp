#include "sync/central/verify.h"

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/read_id.h"
#include "sync/central/backup_table.h"
#include "sync/central/centre_user_table.h"
#include "sync/central/clinic_table.h"
#include "sync/central/desk_table.h"
#include "sync/central/device_table.h"
#include "sync/central/erased_women.h"
#include "sync/central/feed_table.h"
#include "sync/central/fork_table.h"
#include "sync/central/scope_table.h"

#include <algorithm>

namespace egret::central {
namespace {

// What a batch told of itself, held to the facts that it added. What officers did is held to the
// rows of their acts (desk_table.h).
constexpr auto odd_uploads_sql = R"sql(
    SELECT count(*) FROM ingest i
      LEFT JOIN upload u ON u.ingest = i.id
      LEFT JOIN (SELECT ingest, min(seq) AS first_seq, max(seq) AS last_seq,
                        min(device_ix) AS device_ix, max(device_ix) AS other_ix
                   FROM event GROUP BY ingest) e ON e.ingest = i.id
      LEFT JOIN (SELECT e.ingest, count(*) AS refused
                   FROM quarantine q JOIN event e ON e.position = q.position
                  WHERE q.reason IN ('erased', 'invalid') GROUP BY e.ingest) r ON r.ingest = i.id
      LEFT JOIN device d ON d.ix = e.device_ix
     WHERE i.id NOT IN (SELECT ingest FROM desk_act UNION SELECT ingest FROM ruling)
       AND d.clinic IS NOT 'CENTRE'
       AND (u.ingest IS NULL OR e.ingest IS NULL OR d.ix IS NULL OR e.other_ix <> e.device_ix
        OR d.id <> u.device OR e.first_seq <> u.first_seq OR e.last_seq <> u.last_seq
        OR coalesce(r.refused, 0) <> u.refused)
)sql";
constexpr auto stray_uploads_sql = R"sql(
    SELECT count(*) FROM upload
     WHERE ingest NOT IN (SELECT id FROM ingest) OR ingest IN (SELECT ingest FROM desk_act)
)sql";
constexpr auto lost_devices_sql = R"sql(
    SELECT id FROM device
     WHERE id NOT IN (SELECT id FROM enrolled_device) AND clinic <> 'CENTRE' ORDER BY id
)sql";
constexpr auto foreign_key_fault = "foreign_key";

bool finds_any(sqlite::Database& db, const char* sql) {
    sqlite::Statement count(db, sql);
    return count.start().single().int64(0) > 0;
}

/// What the tables of which no log tells say that was never written, or don't say any more.
std::vector<Fault> check_tables(sqlite::Database& db) {
    std::vector<Fault> faults;
    const sqlite::ReadTransaction one_state(db);
    if (has_odd_uploads(db) || has_damaged_uploads(db)) faults.push_back({{}, 0, "upload"});
    if (has_damaged_erasures(db)) faults.push_back({{}, 0, "erased_woman"});
    if (has_damaged_acts(db)) faults.push_back({{}, 0, "desk_act"});
    if (has_damaged_centre_users(db)) faults.push_back({{}, 0, "centre_user"});
    if (has_damaged_forks(db)) faults.push_back({{}, 0, "fork"});
    if (has_damaged_feeds(db)) faults.push_back({{}, 0, "feed"});
    for (const auto& device : find_damaged_devices(db))
        faults.push_back({device, 0, "enrolled_device"});
    {
        sqlite::Statement lost(db, lost_devices_sql);
        auto row = lost.start();
        while (row.next()) faults.push_back({store::read_id<DeviceId>(row, 0), 0, "lost_device"});
    }
    ClinicTable clinics(db);
    if (has_damaged_backups(db)) faults.push_back({{}, 0, "backup"});
    if (clinics.has_damaged_codes()) faults.push_back({{}, 0, "enrolment_code"});
    for (const auto& clinic : clinics.damaged()) faults.push_back({{}, 0, "clinic_" + clinic});
    return faults;
}

}  // namespace

bool has_damaged_feeds(sqlite::Database& db) {
    return !find_damaged_feeds(db).empty() || has_damaged_scopes(db);
}

bool has_odd_uploads(sqlite::Database& db) {
    return finds_any(db, odd_uploads_sql) || finds_any(db, stray_uploads_sql);
}

std::vector<Fault> check_centre(sqlite::Database& db, const store::CheckOptions& options,
                                Progress& progress) {
    auto faults = store::check_store(db, options, progress);
    const auto is_foreign_key = [](const Fault& fault) { return fault.kind == foreign_key_fault; };
    const bool is_readable = std::all_of(faults.begin(), faults.end(), [&](const Fault& fault) {
        return is_foreign_key(fault) || store::is_mended_by_rebuild(fault);
    });
    if (!is_readable) return faults;
    auto found = check_tables(db);
    // Which row refers to nothing is said better by them.
    if (!found.empty()) std::erase_if(faults, is_foreign_key);
    faults.insert(faults.end(), found.begin(), found.end());
    return faults;
}

}  // namespace egret::central
