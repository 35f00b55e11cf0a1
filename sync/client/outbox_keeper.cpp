#include "sync/client/outbox_keeper.h"

#include "sync/client/detail/calls.h"
#include "sync/client/inbox_keeper.h"
#include "sync/client/outbox_strangers.h"
#include "sync/client/upload_store.h"
#include "sync/core/protocol.h"
#include "sync/core/upload_piece.h"

#include <algorithm>
#include <utility>

namespace egret::client {
namespace {

// Merging stops there: some 30 KiB, which a slow line carries in one go.
constexpr std::size_t merged_facts_max = 256;

}  // namespace

std::unique_ptr<OutboxKeeper> OutboxKeeper::find(service::Clinic& clinic, const std::string& dir) {
    auto keys = LinkKeys::load(dir, clinic.link_key(), clinic.disk());
    if (!keys || !*keys || !(*keys)->membership()) return nullptr;
    const auto& membership = *(*keys)->membership();
    // An enrolment that was cut before its end: the next sync completes it.
    if (membership.device != clinic.device()) return nullptr;
    auto bundle = sync::open_bundle(membership.bundle, membership.root);
    if (!bundle) return nullptr;
    // From before the machine had a secret.
    if ((*keys)->was_in_the_clear() && !clinic.link_key().empty())
        (*keys)->save(dir, clinic.link_key(), clinic.disk());
    return std::make_unique<OutboxKeeper>(Private{}, clinic, dir, std::move(**keys),
                                          *std::move(bundle));
}

OutboxKeeper::OutboxKeeper(Private, service::Clinic& clinic, const std::string& dir, LinkKeys keys,
                           sync::KeyBundle bundle)
    : clinic_(clinic),
      dir_(dir),
      folder_(dir, clinic.disk()),
      keys_(std::move(keys)),
      bundle_(std::move(bundle)),
      read_(LinkKeys::content_in(dir, clinic.disk())) {}

void OutboxKeeper::settle() {
    folder_.remove_drafts();
    apply_receipt();
    InboxKeeper inbox(clinic_, dir_, keys_, bundle_);
    inbox.settle();
    received_ += inbox.received();
    const StoredLog log(clinic_.log(), clinic_.device());
    strangers_ = find_strangers(folder_, owner(), log);
    const auto acked = acked_seq();
    seal_beside(sort_out(acked), acked);
    sealed_hash_ = sync::hash_at(log, sealed_to_).value_or(Hash{});
}

/// What isn't in `known`, which hold facts after `acked`.
void OutboxKeeper::seal_beside(std::vector<OutboxItem> known, std::uint64_t acked) {
    const auto last = last_to_seal();
    items_.clear();
    sealed_to_ = acked;
    for (auto& item : known) {
        if (item.first_seq > sealed_to_ + 1) seal(sealed_to_ + 1, item.first_seq - 1);
        // What could not be sealed is not passed over.
        if (item.first_seq > sealed_to_ + 1) return;
        sealed_to_ = item.last_seq;
        items_.push_back(std::move(item));
    }
    if (sealed_to_ < last) seal(sealed_to_ + 1, last);
}

void OutboxKeeper::seal_new() {
    // Joining anew gave the log another name, and there are other keys: the next opening seals it.
    if (clinic_.device() != keys_.membership()->device) return;
    // A sync has renewed them, or brought a newer bundle: what is sealed by the old ones is not
    // taken any more.
    if (read_keys()) return settle();
    InboxKeeper(clinic_, dir_, keys_, bundle_).keep_cursors();
    const StoredLog log(clinic_.log(), clinic_.device());
    // Facts have other numbers since the log was repaired, or strangers are strangers no more.
    if (!strangers_.empty() || sync::hash_at(log, sealed_to_) != sealed_hash_) return settle();
    const auto head = last_to_seal();
    if (head <= sealed_to_) return;
    auto first = sealed_to_ + 1;
    std::vector<OutboxItem> merged;
    while (!items_.empty()) {
        const auto& before = items_.back();
        const auto count = head - first + 1;
        if (before.fact_count() > count || before.fact_count() + count > merged_facts_max) break;
        first = before.first_seq;
        merged.push_back(before);
        items_.pop_back();
    }
    sealed_to_ = first - 1;
    seal(first, head);
    // Only once they are in another file.
    for (const auto& item : merged) {
        if (item.last_seq <= sealed_to_) folder_.remove(item);
    }
    sealed_hash_ = sync::hash_at(log, sealed_to_).value_or(Hash{});
}

/// Takes over other keys that the same device has since. False, if there are none.
bool OutboxKeeper::read_keys() {
    auto content = LinkKeys::content_in(dir_, clinic_.disk());
    if (content == read_) return false;
    auto keys = LinkKeys::load(dir_, clinic_.link_key(), clinic_.disk());
    const bool is_ours =
        keys && *keys && (*keys)->membership() && (*keys)->membership()->device == clinic_.device();
    if (!is_ours) return false;
    auto bundle = sync::open_bundle((*keys)->membership()->bundle, (*keys)->membership()->root);
    if (!bundle) return false;
    const bool is_other =
        (*keys)->sign_key().public_key() != keys_.sign_key().public_key() || *bundle != bundle_;
    keys_ = std::move(**keys);
    bundle_ = *std::move(bundle);
    read_ = std::move(content);
    return is_other;
}

/// The facts from `first` to `last`, in files of a size that a slow line carries.
void OutboxKeeper::seal(std::uint64_t first, std::uint64_t last) {
    const StoredLog log(clinic_.log(), clinic_.device());
    sync::SyncIdentity identity;
    identity.seal.device = clinic_.device();
    identity.seal.epoch = keys_.epoch();
    identity.app_version = detail::app_version;
    identity.schema_version = static_cast<std::uint32_t>(clinic_.database().user_version());
    sync::use_bundle(identity, bundle_, trusted_now());
    identity.protocol = std::min(identity.protocol, sync::protocol_version);
    while (first <= last) {
        sync::PieceRange range{first, static_cast<std::size_t>(std::min<std::uint64_t>(
                                          last - first + 1, merged_facts_max))};
        const auto piece = sync::seal_piece({log, keys_.sign_key(), clinic_.random()}, identity,
                                            range, clinic_.now());
        // A damaged log: `egret check` and the next sync name the place.
        if (!piece) return;
        items_.push_back(folder_.add(*piece));
        sealed_to_ = piece->last_seq;
        first = sealed_to_ + 1;
    }
}

/// What strangers leave of the log.
std::uint64_t OutboxKeeper::last_to_seal() {
    return free_of(strangers_, StoredLog(clinic_.log(), clinic_.device()));
}

/// A clock that was set back must not choose a key that the centre has destroyed long ago.
Instant OutboxKeeper::trusted_now() const {
    return std::max(clinic_.now(), clinic_.time_zone().start_of_day(clinic_.today()));
}

OutboxOwner OutboxKeeper::owner() const {
    return {clinic_.device(), keys_.sign_key().public_key(),
            sync::key_id_of(bundle_.seal_key_at(trusted_now()).key)};
}

std::uint64_t OutboxKeeper::acked_seq() {
    const auto state = UploadStore(clinic_.database()).load(upload_bounds(clinic_));
    if (!state.is_lost) return state.acked_seq;
    // The next sync asks the centre. Until then what is sealed stays, and goes on.
    const auto items = folder_.items();
    return items.empty() ? StoredLog(clinic_.log(), clinic_.device()).head().seq
                         : items.front().first_seq - 1;
}

void OutboxKeeper::apply_receipt() {
    const auto receipt = folder_.find_receipt();
    if (!receipt) return;
    const sync::ReplyTrust trust{clinic_.device(), bundle_};
    std::optional<sync::Standing> standing;
    if (receipt->is_head) {
        if (const auto head = sync::decode_head_reply(receipt->body, trust))
            standing = head->standing;
    } else if (const auto reply = sync::decode_upload_reply(receipt->body, trust)) {
        standing = reply->standing;
    }
    UploadStore uploads(clinic_.database());
    auto state = uploads.load(upload_bounds(clinic_));
    const StoredLog log(clinic_.log(), clinic_.device());
    // One of an earlier membership, or older than what the registry heard itself since, says
    // nothing any more. One that isn't ours is for the next sync, which asks and repairs.
    const bool is_news = standing && standing->server_time_ms >= state.server_time_ms;
    if (is_news && sync::is_ours(log, *standing)) {
        sync::adopt_standing(state, *standing);
        sqlite::WriteTransaction tx(clinic_.database());
        uploads.save(state, tx);
        clinic_.note_server_time(instant_from_unix_ms(standing->server_time_ms), tx);
        tx.commit();
    }
    folder_.remove_receipt();
}

/// Removes what the centre has, what nobody can use, and what is in other files, too. Gives those
/// that hold facts after `acked`. Strangers stay, and nothing else from their numbers on.
std::vector<OutboxItem> OutboxKeeper::sort_out(std::uint64_t acked) {
    const auto own = owner();
    const auto last = last_to_seal();
    std::vector<OutboxItem> usable;
    for (const auto& item : folder_.items()) {
        if (std::find(strangers_.begin(), strangers_.end(), item) != strangers_.end()) continue;
        const bool is_sound = folder_.inspect(item, own, nullptr) == OutboxFlaw::none;
        if (!is_sound || item.last_seq <= acked || item.last_seq > last) {
            folder_.remove(item);
        } else {
            usable.push_back(item);
        }
    }
    std::vector<OutboxItem> chosen;
    auto to = acked;
    while (const auto* next = find_next(usable, to)) {
        to = next->last_seq;
        chosen.push_back(*next);
    }
    for (const auto& item : usable) {
        const bool is_chosen = std::find(chosen.begin(), chosen.end(), item) != chosen.end();
        if (is_chosen) continue;
        if (item.last_seq <= to) {
            folder_.remove(item);
        } else if (chosen.empty() || item.first_seq > chosen.back().last_seq) {
            // After a gap, which is sealed again.
            chosen.push_back(item);
        }
    }
    return chosen;
}

}  // namespace egret::client
