#pragma once

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/row_guard.h"
#include "sync/central/store.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace egret::central {

/// The devices that were let in, how each stands, and the batches that came of them. No log tells
/// of that, so each row is guarded (registry/store/row_guard.h): one that is not as it was noted
/// stays as it is, whatever is told of its device, until that is revoked.
///
/// Belongs to the thread of its Database, which outlives it.
class DeviceTable {
public:
    explicit DeviceTable(sqlite::Database& db);

    /// The log of the device must be known already.
    void add(const Device& device, sqlite::WriteTransaction& tx);
    /// Also one that is_damaged.
    std::optional<Device> find(const DeviceId& id);
    /// Also of devices of which nothing is noted any more, as damaged ones.
    std::vector<DeviceStatus> statuses();

    std::size_t revoke_clinic(std::string_view code, Instant now, sqlite::WriteTransaction& tx);
    /// Of devices that are neither revoked nor damaged.
    std::vector<crypto::Es256PublicKey> card_keys();
    /// Also one that is_damaged, or of which nothing is noted any more: from then on it is whole,
    /// and shut out. False if it was already, or has no log here.
    bool revoke(const DeviceId& id, Instant now, sqlite::WriteTransaction& tx);

    void note_seen(const DeviceId& id, Instant now, sqlite::WriteTransaction& tx);
    void note_bundle(const DeviceId& id, std::uint64_t number, sqlite::WriteTransaction& tx);
    /// Of a whole row: from now on it has these, too.
    void offer_keys(const DeviceId& id, const DeviceKeys& next, sqlite::WriteTransaction& tx);
    /// Of a whole row: from now on it has these alone.
    void replace_keys(const DeviceId& id, const DeviceKeys& keys, sqlite::WriteTransaction& tx);
    /// What a batch told of its device, whether it added anything or not.
    void note_batch(const Upload& upload, sqlite::WriteTransaction& tx);
    /// It used numbers again for other facts: kept from the first time on.
    void note_fork(const DeviceId& id, Instant now, sqlite::WriteTransaction& tx);
    /// A batch that added facts; `first_seq` is the first of these.
    void add_upload(std::int64_t ingest, const Upload& upload, std::uint64_t first_seq,
                    sqlite::WriteTransaction& tx);

private:
    struct OddFacts {
        std::uint64_t newer = 0;
        std::uint64_t refused = 0;
    };

    std::map<DeviceId, OddFacts> odd_facts();
    std::vector<DeviceStatus> lost();

    store::RowGuard guard_;
    store::RowGuard upload_guard_;
    sqlite::Statement insert_;
    sqlite::Statement find_;
    sqlite::Statement statuses_;
    sqlite::Statement odd_facts_;
    sqlite::Statement ruled_;
    sqlite::Statement card_keys_;
    sqlite::Statement of_clinic_;
    sqlite::Statement revoke_;
    sqlite::Statement mend_;
    sqlite::Statement insert_lost_;
    sqlite::Statement lost_;
    sqlite::Statement note_seen_;
    sqlite::Statement note_batch_;
    sqlite::Statement note_fork_;
    sqlite::Statement note_bundle_;
    sqlite::Statement offer_keys_;
    sqlite::Statement replace_keys_;
    sqlite::Statement insert_upload_;
};

/// The devices that are not as they were noted, or are noted under another clinic than their log.
/// Nil for one whose id can't be read.
std::vector<DeviceId> find_damaged_devices(sqlite::Database& db);

/// True if an upload is not as it was noted.
bool has_damaged_uploads(sqlite::Database& db);

}  // namespace egret::central
