#include "sync/core/key_bundle.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "registry/crypto/hash.h"
#include "sync/core/detail/cbor_fields.h"

#include <algorithm>
#include <utility>

namespace egret::sync {
namespace {

constexpr std::uint64_t bundle_items_2 = 10;
constexpr std::uint64_t bundle_items_3 = 12;
constexpr std::size_t pem_bytes_max = 8192;
constexpr std::size_t pins_max = 8;

Error bad_bundle() { return {ErrorCode::invalid_input, "bundle", msg("bundle.malformed")}; }

Bytes signed_body(ByteView body) {
    Bytes out = copy_of(bytes_of("cr-bundle-v1"));
    append(out, body);
    return out;
}

void write_hashes(cbor::Writer& to, const std::vector<Hash>& hashes) {
    to.array(hashes.size());
    for (const auto& hash : hashes) to.bytes(hash);
}

void encode_keys_2(cbor::Writer& to, const KeyBundle& bundle) {
    to.uint(bundle.seal_epoch);
    to.bytes(bundle.seal_key);
    to.bytes(bundle.receipt_key);
    to.bytes(bundle.recovery_key);
    to.text(bundle.ca_certificate_pem);
    write_hashes(to, bundle.tls_pins);
}

void write_seal_key(cbor::Writer& to, const SealKeyEpoch& key) {
    to.array(3);
    to.uint(key.epoch);
    to.bytes(key.key);
    to.integer(key.from_ms);
}

void encode_keys_3(cbor::Writer& to, const KeyBundle& bundle) {
    to.array(1 + bundle.next_seal_keys.size());
    write_seal_key(to, {bundle.seal_epoch, bundle.seal_key, bundle.not_before_ms});
    for (const auto& key : bundle.next_seal_keys) write_seal_key(to, key);
    write_hashes(to, bundle.receipt_keys());
    to.bytes(bundle.recovery_key);
    to.text(bundle.ca_certificate_pem);
    write_hashes(to, bundle.tls_pins);
    to.uint(bundle.protocol_min);
    to.uint(bundle.protocol_max);
    to.bytes(bundle.centre_device.bytes);
}

Bytes encode_body(const KeyBundle& bundle) {
    Bytes out;
    cbor::Writer to(out);
    to.array(bundle.version == 2 ? bundle_items_2 : bundle_items_3);
    to.uint(bundle.version);
    to.uint(bundle.number);
    to.integer(bundle.not_before_ms);
    to.text(bundle.programme);
    if (bundle.version == 2) {
        encode_keys_2(to, bundle);
    } else {
        encode_keys_3(to, bundle);
    }
    return out;
}

bool has_sound_seal_keys(const KeyBundle& bundle) {
    SealKeyEpoch before{bundle.seal_epoch, bundle.seal_key, bundle.not_before_ms};
    if (!crypto::is_usable(before.key)) return false;
    for (const auto& key : bundle.next_seal_keys) {
        if (key.epoch <= before.epoch || key.from_ms <= before.from_ms) return false;
        if (!crypto::is_usable(key.key)) return false;
        before = key;
    }
    return bundle.next_seal_keys.size() < limits::seal_keys_max;
}

/// What only version 3 says.
bool has_sound_news(const KeyBundle& bundle) {
    if (bundle.version == 2) {
        return bundle.next_seal_keys.empty() && bundle.former_receipt_keys.empty() &&
               bundle.protocol_min == 1 && bundle.protocol_max == 1 &&
               bundle.centre_device.is_nil();
    }
    return bundle.version == 3 && bundle.number <= limits::wire_number_max &&
           bundle.former_receipt_keys.size() < limits::receipt_keys_max &&
           bundle.protocol_min > 0 && bundle.protocol_min <= bundle.protocol_max &&
           !bundle.centre_device.is_nil();
}

bool is_sound(const KeyBundle& bundle) {
    return bundle.number > 0 && !bundle.programme.empty() &&
           bundle.programme.size() <= limits::name_bytes_max && has_sound_seal_keys(bundle) &&
           has_sound_news(bundle) && crypto::is_usable(bundle.recovery_key) &&
           is_pem_like(bundle.ca_certificate_pem, "CERTIFICATE") && !bundle.tls_pins.empty() &&
           bundle.tls_pins.size() <= pins_max;
}

std::vector<Hash> read_hashes(cbor::Reader& from, std::size_t most) {
    std::vector<Hash> hashes;
    const auto count = from.array();
    if (count > most) from.fail();
    for (std::uint64_t i = 0; i < count && from.ok(); ++i)
        hashes.push_back(detail::read_fixed<32>(from));
    return hashes;
}

std::uint32_t read_epoch(cbor::Reader& from) {
    return static_cast<std::uint32_t>(detail::read_number(from, 0, UINT32_MAX));
}

void read_keys_2(cbor::Reader& from, KeyBundle& bundle) {
    bundle.seal_epoch = read_epoch(from);
    bundle.seal_key = detail::read_fixed<32>(from);
    bundle.receipt_key = detail::read_fixed<32>(from);
    bundle.recovery_key = detail::read_fixed<32>(from);
    bundle.ca_certificate_pem = from.text();
    bundle.tls_pins = read_hashes(from, pins_max);
}

void read_seal_keys(cbor::Reader& from, KeyBundle& bundle) {
    const auto count = from.array();
    if (count == 0 || count > limits::seal_keys_max) from.fail();
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        if (from.array() != 3) from.fail();
        SealKeyEpoch key;
        key.epoch = read_epoch(from);
        key.key = detail::read_fixed<32>(from);
        key.from_ms = from.integer();
        if (i > 0) {
            bundle.next_seal_keys.push_back(key);
            continue;
        }
        bundle.seal_epoch = key.epoch;
        bundle.seal_key = key.key;
        if (key.from_ms != bundle.not_before_ms) from.fail();
    }
}

std::uint16_t read_protocol(cbor::Reader& from) {
    return static_cast<std::uint16_t>(detail::read_number(from, 1, UINT16_MAX));
}

void read_keys_3(cbor::Reader& from, KeyBundle& bundle) {
    read_seal_keys(from, bundle);
    auto receipt_keys = read_hashes(from, limits::receipt_keys_max);
    if (receipt_keys.empty()) return from.fail();
    bundle.receipt_key = receipt_keys.front();
    receipt_keys.erase(receipt_keys.begin());
    bundle.former_receipt_keys = std::move(receipt_keys);
    bundle.recovery_key = detail::read_fixed<32>(from);
    bundle.ca_certificate_pem = from.text();
    bundle.tls_pins = read_hashes(from, pins_max);
    bundle.protocol_min = read_protocol(from);
    bundle.protocol_max = read_protocol(from);
    bundle.centre_device = detail::read_id<DeviceId>(from);
}

Result<KeyBundle> decode_body(ByteView body) {
    cbor::Reader from(body);
    const auto items = from.array();
    const auto version = from.uint();
    if (from.ok() && version != 2 && version != 3)
        return Error{ErrorCode::unsupported, "bundle", msg("bundle.unsupported")};
    if (items != (version == 2 ? bundle_items_2 : bundle_items_3)) from.fail();
    KeyBundle bundle;
    bundle.version = static_cast<std::uint16_t>(version);
    bundle.number = from.uint();
    bundle.not_before_ms = from.integer();
    bundle.programme = from.text();
    if (version == 2) {
        read_keys_2(from, bundle);
    } else {
        read_keys_3(from, bundle);
    }
    if (!from.ok() || !from.at_end() || !is_sound(bundle)) return bad_bundle();
    return bundle;
}

struct SignedBody {
    crypto::VerifyKey root{};
    ByteView body;
    crypto::Signature signature{};
};

Result<SignedBody> split_bundle(ByteView bytes) {
    cbor::Reader from(bytes);
    if (from.array() != 3) from.fail();
    SignedBody parts;
    parts.root = detail::read_fixed<32>(from);
    parts.body = from.bytes();
    parts.signature = detail::read_fixed<64>(from);
    if (!from.ok() || !from.at_end()) return bad_bundle();
    return parts;
}

/// Nothing of the body is looked at before its signature.
Result<KeyBundle> open_parts(const SignedBody& parts) {
    if (!crypto::verify(parts.root, signed_body(parts.body), parts.signature))
        return Error{ErrorCode::unauthorized, "bundle", msg("bundle.bad_signature")};
    return decode_body(parts.body);
}

}  // namespace

