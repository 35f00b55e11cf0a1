#include "sync/central/key_ring.h"

#include "registry/codec/cbor.h"
#include "registry/crypto/wipe.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace egret::central {
namespace {

constexpr std::size_t ring_bytes_max = 64 * 1024;
constexpr std::uint64_t ring_version = 1;
constexpr std::size_t key_bytes = 32;
// Those of a bundle, and years of such as nobody could destroy.
constexpr std::uint64_t slots_max = 64;

crypto::Secret encode_ring(const KeyRing& ring) {
    Bytes out;
    // In one piece of memory: none is left behind with keys in it.
    out.reserve(ring_bytes_max);
    cbor::Writer to(out);
    to.array(5);
    to.uint(ring_version);
    to.bytes(ring.bundle);
    to.bytes(ring.bundle3);
    to.bytes(ring.receipt->seed());
    to.array(ring.seal_keys.size());
    for (const auto& slot : ring.seal_keys) {
        to.array(4);
        to.uint(slot.epoch);
        to.bytes(slot.key->private_key());
        to.integer(slot.from_ms);
        to.uint(slot.left_with);
    }
    return crypto::Secret(std::move(out));
}

ByteView read_key(cbor::Reader& from) {
    const auto key = from.bytes();
    if (key.size() != key_bytes) from.fail();
    return key;
}

std::optional<SealSlot> read_slot(cbor::Reader& from) {
    if (from.array() != 4) from.fail();
    SealSlot slot;
    const auto epoch = from.uint();
    if (epoch > UINT32_MAX) from.fail();
    slot.epoch = static_cast<std::uint32_t>(epoch);
    const auto key = read_key(from);
    slot.from_ms = from.integer();
    slot.left_with = from.uint();
    if (!from.ok()) return std::nullopt;
    slot.key = std::make_shared<const crypto::SealKeyPair>(crypto::SealKeyPair::from_private(key));
    return slot;
}

std::optional<KeyRing> decode_ring(ByteView bytes) {
    cbor::Reader from(bytes);
    if (from.array() != 5 || from.uint() != ring_version) from.fail();
    KeyRing ring;
    ring.bundle = copy_of(from.bytes());
    ring.bundle3 = copy_of(from.bytes());
    const auto seed = read_key(from);
    const auto count = from.array();
    if (!from.ok() || count == 0 || count > slots_max) return std::nullopt;
    ring.receipt = std::make_shared<const crypto::SigningKey>(crypto::SigningKey::from_seed(seed));
    for (std::uint64_t i = 0; i < count; ++i) {
        auto slot = read_slot(from);
        if (!slot) return std::nullopt;
        ring.seal_keys.push_back(*std::move(slot));
    }
    if (!from.ok() || !from.at_end()) return std::nullopt;
    return ring;
}

bool has_key(const KeyRing& ring, const crypto::SealPublicKey& key) {
    return std::any_of(ring.seal_keys.begin(), ring.seal_keys.end(),
                       [&](const SealSlot& slot) { return slot.key->public_key() == key; });
}

}  // namespace

std::optional<sync::KeyBundle> open_ring(const KeyRing& ring, const crypto::VerifyKey& root) {
    const auto old = sync::open_bundle(ring.bundle, root);
    auto bundle = sync::open_bundle(ring.bundle3, root);
    const bool are_same = old && bundle && old->version == 2 && bundle->version == 3 &&
                          old->number == bundle->number && old->seal_key == bundle->seal_key &&
                          old->receipt_key == bundle->receipt_key &&
                          bundle->receipt_key == ring.receipt->public_key() &&
                          has_key(ring, bundle->seal_key);
    if (!are_same) return std::nullopt;
    for (const auto& next : bundle->next_seal_keys) {
        if (!has_key(ring, next.key)) return std::nullopt;
    }
    return *std::move(bundle);
}

Result<KeyRing> RingFile::load() const {
    std::optional<Bytes> sealed;
    try {
        if (disk_.is_there(path_)) sealed = disk_.read(path_, ring_bytes_max);
    } catch (const std::system_error&) {
        // There, but not ours to read: the same is to be done.
        return Error{ErrorCode::not_found, "", msg("central.no_key_file", {{"path", path_}})};
    }
    if (!sealed && !disk_.is_there(path_))
        return Error{ErrorCode::not_found, "", msg("central.no_key_file", {{"path", path_}})};
    const Error bad{ErrorCode::unsupported, "", msg("central.bad_key_file", {{"path", path_}})};
    if (!sealed) return bad;
    const auto opened = seal_.open(file_name, *sealed);
    auto ring = opened ? decode_ring(opened->view()) : std::nullopt;
    if (!ring) return bad;
    return *std::move(ring);
}

void RingFile::save(const KeyRing& ring, Random& random) const {
    disk_.replace(path_, seal_.seal(file_name, encode_ring(ring), random));
}

}  // namespace egret::central
