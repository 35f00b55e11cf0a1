#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/result.h"
#include "registry/crypto/sign.h"
#include "sync/core/key_bundle.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The small answers of the centre, as JSON bodies; bytes are hexadecimal. Each is signed by the
/// centre's receipt key, so that it is as good through a relay, or off a stick, as over TLS.
///
///   POST /v1/sync/batches  body: one envelope of kind 1; signed as in request_signature.h, so that
///                          the device's clock is known as it is when the batch goes
///     200  {"code":"applied","device","head_seq","head_hash","safe_seq","server_time_ms","sig"}
///     409  the same, "code":"GAP", "FORK" or "BAD_CHAIN"
///     422  the same, "code":"STALE_KEY"
///   GET /v1/sync/head
///     200  {"device","head_seq","head_hash","safe_seq","server_time_ms","protocol_min",
///           "protocol_max","sig"}
///
/// All other statuses speak for themselves; their bodies are for people.
///
/// "sig" is Ed25519 over "cr-reply-v1" or "cr-head-v1", then, numbers big-endian: device (16),
/// head_seq (8), head_hash (32), safe_seq (8), server_time_ms (8); then for an upload the code's
/// number (1), for a head protocol_min (2) and protocol_max (2).
///
/// Since protocol 2 both may also have "bundle" (number of the newest key bundle), "feed"
/// ([[scope, position of its newest item]…]), "rejoin" (true: this device must join anew) and
/// "sig2", Ed25519 over "cr-reply-v2" or "cr-head-v2", then a CBOR array: all that "sig" covers,
/// then bundle, feed, rejoin. A program of protocol 1 passes over them; one of today takes them
/// only with their signature. Which of them are there is not signed: without all four it is an
/// answer of protocol 1, and who leaves them out hides news, no more.
///
/// "SHUT_OUT" stands in receipts alone (receipt.h): whoever brings a stick is not the one to whom a
/// status would speak.
///
/// "STALE_KEY" comes with a status that a program of protocol 1 doesn't know: that one then asks
/// for an update, which is what helps.
namespace egret::sync {

/// The protocols that this program speaks, as a centre and as a clinic.
inline constexpr std::uint16_t protocol_version_min = 1;
inline constexpr std::uint16_t protocol_version = 2;

/// How far the centre has a device's log.
struct Standing {
    DeviceId device;
    std::uint64_t head_seq = 0;
    Hash head_hash{};
    std::uint64_t safe_seq = 0;  // Up to here it is in a verified backup elsewhere, too.
    std::int64_t server_time_ms = 0;

    friend bool operator==(const Standing&, const Standing&) = default;
};

/// What became of an upload. On the wire "applied", "GAP", "FORK", "BAD_CHAIN", "STALE_KEY",
/// "SHUT_OUT".
enum class UploadCode : std::uint8_t {
    applied = 0,    // The centre has it, from now or from before.
    gap = 1,        // Events before it are missing there.
    fork = 2,       // The centre has other events under these numbers.
    bad_chain = 3,  // It contradicts itself.
    stale_key = 4,  // It is sealed to a key that the centre no longer has: fetch the key bundle.
    shut_out = 5,   // The device was revoked. Only in receipts: over a line that is a 403.
};

/// How far a feed goes at the centre.
struct FeedHead {
    std::uint64_t scope = 0;
    std::uint64_t pos = 0;

    friend bool operator==(const FeedHead&, const FeedHead&) = default;
};

/// What the centre says beside, since protocol 2.
struct ReplyNews {
    std::uint64_t bundle_number = 0;  // Of its newest key bundle.
    std::vector<FeedHead> feed;       // The device's scopes, ascending.
    bool must_rejoin =
        false;  // Its log went two ways more than once: one of the copies joins anew.

    friend bool operator==(const ReplyNews&, const ReplyNews&) = default;
};

struct UploadReply {
    UploadCode code = UploadCode::applied;
    Standing standing;
    std::optional<ReplyNews> news{};  // None from a centre of protocol 1.

    friend bool operator==(const UploadReply&, const UploadReply&) = default;
};

struct HeadReply {
    Standing standing;
    std::uint16_t protocol_min = protocol_version_min;
    std::uint16_t protocol_max = protocol_version;
    std::optional<ReplyNews> news{};

    friend bool operator==(const HeadReply&, const HeadReply&) = default;
};

/// 200, 403, 409 or 422.
int http_status(UploadCode code);

/// Numbers must be below 2^63.
std::string encode_upload_reply(const UploadReply& reply, const crypto::SigningKey& receipt_key);
std::string encode_head_reply(const HeadReply& reply, const crypto::SigningKey& receipt_key);

/// Who may have made an answer, and for whom.
struct ReplyTrust {
    DeviceId device;
    std::vector<crypto::VerifyKey> receipt_keys;

    ReplyTrust(const DeviceId& of, const crypto::VerifyKey& key) : device(of), receipt_keys{key} {}

    /// By any of those that the centre signs with, or signed with before.
    ReplyTrust(const DeviceId& of, const KeyBundle& bundle)
        : device(of), receipt_keys(bundle.receipt_keys()) {}

    ReplyTrust(const DeviceId& of, std::vector<crypto::VerifyKey> keys)
        : device(of), receipt_keys(std::move(keys)) {}
};

/// Members that we don't know are passed over: a newer centre may say more.
/// Errors: those of json::parse and json::Reader; invalid_input, for an unknown code or bytes that
/// aren't; unauthorized, if it isn't signed by that key or is for another device.
Result<UploadReply> decode_upload_reply(std::string_view body, const ReplyTrust& trust);
Result<HeadReply> decode_head_reply(std::string_view body, const ReplyTrust& trust);

}  // namespace egret::sync
