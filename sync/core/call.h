#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "sync/core/batch.h"
#include "sync/core/envelope.h"
#include "sync/core/feed_cursor.h"

#include <cstdint>
#include <string>
#include <vector>

/// A call: what a device wants and where it is, for a centre that it can't ask (a stick, a relay),
/// and once a night who works at it. An envelope of kind 6, sealed to the centre and signed by the
/// device; its first_seq and last_seq are the number of its newest fact.
///
///   call = CBOR array of 8: [1, number of the device's newest fact, number of the key bundle that
///          it holds, protocol, program version, clock (Unix ms), [[scope, pos, feed hash(32)]…],
///          [[user(16), name, role]…]]
namespace egret::sync {

struct CallUser {
    UserId id;
    std::string name;  // As colleagues at other clinics are shown it.
    std::string role;  // A word of the registry's: "nurse", "lead", …

    friend bool operator==(const CallUser&, const CallUser&) = default;
};

struct Call {
    std::uint64_t top_seq = 0;
    std::uint64_t bundle_number = 0;
    std::uint16_t protocol = 1;
    std::string app_version;
    std::int64_t clock_ms = 0;
    std::vector<FeedCursor> cursors;  // By scope, each once, ascending.
    std::vector<CallUser> users;      // By id, each once, ascending; at most registry_users_max.

    friend bool operator==(const Call&, const Call&) = default;
};

/// `call` is one that decode_call takes.
Bytes encode_call(const Call& call);

/// Errors: unsupported, for a version that we don't know; invalid_input, if it is no call or not in
/// its one form.
Result<Call> decode_call(ByteView plaintext);

Bytes seal_call(const Call& call, const UploadSeal& seal, const crypto::SigningKey& key,
                Random& random);

/// `sender` is the device that parse_envelope names, as the centre knows it.
/// Errors: those of verify_envelope, open_envelope and decode_call; forbidden, if it names another
/// device; invalid_input, if it is no call.
Result<Call> open_call(ByteView envelope, const KnownDevice& sender,
                       const crypto::SealKeyPair& centre);

}  // namespace egret::sync
