#pragma once

#include "registry/base/bytes.h"
#include "registry/base/date.h"
#include "registry/base/ids.h"
#include "registry/base/result.h"
#include "registry/crypto/sign.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// POST /v1/lookup: a woman who came from elsewhere is asked for at the centre, by a number of hers
/// and her day of birth, both whole. JSON bodies; the request's Authorization header is the
/// device's.
///
///   request  {"kind","number","birth_date","user","purpose"}
///   200      {"woman","until_ms","scope","sig"}: her facts come with that scope's feed from now on
///   404      nobody has that number and was born that day: which of the two, it doesn't say
///   429      too many were asked for today
///
/// The number stands in the body alone: never in an address, a log or an error.
///
/// "sig" is Ed25519 by the receipt key over "cr-lookup-v1" and the CBOR array [device(16), SHA-256
/// of the request's body, woman(16), until_ms, scope].
namespace egret::sync {

struct LookupRequest {
    std::string kind;    // Of the number: a code of the registry's list.
    std::string number;  // As it stands on the paper, without blanks.
    Date birth_date;
    UserId user;          // Who asks.
    std::string purpose;  // Why: a code of the audit's list.

    friend bool operator==(const LookupRequest&, const LookupRequest&) = default;
};

std::string encode_lookup_request(const LookupRequest& request);

/// Errors: those of json::parse and json::Reader; invalid_input, for a member that can't be one.
Result<LookupRequest> decode_lookup_request(std::string_view body);

struct LookupReply {
    WomanId woman;
    std::int64_t until_ms = 0;  // Her facts stay until then, unless somebody records something.
    std::uint64_t scope = 0;

    friend bool operator==(const LookupReply&, const LookupReply&) = default;
};

/// To whom and to what a reply belongs.
struct LookupAsked {
    DeviceId device;
    Hash request_hash{};  // SHA-256 of the request's body.
};

std::string encode_lookup_reply(const LookupReply& reply, const LookupAsked& asked,
                                const crypto::SigningKey& receipt_key);

/// Errors: those of json::parse and json::Reader; invalid_input, for a member that can't be one;
/// unauthorized, if it isn't signed by one of the keys for this device and request.
Result<LookupReply> decode_lookup_reply(std::string_view body, const LookupAsked& asked,
                                        const std::vector<crypto::VerifyKey>& receipt_keys);

}  // namespace egret::sync
