// What a store knows of its backups.

#include "registry/store/shredder.h"
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

Result<Done> SqliteStore::back_up_keys(const Copy& copy) {
    const std::lock_guard lock(mutex_);
    if (!woman_keys_) return Done{};
    const auto copied = copy(woman_keys_->database());
    if (!copied) return copied.error();
    return Done{};
}

Result<Done> SqliteStore::go_on_restored(std::uint64_t codes, Progress& progress) {
    bool has_lost = false;
    {
        const std::lock_guard lock(mutex_);
        sqlite::WriteTransaction tx(*db_);
        for (const auto& clinic : clinics_.all()) clinics_.close_codes(clinic.code, Instant{}, tx);
        clinics_.skip(codes, tx);
        if (woman_keys_) has_lost = shred_keyless(tx);
        tx.commit();
    }
    // What follows from the facts still tells of them.
    return has_lost ? rebuild(progress) : Result<Done>(Done{});
}

/// Whose key isn't there any more was erased since the backup.
bool SqliteStore::shred_keyless(sqlite::WriteTransaction& tx) {
    sqlite::Statement last_woman(*db_, "SELECT coalesce(max(ix), 0) FROM woman");
    const auto last = last_woman.start().single().int64(0);
    const auto ingest = log_.last_ingest();
    bool has_lost = false;
    store::Shredder shredder(*db_);
    for (const auto woman_ix : woman_keys_->destroyed(last)) {
        if (woman_ix > 0 && ingest && shredder.shred(ingest->id, woman_ix, tx) > 0) has_lost = true;
    }
    woman_keys_->forget_after(last);
    return has_lost;
}

}  // namespace egret::central
