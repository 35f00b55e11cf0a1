// How a store keeps the keys of devices, as they follow each other.

#include "sync/central/sqlite_store.h"

namespace egret::central {
namespace {

Error shut_out() { return {ErrorCode::forbidden, "device", msg("central.revoked_device")}; }

Error not_these_keys() { return {ErrorCode::conflict, "epoch", msg("central.renewal_epoch")}; }

}  // namespace

void SqliteStore::note_bundle(const DeviceId& id, std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    devices_.note_bundle(id, number, tx);
    tx.commit();
}

Result<Done> SqliteStore::offer_keys(const DeviceId& id, const DeviceKeys& next) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    const auto device = devices_.find(id);
    if (!device || device->revoked || device->is_damaged) return shut_out();
    if (next.epoch != device->keys.epoch + 1) return not_these_keys();
    devices_.offer_keys(id, next, tx);
    tx.commit();
    return Done{};
}

void SqliteStore::adopt_keys(const DeviceId& id, std::uint32_t epoch) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    const auto device = devices_.find(id);
    const bool is_whole = device && !device->is_damaged;
    if (!is_whole || !device->next || device->next->epoch != epoch) return;
    devices_.replace_keys(id, *device->next, tx);
    tx.commit();
}

Result<Done> SqliteStore::readmit(const Device& device, std::uint64_t scope) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    const auto known = devices_.find(device.id);
    if (known) {
        if (known->revoked || known->is_damaged || known->clinic != device.clinic)
            return shut_out();
        if (known->keys.epoch >= device.keys.epoch) return not_these_keys();
        devices_.replace_keys(device.id, device.keys, tx);
        tx.commit();
        return Done{};
    }
    // Of whose row was lost nobody knows whether it was shut out.
    if (log_.find_head(device.id)) return shut_out();
    if (auto clinic = clinics_.readmit(device.clinic, scope, device.enrolled, tx); !clinic)
        return clinic;
    log_.add_device(device.id, device.clinic, tx);
    devices_.add(device, tx);
    tx.commit();
    return Done{};
}

}  // namespace egret::central
