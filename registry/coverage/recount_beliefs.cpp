#include "registry/coverage/recount_beliefs.h"

#include "registry/domain/facility_id.h"

#include <algorithm>
#include <map>
#include <set>
#include <variant>

namespace egret::coverage {
namespace {

/// Who voids and corrects whom.
class Amendments {
public:
    explicit Amendments(const std::vector<const LoggedEvent*>& in_order) {
        for (const auto* logged : in_order) {
            const auto& detail = logged->event.fact.detail;
            logged_[logged->event.uid] = logged;
            if (const auto* made = std::get_if<VoidFact>(&detail)) {
                voids_[made->target].push_back(logged->event.uid);
            } else if (const auto* correction = std::get_if<Correct>(&detail)) {
                target_of_[logged->event.uid] = correction->target;
            }
        }
    }

    /// True unless a void that stands itself names it.
    bool stands(const EventUid& uid) {
        const auto [known, is_new] = stands_.try_emplace(uid, true);
        if (!is_new) return known->second;
        for (const auto& made_void : voids_[uid]) {
            if (made_void != uid && is_heeded(made_void, uid) && stands(made_void)) {
                stands_[uid] = false;
                break;
            }
        }
        return stands_[uid];
    }

    /// Of what is a facility's, nobody but who said it takes anything back.
    bool is_heeded(const EventUid& later, const EventUid& earlier) const {
        const auto* said = logged_.at(earlier);
        return !is_facility(said->event.subject) || logged_.at(later)->clinic == said->clinic;
    }

    /// The first fact of a chain of corrections.
    EventUid first_of(EventUid uid) const {
        std::set<EventUid> seen;
        for (auto found = target_of_.find(uid);
             found != target_of_.end() && seen.insert(uid).second; found = target_of_.find(uid))
            uid = found->second;
        return uid;
    }

private:
    std::map<EventUid, std::vector<EventUid>> voids_;
    std::map<EventUid, EventUid> target_of_;
    std::map<EventUid, bool> stands_;
    std::map<EventUid, const LoggedEvent*> logged_;
};

Date day_of(const Fact& fact, const LoggedEvent& logged) {
    if (fact.at.date) return fact.at.date->earliest();
    return Date::from_days(static_cast<int>(logged.order.effective.ms() / 1000 / 60 / 60 / 24));
}

/// A correction is believed if it speaks of the same kind of thing.
bool speaks_of_the_same(const Fact& said, const Fact& before) {
    if (type_number(said) != type_number(before)) return false;
    const auto* now = std::get_if<Stock>(&said.detail);
    const auto* then = std::get_if<Stock>(&before.detail);
    return !now || !then || now->action == then->action;
}

}  // namespace

std::vector<Belief> believe(const std::vector<LoggedEvent>& events) {
    std::vector<const LoggedEvent*> in_order;
    in_order.reserve(events.size());
    for (const auto& logged : events) in_order.push_back(&logged);
    std::stable_sort(in_order.begin(), in_order.end(),
                     [](const auto* a, const auto* b) { return a->order < b->order; });
    std::set<EventUid> seen;
    std::erase_if(in_order,
                  [&](const auto* logged) { return !seen.insert(logged->event.uid).second; });

    std::vector<Belief> beliefs;
    Amendments amendments(in_order);
    for (const auto* logged : in_order) {
        const auto* fact = &logged->event.fact;
        if (std::holds_alternative<VoidFact>(fact->detail) ||
            std::holds_alternative<Correct>(fact->detail) || !amendments.stands(logged->event.uid))
            continue;
        for (const auto* later : in_order) {
            const auto* correction = std::get_if<Correct>(&later->event.fact.detail);
            if (!correction || correction->replacement.size() != 1) continue;
            const auto& replacement = correction->replacement[0];
            if (amendments.first_of(later->event.uid) == logged->event.uid &&
                speaks_of_the_same(replacement, logged->event.fact) &&
                amendments.is_heeded(later->event.uid, logged->event.uid) &&
                amendments.stands(later->event.uid))
                fact = &replacement;
        }
        if (fact->at.status == EventStatus::entered_in_error) continue;
        const auto& said = fact->at.facility;
        beliefs.push_back({logged->event.uid, *fact, day_of(*fact, *logged), logged->clinic,
                           said.empty() ? logged->clinic : said, logged->event.author});
    }
    return beliefs;
}

}  // namespace egret::coverage
