#include "sync/central/sqlite_store.h"

namespace egret::central {

bool SqliteStore::spool_upload(const SpooledUpload& upload, Instant now) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    const bool has_room = spool_.add(upload, now, tx);
    tx.commit();
    return has_room;
}

std::vector<Spooled> SqliteStore::spooled(const DeviceId& device) {
    const std::lock_guard lock(mutex_);
    return spool_.of(device);
}

std::vector<Spooled> SqliteStore::all_spooled() {
    const std::lock_guard lock(mutex_);
    return spool_.all();
}

std::optional<Bytes> SqliteStore::spooled_envelope(std::int64_t id) {
    const std::lock_guard lock(mutex_);
    return spool_.envelope(id);
}

void SqliteStore::let_go(std::int64_t id) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    spool_.remove(id, tx);
    tx.commit();
}

}  // namespace egret::central
