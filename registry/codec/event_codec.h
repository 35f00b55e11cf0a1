#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/domain/fact.h"

#include <cstdint>
#include <vector>

/// One event as a device's log and a batch hold it.
///
///   header  = CBOR array of 10: [1, type, type version, uid(16), hlc, subject(16), scope,
///             author(16), [superseded uid…], commitment(32)]
///   payload = CBOR map (fact_codec.h), beside a salt of 16 random bytes
///   commitment = SHA-256(salt ‖ payload)
///   event hash = SHA-256("cr-ev-v1" ‖ hash of the event before it ‖ header)
///
/// The commitment stands last, so that whoever has salt and payload can leave it out and put it
/// back. Payload and salt may be erased: the chain is over headers alone.
namespace egret::codec {

using Salt = Fixed<16>;

/// The hash before the first event of a log.
inline constexpr Hash chain_start{};

struct EncodedEvent {
    Bytes header;
    Salt salt{};
    Bytes payload;
    bool is_erased = false;  // Only the header is left.

    friend bool operator==(const EncodedEvent&, const EncodedEvent&) = default;
};

struct EventHeader {
    std::uint16_t type = 0;
    std::uint16_t type_version = 0;
    EventUid uid;
    Hlc hlc;
    WomanId subject;
    std::uint64_t scope = 0;
    UserId author;
    std::vector<EventUid> supersedes;
    Hash commitment{};

    friend bool operator==(const EventHeader&, const EventHeader&) = default;
};

/// Errors: too_large, past limits::payload_bytes_max.
Result<EncodedEvent> encode_event(const Event& event, Random& random);

/// Errors: invalid_input, if it is not such a header in its one form.
Result<EventHeader> decode_header(ByteView header);

/// Errors: those of decode_header and decode_payload; and invalid_input, if salt and payload are
/// not what the header commits to.
Result<Event> decode_event(const EncodedEvent& encoded);
/// The same for a header that is decoded and whose commitment is checked already.
Result<Event> decode_event(const EventHeader& header, ByteView payload);

Hash commitment_of(const Salt& salt, ByteView payload);
Hash hash_event(const Hash& previous, ByteView header);

/// A header without its commitment, as a batch carries it, and back.
ByteView without_commitment(ByteView header);
Bytes with_commitment(ByteView prefix, const Hash& commitment);

}  // namespace egret::codec
