#pragma once

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "sync/central/store.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace egret::central {

/// The devices that were let in, how each stands, and the batches that came of them.
///
/// Belongs to the thread of its Database, which outlives it.
class DeviceTable {
public:
    explicit DeviceTable(sqlite::Database& db);

    /// The log of the device must be known already.
    void add(const Device& device, sqlite::WriteTransaction& tx);
    std::optional<Device> find(const DeviceId& id);
    std::vector<DeviceStatus> statuses();

    std::size_t revoke_clinic(std::string_view code, Instant now, sqlite::WriteTransaction& tx);
    std::vector<crypto::Es256PublicKey> card_keys();
    bool revoke(const DeviceId& id, Instant now, sqlite::WriteTransaction& tx);

    void note_seen(const DeviceId& id, Instant now, sqlite::WriteTransaction& tx);
    /// What a batch told of its device, whether it added anything or not.
    void note_batch(const Upload& upload, sqlite::WriteTransaction& tx);
    /// It used numbers again for other facts: kept from the first time on.
    void note_fork(const DeviceId& id, Instant now, sqlite::WriteTransaction& tx);
    /// A batch that added facts; `first_seq` is the first of these.
    void add_upload(std::int64_t ingest, const Upload& upload, std::uint64_t first_seq,
                    sqlite::WriteTransaction& tx);

private:
    sqlite::Statement insert_;
    sqlite::Statement find_;
    sqlite::Statement statuses_;
    sqlite::Statement card_keys_;
    sqlite::Statement revoke_clinic_;
    sqlite::Statement revoke_;
    sqlite::Statement note_seen_;
    sqlite::Statement note_batch_;
    sqlite::Statement note_fork_;
    sqlite::Statement insert_upload_;
};

/// The devices whose keys are not those with which they were enrolled. Of those that were revoked
/// no key opens anything any more: they are left out.
/// Throws SqliteError: damaged, if a row can't be read.
std::vector<DeviceId> find_damaged_keys(sqlite::Database& db);

}  // namespace egret::central
