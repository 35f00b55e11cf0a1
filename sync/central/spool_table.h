#pragma once

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "sync/central/spool_store.h"

namespace egret::central {

/// The table behind SpoolStore. No row needs a guard: whoever changes an envelope makes one that
/// nobody takes.
///
/// Belongs to the thread of its Database, which outlives it.
class SpoolTable {
public:
    explicit SpoolTable(sqlite::Database& db);

    bool add(const SpooledUpload& upload, Instant now, sqlite::WriteTransaction& tx);
    std::vector<Spooled> of(const DeviceId& device);
    std::vector<Spooled> all();
    std::optional<Bytes> envelope(std::int64_t id);
    void remove(std::int64_t id, sqlite::WriteTransaction& tx);
    /// What came before `oldest`, and what the logs hold by now.
    void sweep(Instant oldest, sqlite::WriteTransaction& tx);

private:
    sqlite::Statement insert_;
    sqlite::Statement find_;
    sqlite::Statement room_;
    sqlite::Statement of_;
    sqlite::Statement all_;
    sqlite::Statement envelope_;
    sqlite::Statement remove_;
    sqlite::Statement sweep_;
};

}  // namespace egret::central
