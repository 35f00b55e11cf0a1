#include "sync/core/key_bundle.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "registry/crypto/hash.h"

#include <algorithm>

namespace egret::sync {
namespace {

constexpr std::uint64_t bundle_version = 2;
constexpr std::uint64_t bundle_items = 10;
constexpr std::size_t pem_bytes_max = 8192;
constexpr std::size_t pins_max = 8;

Error bad_bundle() { return {ErrorCode::invalid_input, "bundle", msg("bundle.malformed")}; }

Bytes signed_body(ByteView body) {
    Bytes out = copy_of(bytes_of("cr-bundle-v1"));
    append(out, body);
    return out;
}

Bytes encode_body(const KeyBundle& bundle) {
    Bytes out;
    cbor::Writer to(out);
    to.array(bundle_items);
    to.uint(bundle_version);
    to.uint(bundle.number);
    to.integer(bundle.not_before_ms);
    to.text(bundle.programme);
    to.uint(bundle.seal_epoch);
    to.bytes(bundle.seal_key);
    to.bytes(bundle.receipt_key);
    to.bytes(bundle.recovery_key);
    to.text(bundle.ca_certificate_pem);
    to.array(bundle.tls_pins.size());
    for (const auto& pin : bundle.tls_pins) to.bytes(pin);
    return out;
}

template <std::size_t N>
Fixed<N> take_bytes(cbor::Reader& from) {
    Fixed<N> out{};
    const auto bytes = from.bytes();
    if (bytes.size() == N) {
        std::copy(bytes.begin(), bytes.end(), out.begin());
    } else {
        from.fail();
    }
    return out;
}

bool is_sound(const KeyBundle& bundle) {
    return bundle.number > 0 && !bundle.programme.empty() &&
           bundle.programme.size() <= limits::name_bytes_max &&
           crypto::is_usable(bundle.seal_key) && crypto::is_usable(bundle.recovery_key) &&
           is_pem_like(bundle.ca_certificate_pem, "CERTIFICATE") && !bundle.tls_pins.empty() &&
           bundle.tls_pins.size() <= pins_max;
}

Result<KeyBundle> decode_body(ByteView body) {
    cbor::Reader from(body);
    const auto items = from.array();
    const auto version = from.uint();
    if (from.ok() && version != bundle_version)
        return Error{ErrorCode::unsupported, "bundle", msg("bundle.unsupported")};
    KeyBundle bundle;
    bundle.number = from.uint();
    bundle.not_before_ms = from.integer();
    bundle.programme = from.text();
    const auto epoch = from.uint();
    if (epoch > UINT32_MAX) from.fail();
    bundle.seal_epoch = static_cast<std::uint32_t>(epoch);
    bundle.seal_key = take_bytes<32>(from);
    bundle.receipt_key = take_bytes<32>(from);
    bundle.recovery_key = take_bytes<32>(from);
    bundle.ca_certificate_pem = from.text();
    const auto pins = from.array();
    if (pins > pins_max) from.fail();
    for (std::uint64_t i = 0; i < pins && from.ok(); ++i)
        bundle.tls_pins.push_back(take_bytes<32>(from));
    if (items != bundle_items || !from.ok() || !from.at_end() || !is_sound(bundle))
        return bad_bundle();
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
    parts.root = take_bytes<32>(from);
    parts.body = from.bytes();
    parts.signature = take_bytes<64>(from);
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
