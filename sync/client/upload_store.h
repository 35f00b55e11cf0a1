#pragma once

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/event_log.h"
#include "sync/core/chain.h"
#include "sync/core/sync_client.h"

namespace egret::client {

/// This machine's log as an upload reads it. Both references outlive it.
class StoredLog final : public sync::LogView {
public:
    StoredLog(store::EventLog& log, const DeviceId& device) : log_(log), device_(device) {}

    sync::ChainHead head() const override;
    std::optional<Hash> find_hash(std::uint64_t seq) const override;
    std::vector<sync::LogEntry> entries(std::uint64_t from, std::size_t count) const override;

private:
    store::EventLog& log_;
    DeviceId device_;
};

/// What a machine remembers of its uploads, in the registry's own file.
class UploadStore {
public:
    explicit UploadStore(sqlite::Database& db);

    /// A fresh state, if nothing was saved yet.
    sync::SyncState load();
    void save(const sync::SyncState& state, sqlite::WriteTransaction& tx);

private:
    sqlite::Statement select_;
    sqlite::Statement upsert_;
};

}  // namespace egret::client
