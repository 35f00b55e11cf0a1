#include "sync/client/outbox_strangers.h"

#include <algorithm>

namespace egret::client {

bool is_current(const OutboxItem& item, const sync::ChainView& log) {
    const auto hash = sync::hash_at(log, item.last_seq);
    return hash && name_part(*hash) == item.hash;
}

std::vector<OutboxItem> find_strangers(const OutboxFolder& folder, const OutboxOwner& owner,
                                       const sync::ChainView& log) {
    std::vector<OutboxItem> strangers;
    for (const auto& item : folder.items()) {
        if (is_current(item, log)) continue;
        const auto flaw = folder.inspect(item, owner, nullptr);
        // The centre keeps its old keys for a while.
        if (flaw == OutboxFlaw::none || flaw == OutboxFlaw::old_key) strangers.push_back(item);
    }
    return strangers;
}

std::uint64_t free_of(const std::vector<OutboxItem>& strangers, const sync::ChainView& log) {
    auto free = log.head().seq;
    for (const auto& item : strangers) free = std::min(free, item.first_seq - 1);
    return free;
}

}  // namespace egret::client
