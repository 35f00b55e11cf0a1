// What a store knows of its backups.

#include "sync/central/sqlite_store.h"

namespace egret::central {

std::uint64_t SqliteStore::safe_seq(const DeviceId& id) {
    const std::lock_guard lock(mutex_);
    return backups_.safe_seq(id);
}

Result<Backup> SqliteStore::back_up(const Copy& copy, Instant now) {
    const std::lock_guard lock(mutex_);
    std::vector<store::Head> heads;
    Hash sum{};
    {
        // The copy is of this state, whoever writes meanwhile.
        const sqlite::ReadTransaction one_state(*db_);
        heads = log_.heads();
        auto copied = copy(*db_);
        if (!copied) return std::move(copied).error();
        sum = *copied;
    }
    sqlite::WriteTransaction tx(*db_);
    auto backup = backups_.add(sum, heads, now, tx);
    tx.commit();
    return backup;
}

Backup SqliteStore::note_backup(const Hash& sum, const std::vector<store::Head>& heads,
                                Instant at) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    auto backup = backups_.add(sum, heads, at, tx);
    tx.commit();
    return backup;
}

void SqliteStore::note_verified(std::int64_t number, Instant at, const std::string& kept) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    backups_.note_verified(number, at, kept, tx);
    tx.commit();
}

std::vector<Backup> SqliteStore::backups() {
    const std::lock_guard lock(mutex_);
    return backups_.all();
}

std::vector<store::Head> SqliteStore::heads() {
    const std::lock_guard lock(mutex_);
    return log_.heads();
}

std::optional<Hash> SqliteStore::hash_at(const DeviceId& id, std::uint64_t seq) {
    const std::lock_guard lock(mutex_);
    return log_.hash_at(id, seq);
}

void SqliteStore::go_on_restored(std::uint64_t codes) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    for (const auto& clinic : clinics_.all()) clinics_.close_codes(clinic.code, Instant{}, tx);
    clinics_.skip(codes, tx);
    tx.commit();
}

}  // namespace egret::central
