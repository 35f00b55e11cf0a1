#include "sync/core/sync_client.h"

#include <algorithm>

namespace egret::sync {

void adopt_standing(SyncState& state, const Standing& standing) {
    state.server_time_ms = std::max(state.server_time_ms, standing.server_time_ms);
    state.safe_seq = std::min(standing.safe_seq, standing.head_seq);
    state.acked_seq = standing.head_seq;
    state.is_lost = false;
}

}  // namespace egret::sync
