#include "sync/core/log_repair.h"

#include "registry/base/ensure.h"
#include "sync/core/sync_client.h"

#include <algorithm>
#include <utility>

namespace egret::sync {
namespace {

// Where what was acknowledged isn't there either, two things went wrong at once: seldom near.
constexpr std::uint64_t first_distance = 64;

}  // namespace

RepairStep LogRepair::start() {
    error_.reset();
    plan_ = {};
    entries_.clear();
    distance_ = first_distance;
    return RepairStep::ask_head;
}

RepairStep LogRepair::on_head(const Standing& standing) {
    head_ = standing;
    if (is_ours(log_, standing)) {
        plan_ = {standing.head_seq, {}};
        return RepairStep::adopt;
    }
    if (head_.head_seq == 0) return contradicted();
    from_ = std::min({acked_seq_, head_.head_seq - 1, log_.head().seq}) + 1;
    return RepairStep::fetch;
}

RepairStep LogRepair::on_piece(const Batch& piece) {
    EGRET_ENSURE(!piece.events.empty());
    if (piece.first_seq != from_) return contradicted();
    if (!entries_.empty())
        return piece.prev_hash == last_hash_ ? take_events(piece) : contradicted();
    if (hash_at(log_, from_ - 1) != piece.prev_hash) return go_back();
    first_ = from_;
    return take_events(piece);
}

RepairStep LogRepair::on_failure(Error error) {
    error_ = std::move(error);
    return RepairStep::wait;
}

RepairStep LogRepair::go_back() {
    if (from_ == 1) return contradicted();
    from_ -= std::min(distance_, from_ - 1);
    distance_ *= 2;
    return RepairStep::fetch;
}

RepairStep LogRepair::take_events(const Batch& piece) {
    entries_.insert(entries_.end(), piece.events.begin(), piece.events.end());
    last_hash_ = piece.events.back().hash;
    from_ = piece.last_seq() + 1;
    if (from_ <= head_.head_seq) return RepairStep::fetch;
    // The centre may have taken in more meanwhile, by another copy of this device.
    const auto head_at = static_cast<std::size_t>(head_.head_seq - first_);
    if (entries_[head_at].hash != head_.head_hash) return contradicted();
    plan_ = plan_repair(log_, first_, std::move(entries_));
    entries_.clear();
    return RepairStep::adopt;
}

RepairStep LogRepair::contradicted() {
    return on_failure({ErrorCode::unavailable, "", msg("own_log.contradicts")});
}

}  // namespace egret::sync
