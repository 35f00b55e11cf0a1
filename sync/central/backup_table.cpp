#include "sync/central/backup_table.h"

#include "sync/central/detail/plausible_instant.h"

#include <algorithm>

namespace egret::central {
namespace {

constexpr std::string_view backup_columns[] = {"number", "at_ms", "file_hash", "verified_ms",
                                               "kept"};
constexpr store::GuardedTable backup_table{"backup", "number", backup_columns};
constexpr std::string_view backup_head_columns[] = {"id", "backup", "device", "seq", "log_hash"};
constexpr store::GuardedTable backup_head_table{"backup_head", "id", backup_head_columns};

constexpr auto insert_backup_sql = R"sql(
    INSERT INTO backup (number, at_ms, file_hash, kept, hash) VALUES (?1, ?2, ?3, '', x'')
)sql";
constexpr auto insert_backup_head_sql = R"sql(
    INSERT INTO backup_head (backup, device, seq, log_hash, hash) VALUES (?1, ?2, ?3, ?4, x'')
    RETURNING id
)sql";
constexpr auto verify_backup_sql = R"sql(
    UPDATE backup SET verified_ms = ?2, kept = ?3 WHERE number = ?1
)sql";

std::string select_backups_sql() {
    return "SELECT number, at_ms, file_hash, verified_ms, kept, " +
           store::guard_columns(backup_table) + " FROM backup ORDER BY number DESC";
}

/// Of the newest verified one, whichever of them holds the device.
std::string safe_seq_sql() {
    return "SELECT h.seq, " + store::guard_columns(backup_head_table, "h.") + ", " +
           store::guard_columns(backup_table, "b.") +
           " FROM backup b LEFT JOIN backup_head h ON h.backup = b.number AND h.device = ?1"
           " WHERE b.verified_ms IS NOT NULL ORDER BY b.number DESC LIMIT 1";
}

std::string select_backup_heads_sql() {
    return "SELECT id, " + store::guard_columns(backup_head_table) + " FROM backup_head";
}

}  // namespace

BackupTable::BackupTable(sqlite::Database& db)
    : guard_(db, backup_table),
      head_guard_(db, backup_head_table),
      insert_(db, insert_backup_sql),
      insert_head_(db, insert_backup_head_sql),
      verify_(db, verify_backup_sql),
      select_(db, select_backups_sql()),
      safe_seq_(db, safe_seq_sql()) {}

std::int64_t BackupTable::last_number() {
    auto row = select_.start();
    return row.next() ? row.int64(0) : 0;
}

std::int64_t BackupTable::insert_head(std::int64_t backup, const store::Head& head) {
    auto run = insert_head_.start();
    run.bind_all(backup, head.device.bytes, head.seq, head.hash);
    return run.single().int64(0);
}

Backup BackupTable::add(const Hash& sum, const std::vector<store::Head>& heads, Instant at,
                        sqlite::WriteTransaction& tx) {
    Backup backup;
    backup.number = last_number() + 1;
    backup.at = at;
    backup.sum = sum;
    insert_.start().bind_all(backup.number, unix_ms(at), sum).finish();
    guard_.seal(backup.number, tx);
    for (const auto& head : heads) {
        head_guard_.seal(insert_head(backup.number, head), tx);
    }
    return backup;
}

void BackupTable::note_verified(std::int64_t number, Instant at, const std::string& kept,
                                sqlite::WriteTransaction& tx) {
    // What is sealed anew counts as right.
    if (!guard_.is_whole(number)) return;
    verify_.start().bind_all(number, unix_ms(at), kept).finish();
    guard_.seal(number, tx);
}

std::vector<Backup> BackupTable::all() {
    std::vector<Backup> found;
    auto row = select_.start();
    while (row.next()) {
        if (!store::is_whole(backup_table, row, 5)) continue;
        Backup backup;
        backup.number = row.int64(0);
        backup.at = plausible_instant(row.int64(1));
        const auto sum = row.blob_view(2);
        std::copy_n(sum.begin(), std::min(sum.size(), backup.sum.size()), backup.sum.begin());
        if (!row.is_null(3)) backup.verified = plausible_instant(row.int64(3));
        backup.kept = row.text(4);
        found.push_back(std::move(backup));
    }
    return found;
}

std::optional<Backup> BackupTable::find(const Hash& sum) {
    for (auto& backup : all()) {
        if (backup.sum == sum) return std::move(backup);
    }
    return std::nullopt;
}

std::uint64_t BackupTable::safe_seq(const DeviceId& device) {
    auto row = safe_seq_.start();
    row.bind_all(device.bytes);
    if (!row.next() || row.is_null(0)) return 0;
    if (!store::is_whole(backup_head_table, row, 1) || !store::is_whole(backup_table, row, 3))
        return 0;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(row.int64(0), 0));
}

bool has_damaged_backups(sqlite::Database& db) {
    const auto has_damage = [&](const std::string& sql, const store::GuardedTable& table, int at) {
        sqlite::Statement select(db, sql);
        auto row = select.start();
        while (row.next()) {
            if (!store::is_whole(table, row, at)) return true;
        }
        return false;
    };
    return has_damage(select_backups_sql(), backup_table, 5) ||
           has_damage(select_backup_heads_sql(), backup_head_table, 1);
}

}  // namespace egret::central
