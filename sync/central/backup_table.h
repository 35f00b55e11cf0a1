#pragma once

#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/event_log.h"
#include "registry/store/row_guard.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace egret::central {

/// A backup of the centre that was written.
struct Backup {
    std::int64_t number = 0;  // From 1, in the order in which they were written.
    Instant at;
    Hash sum{};                         // At the end of its file, by which it is known again.
    std::optional<Instant> verified{};  // When it was last restored, checked and compared.
    std::string kept;                   // Where, in the words of who did that.

    friend bool operator==(const Backup&, const Backup&) = default;
};

/// The backups of a centre, and how far each machine's log goes in them. No log tells of that, so
/// each row is guarded (registry/store/row_guard.h): of one that is not as it was noted nothing is
/// believed, and nobody drops a fact for its sake.
///
/// Belongs to the thread of its Database, which outlives it.
class BackupTable {
public:
    explicit BackupTable(sqlite::Database& db);

    Backup add(const Hash& sum, const std::vector<store::Head>& heads, Instant at,
               sqlite::WriteTransaction& tx);
    void note_verified(std::int64_t number, Instant at, const std::string& kept,
                       sqlite::WriteTransaction& tx);

    std::optional<Backup> find(const Hash& sum);
    /// The newest first.
    std::vector<Backup> all();
    /// How far the device's log goes in the newest one that was verified; 0 if it isn't in it.
    std::uint64_t safe_seq(const DeviceId& device);

private:
    std::int64_t last_number();
    /// The id of its row.
    std::int64_t insert_head(std::int64_t backup, const store::Head& head);

    store::RowGuard guard_;
    store::RowGuard head_guard_;
    sqlite::Statement insert_;
    sqlite::Statement insert_head_;
    sqlite::Statement verify_;
    sqlite::Statement select_;
    sqlite::Statement safe_seq_;
};

/// True if a row is not as it was noted.
bool has_damaged_backups(sqlite::Database& db);

}  // namespace egret::central
