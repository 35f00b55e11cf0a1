#include "sync/core/log_repair.h"

#include <iterator>
#include <utility>

namespace egret::sync {

RepairPlan plan_repair(const ChainView& log, std::uint64_t from, std::vector<LogEntry> entries) {
    // A hash covers all before it: where the two differ once, they never agree again.
    std::size_t shared = 0;
    while (shared < entries.size() && hash_at(log, from + shared) == entries[shared].hash) ++shared;
    RepairPlan plan;
    plan.ancestor = from - 1 + shared;
    plan.tail.assign(std::make_move_iterator(entries.begin() + static_cast<std::ptrdiff_t>(shared)),
                     std::make_move_iterator(entries.end()));
    return plan;
}

}  // namespace egret::sync
