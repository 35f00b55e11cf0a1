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

/// POST /v1/enroll: how a machine becomes a device of a clinic. JSON bodies.
///
///   request  {"secret","csr","sign_key","seal_key","clinic","area","proof"}
///            and, with a key for vaccination cards, "card_key" (x, then y) and "card_proof"
///   200      {"device","clinic_code","scope","certificate","bundle","sig"}
///
/// Before the request the machine fetches the key bundle and holds its root to the code
/// (open_first_bundle), so that the secret goes to the programme's own centre only.
///
/// "proof" is Ed25519 by sign_key over "cr-enrol-v1" and the CBOR array of the six members before
/// it, in their order. It proves that the machine has sign_key; that it has the TLS key, the
/// signing request proves itself. That it has seal_key is not proved: whoever named another's could
/// not read what is sealed to it, and the signature binds it to this machine. With a "card_key" the
/// array has it as a seventh member, and "card_proof" is ES256 by it over the same: nobody has
/// another's key published under a machine of his own.
///
/// "sig" is Ed25519 by the bundle's receipt key over "cr-joined-v1" and the CBOR array [device(16),
/// clinic_code, scope, certificate, SHA-256 of the bundle, sign_key]: so that a reply is this
/// request's and whole, whatever stands between.
namespace egret::sync {

struct EnrolmentRequest {
    std::string secret;   // Of the code, as parse_enrolment_code gives it.
    std::string csr_pem;  // For the TLS key.
    crypto::VerifyKey sign_key{};
    crypto::SealPublicKey seal_key{};
    std::string clinic;  // Name and area as the machine has them; the centre's own go before.
    std::string area;
    std::optional<crypto::Es256PublicKey> card_key{};  // Its cards are signed with it.

    friend bool operator==(const EnrolmentRequest&, const EnrolmentRequest&) = default;
};

/// `key` is that of request.sign_key, `card_key` that of request.card_key; null if there is none.
std::string encode_enrolment_request(const EnrolmentRequest& request, const crypto::SigningKey& key,
                                     const crypto::Es256Key* card_key = nullptr);

/// Errors: those of json::parse and json::Reader; invalid_input, for a secret, a key or a signing
/// request that can't be one (what is in the signing request, its reader checks) or a name that is
/// too long; unauthorized, if a proof is wrong.
Result<EnrolmentRequest> decode_enrolment_request(std::string_view body);

struct EnrolmentReply {
    DeviceId device;
    std::string clinic_code;
    std::uint64_t scope = 0;  // The clinic's number, which its facts carry.
    std::string certificate_pem;
    Bytes bundle;  // Signed.

    friend bool operator==(const EnrolmentReply&, const EnrolmentReply&) = default;
};

/// `sign_key` is the request's.
std::string encode_enrolment_reply(const EnrolmentReply& reply, const crypto::VerifyKey& sign_key,
                                   const crypto::SigningKey& receipt_key);

/// What a machine knows when the reply comes.
struct EnrolmentTrust {
    crypto::VerifyKey root{};
    std::uint64_t bundle_number_min = 0;  // Of the bundle that it has.
    crypto::VerifyKey sign_key{};         // Its own.
};

struct Enrolled {
    EnrolmentReply reply;
    KeyBundle bundle;
};

/// Errors: those of json::parse, json::Reader and open_bundle; invalid_input, for a member that
/// can't be one; unauthorized, if it isn't signed by the bundle's receipt key for this machine.
Result<Enrolled> decode_enrolment_reply(std::string_view body, const EnrolmentTrust& trust);

}  // namespace egret::sync
