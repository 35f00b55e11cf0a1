#include "registry/domain/dedupe_events.h"

#include <algorithm>
#include <unordered_set>

namespace egret {

void dedupe_events(std::vector<LoggedEvent>& events) {
    std::sort(events.begin(), events.end(),
              [](const auto& a, const auto& b) { return a.order < b.order; });
    std::unordered_set<EventUid> seen;  // A facility's stock is thousands of facts.
    seen.reserve(events.size());
    std::erase_if(events,
                  [&](const LoggedEvent& logged) { return !seen.insert(logged.event.uid).second; });
}

}  // namespace egret
