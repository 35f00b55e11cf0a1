#include "sync/core/batch.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "registry/codec/cbor.h"
#include "sync/core/detail/entry_fields.h"

#include <utility>

namespace egret::sync {
namespace {

constexpr std::uint16_t batch_version_max = 2;
constexpr std::size_t app_version_bytes_max = 64;

std::uint64_t members_of(std::uint64_t version) { return version == 1 ? 8 : 10; }

Error bad_batch() { return {ErrorCode::invalid_input, "", msg("batch.malformed")}; }

void write_entry(cbor::Writer& to, const LogEntry& entry) {
    if (!entry.content) {
        to.array(1);
        to.bytes(entry.header);
        return;
    }
    to.array(3);
    detail::write_content(to, entry.header, *entry.content);
}

LogEntry read_entry(cbor::Reader& from) {
    LogEntry entry;
    const auto items = from.array();
    if (items == 1) {
        entry.header = detail::read_bare_header(from);
        return entry;
    }
    if (items != 3) from.fail();
    detail::read_content(from, entry.header, entry.content.emplace());
    return entry;
}

/// All before the events.
Batch read_front(cbor::Reader& from, std::uint64_t version) {
    Batch batch;
    batch.version = static_cast<std::uint16_t>(version);
    batch.prev_hash = detail::read_fixed<32>(from);
    batch.app_version = detail::read_text(from, app_version_bytes_max);
    batch.schema_version = static_cast<std::uint32_t>(detail::read_number(from, 0, UINT32_MAX));
    batch.clock_ms = from.integer();
    batch.top_seq = from.uint();
    batch.last_hash = detail::read_fixed<32>(from);
    if (version == 1) return batch;
    batch.bundle_number = detail::read_number(from);
    batch.cursors = read_marks(from);
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
    EGRET_ENSURE(batch.version == 1 || batch.version == batch_version_max);
    std::size_t size = 256;
    for (const auto& entry : batch.events) size += batch_bytes_of(entry);
    Bytes out;
    out.reserve(size);
    cbor::Writer to(out);
    to.array(members_of(batch.version));
    to.uint(batch.version);
    to.bytes(batch.prev_hash);
    to.text(batch.app_version);
    to.uint(batch.schema_version);
    to.integer(batch.clock_ms);
    to.uint(batch.top_seq);
    to.bytes(batch.last_hash);
    if (batch.version > 1) {
        to.uint(batch.bundle_number);
        write_marks(to, batch.cursors);
    }
    to.array(batch.events.size());
    for (const auto& entry : batch.events) write_entry(to, entry);
    return out;
}

Result<Batch> decode_batch(ByteView plaintext, std::uint64_t first_seq, std::uint64_t last_seq) {
    cbor::Reader from(plaintext);
    const auto items = from.array();
    const auto version = from.uint();
    if (from.ok() && (version == 0 || version > batch_version_max))
        return Error{ErrorCode::unsupported, "version", msg("batch.unsupported")};
    if (items != members_of(version)) from.fail();
    auto batch = read_front(from, version);
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
