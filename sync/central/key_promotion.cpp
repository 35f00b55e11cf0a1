#include "sync/central/key_promotion.h"

#include "registry/base/ensure.h"
#include "sync/core/protocol.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <utility>

namespace egret::central {
namespace {

constexpr std::int64_t valid_ms = std::chrono::milliseconds(seal_key_valid).count();

std::shared_ptr<const crypto::SealKeyPair> draw_seal_key(Random& random) {
    return std::make_shared<const crypto::SealKeyPair>(crypto::SealKeyPair::generate(random));
}

std::shared_ptr<const crypto::SigningKey> draw_receipt_key(Random& random) {
    return std::make_shared<const crypto::SigningKey>(crypto::SigningKey::generate(random));
}

std::size_t count_ahead(const std::vector<SealSlot>& keys, std::int64_t now_ms) {
    return static_cast<std::size_t>(std::count_if(
        keys.begin(), keys.end(), [&](const SealSlot& slot) { return slot.from_ms > now_ms; }));
}

/// How many were drawn.
std::size_t draw_ahead(std::vector<SealSlot>& keys, std::int64_t now_ms, Random& random) {
    std::size_t drawn = 0;
    for (; count_ahead(keys, now_ms) < seal_keys_ahead; ++drawn) {
        const auto& last = keys.back();
        // One that is late begins now.
        const auto from = std::max(last.from_ms + valid_ms, now_ms);
        keys.push_back({last.epoch + 1, from, 0, draw_seal_key(random)});
    }
    return drawn;
}

/// The one to which is sealed at that time.
std::size_t present_of(const std::vector<SealSlot>& keys, std::int64_t now_ms) {
    std::size_t present = 0;
    for (std::size_t i = 1; i < keys.size(); ++i) {
        if (keys[i].from_ms <= now_ms) present = i;
    }
    return present;
}

/// Names the keys of the ring in `bundle`, from the present one on, and signs it in both forms.
void sign_ring(KeyRing& ring, sync::KeyBundle bundle, const crypto::SigningKey& root) {
    const auto present = present_of(ring.seal_keys, bundle.not_before_ms);
    bundle.seal_epoch = ring.seal_keys[present].epoch;
    bundle.seal_key = ring.seal_keys[present].key->public_key();
    bundle.receipt_key = ring.receipt->public_key();
    for (std::size_t i = 0; i < present; ++i) {
        auto& left_with = ring.seal_keys[i].left_with;
        if (left_with == 0) left_with = bundle.number;
    }

    auto old = bundle;
    old.version = 2;
    old.next_seal_keys.clear();
    old.former_receipt_keys.clear();
    old.protocol_min = old.protocol_max = 1;
    old.centre_device = {};
    ring.bundle = sync::sign_bundle(old, root);

    bundle.version = 3;
    bundle.protocol_min = sync::protocol_version_min;
    bundle.protocol_max = sync::protocol_version;
    bundle.next_seal_keys.clear();
    for (std::size_t i = present + 1; i < ring.seal_keys.size(); ++i) {
        const auto& slot = ring.seal_keys[i];
        bundle.next_seal_keys.push_back({slot.epoch, slot.key->public_key(), slot.from_ms});
    }
    ring.bundle3 = sync::sign_bundle(bundle, root);
}

}  // namespace

KeyRing found_ring(const sync::KeyBundle& front, const crypto::SigningKey& root, Instant now,
                   Random& random) {
    const auto now_ms = unix_ms(now);
    KeyRing ring;
    ring.receipt = draw_receipt_key(random);
    ring.seal_keys.push_back({1, now_ms, 0, draw_seal_key(random)});
    draw_ahead(ring.seal_keys, now_ms, random);
    auto bundle = front;
    bundle.number = 1;
    bundle.not_before_ms = now_ms;
    sign_ring(ring, std::move(bundle), root);
    return ring;
}

std::optional<KeyRing> promote(const KeyRing& ring, const crypto::SigningKey& root, Instant now,
                               std::uint64_t number_min, Random& random) {
    auto bundle = open_ring(ring, root.public_key());
    const auto now_ms = unix_ms(now);
    EGRET_ENSURE(bundle && now_ms >= bundle->not_before_ms);
    auto next = ring;
    const bool is_new = draw_ahead(next.seal_keys, now_ms, random) > 0;
    // A restored centre has fewer bundles behind it than clinics may have seen.
    if (!is_new && bundle->number >= number_min) return std::nullopt;
    auto& former = bundle->former_receipt_keys;
    former.insert(former.begin(), bundle->receipt_key);
    if (former.size() >= limits::receipt_keys_max) former.resize(limits::receipt_keys_max - 1);
    next.receipt = draw_receipt_key(random);
    bundle->number = std::max(bundle->number + 1, number_min);
    bundle->not_before_ms = now_ms;
    sign_ring(next, *std::move(bundle), root);
    return next;
}

Instant end_of_keys(const KeyRing& ring) { return last_change_of_keys(ring) + seal_key_valid; }

Instant last_change_of_keys(const KeyRing& ring) {
    return instant_from_unix_ms(ring.seal_keys.back().from_ms);
}

std::vector<SealSlot> keys_past(const KeyRing& ring, Instant now) {
    std::vector<SealSlot> past;
    const auto& keys = ring.seal_keys;
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
        const auto followed = instant_from_unix_ms(keys[i + 1].from_ms);
        if (keys[i].left_with > 0 && followed + seal_key_kept <= now) past.push_back(keys[i]);
    }
    return past;
}

std::vector<DeviceStatus> holders_of(const SealSlot& slot,
                                     const std::vector<DeviceStatus>& statuses) {
    std::vector<DeviceStatus> holders;
    for (const auto& status : statuses) {
        const bool is_shut_out = status.device.revoked && !status.device.is_damaged;
        if (!is_shut_out && status.bundle_number < slot.left_with) holders.push_back(status);
    }
    return holders;
}

KeyRing destroy_old_keys(const KeyRing& ring, const std::vector<DeviceStatus>& statuses,
                         Instant now, std::vector<std::uint32_t>& destroyed) {
    auto left = ring;
    for (const auto& slot : keys_past(ring, now)) {
        if (!holders_of(slot, statuses).empty()) continue;
        destroyed.push_back(slot.epoch);
        std::erase_if(left.seal_keys, [&](const SealSlot& one) { return one.epoch == slot.epoch; });
    }
    return left;
}

}  // namespace egret::central
