#pragma once

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/row_guard.h"
#include "sync/central/store.h"

#include <vector>

namespace egret::central {

/// Which devices used numbers again for other facts, and when. No log tells of that, so each row is
/// guarded (registry/store/row_guard.h).
///
/// Belongs to the thread of its Database, which outlives it.
class ForkTable {
public:
    explicit ForkTable(sqlite::Database& db);

    /// Once for each end of the log that it forked from.
    void note(const DeviceId& device, const Fork& fork, sqlite::WriteTransaction& tx);
    /// DeviceStatus::forks. Rows that are not as they were noted count for nothing.
    std::vector<Fork> of(const DeviceId& device);

private:
    store::RowGuard guard_;
    sqlite::Statement insert_;
    sqlite::Statement select_;
};

/// True if a row is not as it was noted, or is about a device that nobody knows.
bool has_damaged_forks(sqlite::Database& db);

}  // namespace egret::central
