#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/result.h"
#include "registry/crypto/sign.h"

#include <cstdint>
#include <string>
#include <string_view>

/// The small answers of the centre, as JSON bodies; bytes are hexadecimal. Each is signed by the
/// centre's receipt key, so that it is as good through a relay, or off a stick, as over TLS.
///
///   POST /v1/sync/batches  body: one envelope of kind 1; signed as in request_signature.h, so that
///                          the device's clock is known as it is when the batch goes
///     200  {"code":"applied","device","head_seq","head_hash","safe_seq","server_time_ms","sig"}
///     409  the same, "code":"GAP", "FORK" or "BAD_CHAIN"
///   GET /v1/sync/head
///     200  {"device","head_seq","head_hash","safe_seq","server_time_ms","protocol_min",
///           "protocol_max","sig"}
///
/// All other statuses speak for themselves; their bodies are for people.
///
/// "sig" is Ed25519 over "cr-reply-v1" or "cr-head-v1", then, numbers big-endian: device (16),
/// head_seq (8), head_hash (32), safe_seq (8), server_time_ms (8); then for an upload the code's
/// number (1), for a head protocol_min (2) and protocol_max (2).
namespace egret::sync {

/// The protocol that this program speaks.
inline constexpr std::uint16_t protocol_version = 1;

/// How far the centre has a device's log.
struct Standing {
    DeviceId device;
    std::uint64_t head_seq = 0;
    Hash head_hash{};
    std::uint64_t safe_seq = 0;  // Up to here it is in a verified backup elsewhere, too.
    std::int64_t server_time_ms = 0;

    friend bool operator==(const Standing&, const Standing&) = default;
};

/// What became of an upload. On the wire "applied", "GAP", "FORK", "BAD_CHAIN".
enum class UploadCode : std::uint8_t {
    applied = 0,    // The centre has it, from now or from before.
    gap = 1,        // Events before it are missing there.
    fork = 2,       // The centre has other events under these numbers.
    bad_chain = 3,  // It contradicts itself.
};

struct UploadReply {
    UploadCode code = UploadCode::applied;
    Standing standing;

    friend bool operator==(const UploadReply&, const UploadReply&) = default;
};

struct HeadReply {
    Standing standing;
    std::uint16_t protocol_min = protocol_version;
    std::uint16_t protocol_max = protocol_version;

    friend bool operator==(const HeadReply&, const HeadReply&) = default;
};

/// 200 or 409.
int http_status(UploadCode code);

/// Numbers must be below 2^63.
std::string encode_upload_reply(const UploadReply& reply, const crypto::SigningKey& receipt_key);
std::string encode_head_reply(const HeadReply& reply, const crypto::SigningKey& receipt_key);

/// Who may have made an answer, and for whom.
struct ReplyTrust {
    DeviceId device;
    crypto::VerifyKey receipt_key{};
};

/// Members that we don't know are passed over: a newer centre may say more.
/// Errors: those of json::parse and json::Reader; invalid_input, for an unknown code or bytes that
/// aren't; unauthorized, if it isn't signed by that key or is for another device.
Result<UploadReply> decode_upload_reply(std::string_view body, const ReplyTrust& trust);
Result<HeadReply> decode_head_reply(std::string_view body, const ReplyTrust& trust);

}  // namespace egret::sync
