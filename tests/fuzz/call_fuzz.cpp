// The small messages between a clinic and its centre. The first byte says which.

#include "registry/base/ensure.h"
#include "registry/codec/cbor.h"
#include "sync/core/call.h"
#include "sync/core/lookup.h"
#include "sync/core/own_log.h"
#include "sync/core/receipt.h"
#include "sync/core/renewal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using egret::ByteView;

void read_call(ByteView bytes) {
    const auto call = egret::sync::decode_call(bytes);
    if (call) EGRET_ENSURE(std::ranges::equal(egret::sync::encode_call(*call), bytes));
}

/// As they came: nobody but the centre, or the device, can have made one.
void read_envelopes(ByteView bytes) {
    static const auto key = egret::crypto::SealKeyPair::from_private(egret::Fixed<32>{1});
    const egret::crypto::VerifyKey sender{1};
    EGRET_ENSURE(!egret::sync::open_call(bytes, {{}, sender}, key));
    EGRET_ENSURE(!egret::sync::open_receipt(bytes, {{}, sender}, key));
    EGRET_ENSURE(!egret::sync::open_own_log(bytes, {{}, {sender}}, key));
}

void read_renewals(ByteView bytes) {
    const auto text = egret::text_of(bytes);
    const egret::crypto::VerifyKey key{1};
    EGRET_ENSURE(!egret::sync::decode_renewal_reply(text, {{}, 2, key, 0, key}));
    EGRET_ENSURE(!egret::sync::verify_joined({std::string(text), key}, key));
    const auto request = egret::sync::decode_renewal_request(text, {});
    EGRET_ENSURE(!request || request->epoch >= 2);
}

void read_lookups(ByteView bytes) {
    const auto text = egret::text_of(bytes);
    EGRET_ENSURE(!egret::sync::decode_lookup_reply(text, {}, {egret::crypto::VerifyKey{1}}));
    const auto request = egret::sync::decode_lookup_request(text);
    if (!request) return;
    const auto again =
        egret::sync::decode_lookup_request(egret::sync::encode_lookup_request(*request));
    EGRET_ENSURE(again && *again == *request);
}

/// Behind the root's signature, as if the root meant harm.
void read_bundle_body(ByteView body) {
    static const auto root = egret::crypto::SigningKey::from_seed(egret::Fixed<32>{1});
    egret::Bytes message = egret::copy_of(egret::bytes_of("cr-bundle-v1"));
    egret::append(message, body);
    egret::Bytes bytes;
    egret::cbor::Writer to(bytes);
    to.array(3);
    to.bytes(root.public_key());
    to.bytes(body);
    to.bytes(egret::crypto::sign(root, message));
    const auto bundle = egret::sync::open_bundle(bytes, root.public_key());
    if (!bundle) return;
    EGRET_ENSURE(egret::sync::sign_bundle(*bundle, root) == bytes);
    const auto key = bundle->seal_key_at(egret::instant_from_unix_ms(bundle->not_before_ms));
    EGRET_ENSURE(egret::crypto::is_usable(key.key));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto rest = ByteView(data, size).subspan(1);
    switch (data[0] % 5) {
        case 0: read_call(rest); break;
        case 1: read_envelopes(rest); break;
        case 2: read_renewals(rest); break;
        case 3: read_lookups(rest); break;
        default: read_bundle_body(rest); break;
    }
    return 0;
}
