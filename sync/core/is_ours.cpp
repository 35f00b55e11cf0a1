#include "sync/core/sync_client.h"

namespace egret::sync {

bool is_ours(const LogView& log, const Standing& standing) {
    return hash_at(log, standing.head_seq) == standing.head_hash;
}

}  // namespace egret::sync
