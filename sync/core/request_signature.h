#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/result.h"
#include "registry/crypto/sign.h"

#include <cstdint>
#include <string>
#include <string_view>

/// How a device shows who it is where no envelope does: GET /v1/sync/head and the like.
///
///   Authorization: CR1 device=<32 hex>,epoch=<n>,ts=<Unix ms>,nonce=<32 hex>,sig=<128 hex>
///
/// in exactly this form. "sig" is Ed25519 over "cr-req-v1" and the CBOR array [device(16), epoch,
/// ts, nonce(16), method, target, SHA-256 of the body].
///
/// That a request is fresh is not looked at here: whoever serves refuses a `ts` too far from its
/// own time, and a nonce that it has seen within that distance.
namespace egret::sync {

struct RequestParts {
    std::string_view method;  // "GET"
    std::string_view target;  // With its query, as it stands in the request line.
    ByteView body;
};

struct RequestStamp {
    std::int64_t time_ms = 0;  // Not below 0.
    Fixed<16> nonce{};         // From chance, another each time.

    friend bool operator==(const RequestStamp&, const RequestStamp&) = default;
};

struct RequestSigner {
    DeviceId device;
    std::uint32_t epoch = 0;
    const crypto::SigningKey& key;
};

/// What a header claims.
struct RequestClaim {
    DeviceId device;
    std::uint32_t epoch = 0;  // Of the device's key.
    RequestStamp stamp;
    crypto::Signature signature{};

    friend bool operator==(const RequestClaim&, const RequestClaim&) = default;
};

/// The value of the Authorization header.
std::string authorize_request(const RequestSigner& signer, const RequestStamp& stamp,
                              const RequestParts& parts);

/// Errors: unauthorized, if it is no such value.
Result<RequestClaim> parse_authorization(std::string_view header);

/// Whether the holder of `key` made this claim for this request.
/// Errors: unauthorized.
Result<Done> verify_request(const RequestClaim& claim, const RequestParts& parts,
                            const crypto::VerifyKey& key);

}  // namespace egret::sync