SealKeyEpoch KeyBundle::seal_key_at(Instant now) const {
    SealKeyEpoch present{seal_epoch, seal_key, not_before_ms};
    for (const auto& next : next_seal_keys) {
        if (next.from_ms <= unix_ms(now)) present = next;
    }
    return present;
}

std::vector<crypto::VerifyKey> KeyBundle::receipt_keys() const {
    std::vector<crypto::VerifyKey> keys{receipt_key};
    keys.insert(keys.end(), former_receipt_keys.begin(), former_receipt_keys.end());
    return keys;
}

bool KeyBundle::is_receipt_key(const crypto::VerifyKey& key) const {
    const auto keys = receipt_keys();
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

RootHash root_hash_of(const crypto::VerifyKey& root) {
    const auto hash = crypto::sha256(root);
    RootHash out;
    std::copy_n(hash.begin(), out.size(), out.begin());
    out.back() &= 0xc0;  // Two bits of the last byte make 130.
    return out;
}

std::string format_root_hash(const RootHash& hash) {
    return to_crockford(hash).substr(0, root_hash_bits / 5);
}

Bytes sign_bundle(const KeyBundle& bundle, const crypto::SigningKey& root) {
    EGRET_ENSURE(is_sound(bundle));
    const auto body = encode_body(bundle);
    Bytes out;
    cbor::Writer to(out);
    to.array(3);
    to.bytes(root.public_key());
    to.bytes(body);
    to.bytes(crypto::sign(root, signed_body(body)));
    return out;
}

Result<KeyBundle> open_bundle(ByteView bytes, const crypto::VerifyKey& root,
                              std::uint64_t number_min) {
    const auto parts = split_bundle(bytes);
    if (!parts) return parts.error();
    if (parts->root != root)
        return Error{ErrorCode::unauthorized, "bundle", msg("bundle.other_root")};
    auto bundle = open_parts(*parts);
    if (bundle && bundle->number < number_min)
        return Error{ErrorCode::conflict, "bundle", msg("bundle.older")};
    return bundle;
}

Result<TrustedBundle> open_first_bundle(ByteView bytes, const RootHash& root_hash) {
    const auto parts = split_bundle(bytes);
    if (!parts) return parts.error();
    if (root_hash_of(parts->root) != root_hash)
        return Error{ErrorCode::unauthorized, "bundle", msg("bundle.not_of_code")};
    auto bundle = open_parts(*parts);
    if (!bundle) return std::move(bundle).error();
    return TrustedBundle{parts->root, *std::move(bundle)};
}

bool is_pem_like(std::string_view text, std::string_view kind) {
    const auto begin = "-----BEGIN " + std::string(kind) + "-----\n";
    const auto end = "-----END " + std::string(kind) + "-----";
    return text.size() <= pem_bytes_max && text.starts_with(begin) && trim(text).ends_with(end);
}

}  // namespace egret::sync
