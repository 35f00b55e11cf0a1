#include "registry/codec/event_codec.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "registry/codec/cbor.h"
#include "registry/codec/fact_codec.h"
#include "registry/crypto/hash.h"

#include <algorithm>

namespace egret::codec {
namespace {

constexpr std::uint64_t header_version = 1;
constexpr std::uint64_t header_items = 10;
constexpr std::size_t commitment_item_bytes = 2 + 32;  // 58 20, then the hash.

Error bad_header() { return {ErrorCode::invalid_input, "header", msg("event.bad_header")}; }

template <class Tag>
Id<Tag> read_id(cbor::Reader& from) {
    const auto id = Id<Tag>::from_bytes(from.bytes());
    if (!id) from.fail();
    return id.value_or(Id<Tag>{});
}

std::uint16_t read_short(cbor::Reader& from) {
    const auto value = from.uint();
    if (value > UINT16_MAX) from.fail();
    return static_cast<std::uint16_t>(value);
}

Bytes encode_header(const EventHeader& header) {
    Bytes out;
    out.reserve(160);
    cbor::Writer to(out);
    to.array(header_items);
    to.uint(header_version);
    to.uint(header.type);
    to.uint(header.type_version);
    to.bytes(header.uid.bytes);
    to.uint(header.hlc.value);
    to.bytes(header.subject.bytes);
    to.uint(header.scope);
    to.bytes(header.author.bytes);
    to.array(header.supersedes.size());
    for (const auto& uid : header.supersedes) to.bytes(uid.bytes);
    to.bytes(header.commitment);
    return out;
}

}  // namespace

Hash commitment_of(const Salt& salt, ByteView payload) {
    crypto::Sha256 hash;
    hash.update(salt);
    hash.update(payload);
    return hash.finish();
}

Hash hash_event(const Hash& previous, ByteView header) {
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-ev-v1"));
    hash.update(previous);
    hash.update(header);
    return hash.finish();
}

Result<EncodedEvent> encode_event(const Event& event, Random& random) {
    EncodedEvent encoded;
    encoded.payload = encode_payload(event.fact);
    if (encoded.payload.size() > limits::payload_bytes_max)
        return Error{ErrorCode::too_large, "", msg("fact.too_large")};
    encoded.salt = random.bytes<16>();
    const auto* newer = std::get_if<NewerFact>(&event.fact.detail);
    encoded.header =
        encode_header({type_number(event.fact), newer ? newer->type_version : fact_type_version,
                       event.uid, event.hlc, event.subject, event.scope, event.author,
                       event.supersedes, commitment_of(encoded.salt, encoded.payload)});
    return encoded;
}

Result<EventHeader> decode_header(ByteView bytes) {
    cbor::Reader from(bytes);
    EventHeader header;
    if (from.array() != header_items || from.uint() != header_version) from.fail();
    header.type = read_short(from);
    header.type_version = read_short(from);
    header.uid = read_id<EventTag>(from);
    header.hlc.value = from.uint();
    header.subject = read_id<WomanTag>(from);
    header.scope = from.uint();
    header.author = read_id<UserTag>(from);
    const auto count = from.array();
    if (count > limits::supersedes_max) from.fail();
    for (std::uint64_t i = 0; i < count && from.ok(); ++i)
        header.supersedes.push_back(read_id<EventTag>(from));
    const auto commitment = from.bytes();
    if (commitment.size() != header.commitment.size()) from.fail();
    if (!from.ok() || !from.at_end() || header.uid.is_nil()) return bad_header();
    std::copy(commitment.begin(), commitment.end(), header.commitment.begin());
    return header;
}

Result<Event> decode_event(const EncodedEvent& encoded) {
    auto header = decode_header(encoded.header);
    if (!header) return std::move(header).error();
    if (commitment_of(encoded.salt, encoded.payload) != header->commitment)
        return Error{ErrorCode::invalid_input, "payload", msg("event.bad_commitment")};
    return decode_event(*header, encoded.payload);
}

Result<Event> decode_event(const EventHeader& header, ByteView payload) {
    auto fact = decode_payload(header.type, header.type_version, payload);
    if (!fact) return std::move(fact).error();
    return Event{header.uid,    header.hlc,        header.subject,  header.scope,
                 header.author, header.supersedes, *std::move(fact)};
}

ByteView without_commitment(ByteView header) {
    EGRET_ENSURE(header.size() > commitment_item_bytes);
    return header.first(header.size() - commitment_item_bytes);
}

Bytes with_commitment(ByteView prefix, const Hash& commitment) {
    Bytes header = copy_of(prefix);
    cbor::Writer(header).bytes(commitment);
    return header;
}

}  // namespace egret::codec
