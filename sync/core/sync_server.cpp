#include "sync/core/sync_server.h"

#include "registry/base/ensure.h"

#include <algorithm>
#include <stdexcept>

namespace egret::sync {
namespace {

/// The hash of the batch's event `seq`, or of what it says comes before its first.
const Hash& hash_in(const Batch& batch, std::uint64_t seq) {
    if (seq + 1 == batch.first_seq) return batch.prev_hash;
    return batch.events[static_cast<std::size_t>(seq - batch.first_seq)].hash;
}

}  // namespace

UploadCode UploadDecision::code() const noexcept {
    switch (kind) {
        case Kind::append:
        case Kind::already_known: return UploadCode::applied;
        case Kind::gap: return UploadCode::gap;
        case Kind::fork: return UploadCode::fork;
        case Kind::bad_chain: break;
    }
    return UploadCode::bad_chain;
}

UploadDecision decide_upload(const ChainView& stored, const Batch& batch) {
    using Kind = UploadDecision::Kind;
    EGRET_ENSURE(!batch.events.empty() && batch.first_seq > 0);
    if (batch.events.back().hash != batch.last_hash) return {Kind::bad_chain};
    if (batch.first_seq == 1 && batch.prev_hash != codec::chain_start) return {Kind::bad_chain};

    const auto head = stored.head();
    if (batch.first_seq > head.seq + 1) return {Kind::gap};

    // Each hash covers all before it, on both sides. So where the last event that both have is the
    // same, all are, and where any differs, this one does.
    const auto shared_seq = std::min(head.seq, batch.last_seq());
    const auto known = hash_at(stored, shared_seq);
    if (!known) throw std::runtime_error("the stored log lacks a hash up to its head");
    if (*known != hash_in(batch, shared_seq)) return {Kind::fork};
    if (shared_seq == batch.last_seq()) return {Kind::already_known};
    return {Kind::append, static_cast<std::size_t>(shared_seq + 1 - batch.first_seq)};
}

}  // namespace egret::sync
