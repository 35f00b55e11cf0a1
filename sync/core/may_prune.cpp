#include "sync/core/sync_client.h"

namespace egret::sync {

bool may_prune(const SyncState& state, std::uint64_t seq) {
    return !state.is_lost && seq <= state.safe_seq && seq <= state.acked_seq;
}

}  // namespace egret::sync
