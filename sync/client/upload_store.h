#pragma once

#include "registry/base/clock.h"
#include "registry/service/clinic.h"
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

/// What else is known, and the memory of uploads can't contradict.
struct UploadBounds {
    std::uint64_t head_seq = 0;  // Facts in this machine's log.
    Instant server_time_max;     // The centre never said a later time.
    bool has_joined = false;     // Joining leaves a row, be it an empty one.
};

UploadBounds upload_bounds(service::Clinic& clinic);

/// What a machine remembers of its uploads, in the registry's own file, in a row with its hash.
class UploadStore {
public:
    explicit UploadStore(sqlite::Database& db);

    /// A fresh state before the clinic has joined. A row that is gone or can't be right gives one
    /// that is_lost: all of it can be had from the centre.
    sync::SyncState load(const UploadBounds& bounds);
    /// A state that is_lost is not saved: the row stays as it is until the centre has answered.
    void save(const sync::SyncState& state, sqlite::WriteTransaction& tx);

private:
    sqlite::Statement select_;
    sqlite::Statement upsert_;
};

}  // namespace egret::client
