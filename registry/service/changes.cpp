#include "registry/service/changes.h"

#include <algorithm>

namespace egret::service {
namespace {

/// What a correction or a void names; nothing for other facts.
std::optional<EventUid> target_of(const Fact& fact) {
    if (const auto* correct = std::get_if<Correct>(&fact.detail)) return correct->target;
    if (const auto* voided = std::get_if<VoidFact>(&fact.detail)) return voided->target;
    return std::nullopt;
}

/// The fact at the end of a chain of corrections and voids; nothing if it isn't here.
const LoggedEvent* fact_behind(const std::vector<LoggedEvent>& events, EventUid uid) {
    for (std::size_t steps = 0; steps <= events.size(); ++steps) {
        const auto found = std::find_if(events.begin(), events.end(), [&](const LoggedEvent& one) {
            return one.event.uid == uid;
        });
        if (found == events.end()) return nullptr;
        const auto target = target_of(found->event.fact);
        if (!target) return &*found;
        uid = *target;
    }
    return nullptr;
}

/// What the fact said when only the first `count` events were there.
std::optional<Fact> said_after(const std::vector<WomanId>& members,
                               const std::vector<LoggedEvent>& events, std::size_t count,
                               const EventUid& uid) {
    const auto history =
        fold(members, {events.begin(), events.begin() + static_cast<std::ptrdiff_t>(count)});
    for (const auto& live : history.facts) {
        if (live.uid == uid) return live.fact;
    }
    return std::nullopt;
}

}  // namespace

std::vector<Change> changes_of(Clinic& clinic, const History& shown) {
    const auto members = clinic.members_of(shown.woman);
    std::vector<Change> changes;
    if (members.empty()) return changes;
    auto events = clinic.log().events_of(members);
    std::sort(events.begin(), events.end(),
              [](const LoggedEvent& a, const LoggedEvent& b) { return a.order < b.order; });
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto& event = events[i].event;
        const auto target = target_of(event.fact);
        const auto* root = target ? fact_behind(events, *target) : nullptr;
        if (!root) continue;
        const auto& uid = root->event.uid;
        changes.push_back({event.uid, uid, std::string(type_name(root->event.fact)),
                           said_after(members, events, i, uid),
                           said_after(members, events, i + 1, uid), event.author,
                           clinic.log().find_ingest(event.uid), event.fact.at.because});
    }
    return changes;
}

std::string recorded_text(const Clinic& clinic, const store::Ingest& ingest) {
    const auto& zone = clinic.time_zone();
    if (zone.local_day(ingest.received) == ingest.known_day)
        return zone.local_time_text(ingest.received);
    return ingest.known_day.to_string();
}

std::string recorded_text(Clinic& clinic, const EventUid& event) {
    const auto ingest = clinic.log().find_ingest(event);
    return ingest ? recorded_text(clinic, *ingest) : std::string();
}

}  // namespace egret::service
