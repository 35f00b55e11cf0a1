#include "sync/core/upload_piece.h"

#include "registry/base/limits.h"
#include "registry/codec/event_codec.h"

#include <algorithm>
#include <utility>

namespace egret::sync {
namespace {

// What a batch has beside its events; a cursor takes at most 30 bytes.
constexpr std::size_t batch_front_bytes_max = 512 + 30 * limits::feed_scopes_max;

/// The hash that the centre will compute for `entry`, whatever the log says it is.
Hash recomputed_hash(const Hash& previous, const LogEntry& entry) {
    if (!entry.content) return codec::hash_event(previous, entry.header);
    const auto commitment = codec::commitment_of(entry.content->salt, entry.content->payload);
    return codec::hash_event(
        previous, codec::with_commitment(codec::without_commitment(entry.header), commitment));
}

/// Drops what doesn't fit into one batch, and all from the first event that was damaged on.
void trim_events(Batch& batch) {
    std::size_t bytes = batch_front_bytes_max;
    auto previous = batch.prev_hash;
    std::size_t kept = 0;
    for (const auto& entry : batch.events) {
        bytes += batch_bytes_of(entry);
        if (bytes > limits::batch_open_bytes_max) break;
        if (entry.header.size() > limits::header_bytes_max) break;
        if (recomputed_hash(previous, entry) != entry.hash) break;
        previous = entry.hash;
        ++kept;
    }
    batch.events.resize(kept);
}

Batch make_batch(const UploadMeans& means, const SyncIdentity& identity, const PieceRange& range,
                 Instant now) {
    Batch batch;
    batch.first_seq = range.first_seq;
    batch.app_version = identity.app_version;
    batch.schema_version = identity.schema_version;
    batch.clock_ms = unix_ms(now);
    batch.top_seq = means.log.head().seq;
    if (identity.protocol > 1) {
        batch.version = 2;
        batch.bundle_number = identity.bundle_number;
        batch.cursors = identity.cursors;
    }
    const auto prev_hash = hash_at(means.log, range.first_seq - 1);
    if (!prev_hash) return batch;
    batch.prev_hash = *prev_hash;
    const auto count = std::min(range.count, limits::batch_facts_max);
    batch.events = means.log.entries(batch.first_seq, count);
    if (batch.events.size() > count) batch.events.resize(count);
    trim_events(batch);
    return batch;
}

}  // namespace

std::optional<Outbox> seal_piece(const UploadMeans& means, const SyncIdentity& identity,
                                 PieceRange& range, Instant now) {
    auto batch = make_batch(means, identity, range, now);
    while (!batch.events.empty()) {
        batch.last_hash = batch.events.back().hash;
        auto envelope = seal_batch(batch, identity.seal, means.key, means.random);
        if (envelope.size() <= limits::batch_sealed_bytes_max) {
            return Outbox{batch.first_seq, batch.last_seq(), batch.last_hash, 0,
                          std::move(envelope)};
        }
        range.count = std::max<std::size_t>(batch.events.size() / 2, 1);
        batch.events.resize(batch.events.size() / 2);
    }
    return std::nullopt;
}

}  // namespace egret::sync
