#include "sync/core/upload_piece.h"

#include "registry/base/limits.h"
#include "registry/codec/event_codec.h"

#include <algorithm>
#include <utility>

namespace egret::sync {
namespace {

// What a batch has beside its events; a cursor takes at most 30 bytes.
constexpr std::size_t batch_front_bytes_max = 512 + 30 * limits::feed_scopes_max;

// No fact takes less of an envelope, however well a thousand of them are compressed.
constexpr std::size_t fact_bytes_least = 24;
constexpr int fitting_tries_max = 4;

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
    const auto count =
        std::min({range.count, limits::batch_facts_max, range.bytes / fact_bytes_least + 1});
    batch.events = means.log.entries(batch.first_seq, count);
    if (batch.events.size() > count) batch.events.resize(count);
    trim_events(batch);
    return batch;
}

/// Facts that take twice as much plain as they may sealed.
std::size_t first_guess(const Batch& batch, std::size_t bytes) {
    std::size_t plain = 0;
    std::size_t count = 0;
    while (count < batch.events.size() && plain <= 2 * bytes)
        plain += batch_bytes_of(batch.events[count++]);
    return count;
}

/// The first `count` facts of `whole`.
Outbox seal_front(const UploadMeans& means, const SyncIdentity& identity, const Batch& whole,
                  std::size_t count) {
    auto batch = whole;
    batch.events.resize(count);
    batch.last_hash = batch.events.back().hash;
    return {batch.first_seq, batch.last_seq(), batch.last_hash, 0,
            seal_batch(batch, identity.seal, means.key, means.random)};
}

}  // namespace

void use_bundle(SyncIdentity& identity, const KeyBundle& bundle, Instant now) {
    identity.seal.centre = bundle.seal_key_at(now).key;
    identity.receipt_key = bundle.receipt_key;
    identity.former_receipt_keys = bundle.former_receipt_keys;
    identity.protocol = bundle.protocol_max;
    identity.bundle_number = bundle.number;
}

std::optional<Outbox> seal_piece(const UploadMeans& means, const SyncIdentity& identity,
                                 const PieceRange& range, Instant now) {
    auto whole = make_batch(means, identity, range, now);
    if (whole.events.empty()) return std::nullopt;
    // How far something is compressed, only trying tells: `least` facts fit, `most` don't.
    const auto count = whole.events.size();
    std::size_t least = 0;
    std::size_t most = count + 1;
    auto tried = first_guess(whole, range.bytes);
    std::optional<Outbox> best;
    for (int tries = 0; !best || tries < fitting_tries_max; ++tries) {
        auto sealed = seal_front(means, identity, whole, tried);
        const auto size = sealed.envelope.size();
        if (size <= range.bytes || tried == 1) {
            best = std::move(sealed);
            least = tried;
            if (tried == count || size >= range.bytes / 4 * 3) break;
        } else {
            most = tried;
        }
        if (most - least <= 1) break;
        tried = std::clamp(tried * range.bytes / size, least + 1, most - 1);
    }
    return best;
}

}  // namespace egret::sync
