#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/result.h"
#include "registry/crypto/es256.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"
#include "sync/core/key_bundle.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// POST /v1/renew: how a device gets another certificate, and other keys with it. JSON bodies.
///
///   request  {"epoch","csr","sign_key","seal_key","proof"} and, with a key for vaccination cards,
///            "card_key" and "card_proof"; for a centre that was restored and has forgotten the
///            device, "joined" and "joined_key"
///   200      {"device","clinic_code","scope","epoch","certificate","bundle","sig"}
///
/// The request's Authorization header (request_signature.h) is the device's, by the key that it has
/// so far. "epoch" is that of the new keys, one more than the present one.
///
/// "proof" is Ed25519 by the new sign_key over "cr-renew-v1" and the CBOR array [device(16), epoch,
/// csr, sign_key, seal_key] (with a card_key as the sixth): that the device has that key. With a
/// card_key, "card_proof" is ES256 by it over the same.
///
/// "joined" is the answer that the centre itself signed when the device joined or was last renewed,
/// as it came (enrolment.h, or this), "joined_key" the sign_key that it was for: with both the
/// centre takes the device in again under its old id.
///
/// "sig" is Ed25519 by the bundle's receipt key over "cr-renewed-v1" and the CBOR array
/// [device(16), clinic_code, scope, epoch, certificate, SHA-256 of the bundle, sign_key].
namespace egret::sync {

/// What a centre once signed for a device, handed back to it.
struct JoinedProof {
    std::string body;
    crypto::VerifyKey key{};

    friend bool operator==(const JoinedProof&, const JoinedProof&) = default;
};

struct RenewalRequest {
    std::uint32_t epoch = 0;
    std::string csr_pem;  // For the new TLS key.
    crypto::VerifyKey sign_key{};
    crypto::SealPublicKey seal_key{};
    std::optional<crypto::Es256PublicKey> card_key{};
    std::optional<JoinedProof> joined{};

    friend bool operator==(const RenewalRequest&, const RenewalRequest&) = default;
};

/// `key` is that of request.sign_key, `card_key` that of request.card_key; null if there is none.
std::string encode_renewal_request(const RenewalRequest& request, const DeviceId& device,
                                   const crypto::SigningKey& key,
                                   const crypto::Es256Key* card_key = nullptr);

/// `device` is the one that the Authorization header names.
/// Errors: those of json::parse and json::Reader; invalid_input, for a key, an epoch or a signing
/// request that can't be one; unauthorized, if a proof is wrong.
Result<RenewalRequest> decode_renewal_request(std::string_view body, const DeviceId& device);

struct RenewalReply {
    DeviceId device;
    std::string clinic_code;
    std::uint64_t scope = 0;
    std::uint32_t epoch = 0;
    std::string certificate_pem;
    Bytes bundle;  // Signed.

    friend bool operator==(const RenewalReply&, const RenewalReply&) = default;
};

/// `sign_key` is the request's.
std::string encode_renewal_reply(const RenewalReply& reply, const crypto::VerifyKey& sign_key,
                                 const crypto::SigningKey& receipt_key);

/// What a device knows when the reply comes.
struct RenewalTrust {
    DeviceId device;
    std::uint32_t epoch = 0;  // The one that was asked for.
    crypto::VerifyKey root{};
    std::uint64_t bundle_number_min = 0;  // Of the bundle that it has.
    crypto::VerifyKey sign_key{};         // Its new one.
};

struct Renewed {
    RenewalReply reply;
    KeyBundle bundle;
};

/// Errors: those of json::parse, json::Reader and open_bundle; invalid_input, for a member that
/// can't be one; unauthorized, if it isn't signed by the bundle's receipt key for this device.
Result<Renewed> decode_renewal_reply(std::string_view body, const RenewalTrust& trust);

/// As what a centre once knew a device.
struct KnownAs {
    DeviceId device;
    std::string clinic_code;
    std::uint64_t scope = 0;
    std::uint32_t epoch = 1;
    std::string certificate_pem;

    friend bool operator==(const KnownAs&, const KnownAs&) = default;
};

/// What a "joined" shows to the centre whose root key is `root`: that it was itself who knew the
/// device with joined.key as that. Whether the device was revoked since, it doesn't show.
/// Errors: those of decode_enrolment_reply and decode_renewal_reply.
Result<KnownAs> verify_joined(const JoinedProof& joined, const crypto::VerifyKey& root);

}  // namespace egret::sync
