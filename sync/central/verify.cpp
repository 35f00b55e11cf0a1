#include "sync/central/verify.h"

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "sync/central/clinic_table.h"
#include "sync/central/device_table.h"

namespace egret::central {
namespace {

// What a batch told of itself, held to the facts that it added.
constexpr auto odd_uploads_sql = R"sql(
    SELECT count(*) FROM upload u
      LEFT JOIN (SELECT ingest, min(seq) AS first_seq, max(seq) AS last_seq,
                        min(device_ix) AS device_ix, max(device_ix) AS other_ix
                   FROM event GROUP BY ingest) e ON e.ingest = u.ingest
      LEFT JOIN device d ON d.ix = e.device_ix
     WHERE e.ingest IS NULL OR d.ix IS NULL OR e.other_ix <> e.device_ix OR d.id <> u.device
        OR e.first_seq <> u.first_seq OR e.last_seq <> u.last_seq
)sql";
constexpr auto odd_devices_sql = R"sql(
    SELECT count(*) FROM enrolled_device e JOIN device d ON d.id = e.id WHERE d.clinic <> e.clinic
)sql";

bool finds_any(sqlite::Database& db, const char* sql) {
    sqlite::Statement count(db, sql);
    return count.start().single().int64(0) > 0;
}

}  // namespace

std::vector<Fault> check_centre(sqlite::Database& db, const store::CheckOptions& options,
                                Progress& progress) {
    auto faults = store::check_store(db, options, progress);
    if (!faults.empty()) return faults;
    const sqlite::ReadTransaction one_state(db);
    if (finds_any(db, odd_uploads_sql)) faults.push_back({{}, 0, "upload"});
    if (finds_any(db, odd_devices_sql)) faults.push_back({{}, 0, "enrolled_device"});
    for (const auto& device : find_damaged_keys(db)) faults.push_back({device, 0, "device_keys"});
    for (const auto& clinic : find_damaged_clinics(db))
        faults.push_back({{}, 0, "clinic_" + clinic});
    return faults;
}

}  // namespace egret::central
