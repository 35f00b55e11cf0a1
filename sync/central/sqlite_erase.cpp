// How a store erases women.

#include "registry/store/erased_deltas.h"
#include "registry/store/shredder.h"
#include "sync/central/sqlite_store.h"

#include <algorithm>
#include <set>
#include <utility>

namespace egret::central {

/// Whom an officer's facts order to be erased.
std::vector<WomanId> SqliteStore::erased_by(const DeskAct& act) {
    std::vector<WomanId> women;
    for (const auto& said : act.facts) {
        const auto* erase = std::get_if<Erase>(&said.fact.detail);
        if (erase != nullptr && erase->confirms.is_nil()) women.push_back(said.subject);
    }
    return women;
}

/// Before the orders stand in the log: what they had changed is kept without them, and what their
/// facts say goes. Gives everybody who was ever named together with one of them.
std::vector<std::int64_t> SqliteStore::shred(const std::vector<WomanId>& erased,
                                             const store::Ingest& ingest,
                                             sqlite::WriteTransaction& tx) {
    std::vector<std::int64_t> women;
    std::set<std::int64_t> everybody;
    for (const auto& woman : erased) {
        const auto woman_ix = log_.women().add(woman, tx);
        women.push_back(woman_ix);
        for (const auto one : components_.group_of(woman_ix)) everybody.insert(one);
    }
    std::vector<std::int64_t> group(everybody.begin(), everybody.end());
    const auto deltas = store::erased_deltas_of(log_, *db_, indicators_, group, women, ingest.id);
    store::save_erased_deltas(*db_, deltas, tx);
    store::Shredder shredder(*db_);
    for (const auto woman_ix : women) {
        shredder.shred(ingest.id, woman_ix, tx);
        erased_.add(woman_ix, ingest.id, tx);
    }
    return group;
}

/// First what is freed leaves the disk, then the keys go: while one is there, this isn't done.
void SqliteStore::finish_erasures() {
    const std::lock_guard lock(mutex_);
    auto women = erased_.all();
    if (woman_keys_)
        std::erase_if(women, [this](auto woman_ix) { return !woman_keys_->has(woman_ix); });
    if (women.empty()) return;
    db_->checkpoint_truncate();
    if (woman_keys_) woman_keys_->destroy(women);
}

std::size_t SqliteStore::count_erased() {
    const std::lock_guard lock(mutex_);
    return erased_.all().size();
}

std::vector<OpenErasure> SqliteStore::open_erasures() {
    const std::lock_guard lock(mutex_);
    return erased_.open();
}

/// What is said of who was erased isn't kept, whenever it comes; that she is erased, is.
void SqliteStore::take_out_erased(WaitingUpload& one, std::size_t from) {
    for (std::size_t i = from; i < one.events.size(); ++i) {
        auto& event = one.events[i];
        const auto header = codec::decode_header(event.header);
        if (!header || header->type == Erase::type || event.is_erased ||
            !erased_.contains(header->subject))
            continue;
        event.is_erased = true;
        event.salt = {};
        event.payload.clear();
        one.upload.verdicts[i] = {refused_erased};
    }
}

}  // namespace egret::central
