#include "sync/core/batch.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "registry/codec/cbor.h"

#include <algorithm>
#include <utility>

namespace egret::sync {
namespace {

constexpr std::uint64_t batch_version = 1;
constexpr std::uint64_t batch_items = 8;
constexpr std::size_t commitment_bytes = 34;  // With the two bytes of its CBOR head.
constexpr std::size_t app_version_bytes_max = 64;

Error bad_batch() { return {ErrorCode::invalid_input, "", msg("batch.malformed")}; }

/// Fills `out` exactly, or makes the reader fail.
template <std::size_t N>
void read_exactly(cbor::Reader& from, Fixed<N>& out) {
    const auto bytes = from.bytes();
    if (bytes.size() != N) return from.fail();
    std::copy(bytes.begin(), bytes.end(), out.begin());
}

/// A byte string of `least` to `most` bytes.
ByteView read_bounded(cbor::Reader& from, std::size_t least, std::size_t most) {
    const auto bytes = from.bytes();
    if (bytes.size() < least || bytes.size() > most) from.fail();
    return from.ok() ? bytes : ByteView{};
}

void write_entry(cbor::Writer& to, const LogEntry& entry) {
    if (!entry.content) {
        to.array(1);
        to.bytes(entry.header);
        return;
    }
    to.array(3);
    to.bytes(codec::without_commitment(entry.header));
    to.bytes(entry.content->salt);
    to.bytes(entry.content->payload);
}

LogEntry read_entry(cbor::Reader& from) {
    LogEntry entry;
    const auto items = from.array();
    if (items == 1) {
        entry.header = copy_of(read_bounded(from, commitment_bytes + 1, limits::header_bytes_max));
        return entry;
    }
    if (items != 3) from.fail();
    const auto prefix = read_bounded(from, 1, limits::header_bytes_max - commitment_bytes);
    auto& content = entry.content.emplace();
    read_exactly(from, content.salt);
    content.payload = copy_of(read_bounded(from, 0, limits::payload_bytes_max));
    if (from.ok())
        entry.header =
            codec::with_commitment(prefix, codec::commitment_of(content.salt, content.payload));
    return entry;
}

/// All before the events.
Batch read_front(cbor::Reader& from) {
    Batch batch;
    read_exactly(from, batch.prev_hash);
    batch.app_version = from.text();
    if (batch.app_version.size() > app_version_bytes_max) from.fail();
    const auto schema_version = from.uint();
    if (schema_version > UINT32_MAX) from.fail();
    batch.schema_version = static_cast<std::uint32_t>(schema_version);
    batch.clock_ms = from.integer();
    batch.top_seq = from.uint();
    read_exactly(from, batch.last_hash);
    return batch;
}

}  // namespace

std::size_t batch_bytes_of(const LogEntry& entry) {
    constexpr std::size_t heads = 1 + 5 + 17 + 5;  // Of the array, both strings, and the salt.
    return heads + entry.header.size() + (entry.content ? entry.content->payload.size() : 0);
}

Bytes encode_batch(const Batch& batch) {
    EGRET_ENSURE(!batch.events.empty() && batch.events.size() <= limits::batch_facts_max);
    EGRET_ENSURE(batch.app_version.size() <= app_version_bytes_max);
    std::size_t size = 256;
    for (const auto& entry : batch.events) size += batch_bytes_of(entry);
    Bytes out;
    out.reserve(size);
    cbor::Writer to(out);
    to.array(batch_items);
    to.uint(batch_version);
    to.bytes(batch.prev_hash);
    to.text(batch.app_version);
    to.uint(batch.schema_version);
    to.integer(batch.clock_ms);
    to.uint(batch.top_seq);
    to.bytes(batch.last_hash);
    to.array(batch.events.size());
    for (const auto& entry : batch.events) write_entry(to, entry);
    return out;
}

Result<Batch> decode_batch(ByteView plaintext, std::uint64_t first_seq, std::uint64_t last_seq) {
    cbor::Reader from(plaintext);
    const auto items = from.array();
    const auto version = from.uint();
    if (from.ok() && version != batch_version)
        return Error{ErrorCode::unsupported, "version", msg("batch.unsupported")};
    if (items != batch_items) from.fail();
    auto batch = read_front(from);
    const auto count = from.array();
    if (!from.ok() || first_seq == 0 || last_seq < first_seq) return bad_batch();
    if (count > limits::batch_facts_max)
        return Error{ErrorCode::too_large, "events",
                     msg("batch.too_many", {{"limit", std::to_string(limits::batch_facts_max)}})};
    if (count == 0 || count - 1 != last_seq - first_seq || batch.top_seq < last_seq)
        return bad_batch();

    batch.first_seq = first_seq;
    batch.events.reserve(static_cast<std::size_t>(count));
    auto previous = batch.prev_hash;
    for (std::uint64_t i = 0; i < count; ++i) {
        auto entry = read_entry(from);
        if (!from.ok()) return bad_batch();
        entry.hash = previous = codec::hash_event(previous, entry.header);
        batch.events.push_back(std::move(entry));
    }
    if (!from.at_end()) return bad_batch();
    return batch;
}

Bytes seal_batch(const Batch& batch, const UploadSeal& seal, const crypto::SigningKey& key,
                 Random& random) {
    EnvelopeHeader header;
    header.suite = seal.suite;
    header.kind = EnvelopeKind::upload;
    header.sender = seal.device;
    header.sender_epoch = seal.epoch;
    header.first_seq = batch.first_seq;
    header.last_seq = batch.last_seq();
    header.batch_id = make_random_id<BatchTag>(random);
    return seal_envelope(header, encode_batch(batch), seal.centre, key, random);
}

Result<Batch> open_batch(ByteView envelope, const KnownDevice& sender,
                         const crypto::SealKeyPair& centre) {
    const auto header = parse_envelope(envelope);
    if (!header) return header.error();
    if (header->kind != EnvelopeKind::upload)
        return Error{ErrorCode::invalid_input, "kind", msg("batch.not_an_upload")};
    if (header->sender != sender.id)
        return Error{ErrorCode::forbidden, "sender", msg("batch.other_sender")};
    auto verified = verify_envelope(envelope, sender.key);
    if (!verified) return std::move(verified).error();
    const auto plaintext = open_envelope(envelope, centre);
    if (!plaintext) return plaintext.error();
    return decode_batch(*plaintext, header->first_seq, header->last_seq);
}

}  // namespace egret::sync
