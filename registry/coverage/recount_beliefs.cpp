#include "registry/coverage/recount_beliefs.h"

#include "registry/domain/facility_id.h"

#include <algorithm>
#include <map>
#include <set>
#include <variant>

namespace egret::coverage {
namespace {

constexpr const char* centre = "CENTRE";

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

    /// Of what is a facility's, nobody but who said it takes anything back. Of a woman's, the
    /// clinic that said it and the centre do; and at the clinic a nurse takes back what is her own.
    bool is_heeded(const EventUid& later, const EventUid& earlier) const {
        const auto* said = logged_.at(earlier);
        const auto* now = logged_.at(later);
        const bool is_own = now->clinic == said->clinic;
        if (is_facility(said->event.subject)) return is_own || now->is_accepted;
        if (std::get_if<Erase>(&said->event.fact.detail)) return false;
        if (now->clinic == centre || now->is_accepted) return true;
        if (!is_own) return false;
        const auto& role = now->event.fact.at.role;
        const bool is_led = !role || *role == MakerRole::lead;
        return is_led || now->event.author == said->event.author ||
               !std::get_if<VoidFact>(&now->event.fact.detail);
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

bool tells_who(const Fact& fact) {
    return std::get_if<Register>(&fact.detail) || std::get_if<DemographicsChange>(&fact.detail);
}

using Reading = std::map<EventUid, std::set<EventUid>>;

/// What the maker of each event knew of: what the event names, what its device had written of the
/// same woman before, and what was known to the makers of these.
Reading readings(const std::vector<const LoggedEvent*>& events, bool heed_names) {
    Reading direct;
    for (const auto* logged : events) {
        auto& read = direct[logged->event.uid];
        if (heed_names)
            read.insert(logged->event.supersedes.begin(), logged->event.supersedes.end());
        for (const auto* before : events) {
            if (before->order.device == logged->order.device &&
                before->event.subject == logged->event.subject &&
                before->order.seq < logged->order.seq)
                read.insert(before->event.uid);
        }
    }
    Reading all;
    for (const auto& [uid, named] : direct) {
        auto& read = all[uid];
        std::vector<EventUid> waiting(named.begin(), named.end());
        while (!waiting.empty()) {
            const auto next = waiting.back();
            waiting.pop_back();
            const auto known = direct.find(next);
            if (known == direct.end() || !read.insert(next).second) continue;
            waiting.insert(waiting.end(), known->second.begin(), known->second.end());
        }
    }
    return all;
}

void note_readings(const std::vector<const LoggedEvent*>& in_order, std::vector<Belief>& beliefs) {
    const auto count = std::count_if(beliefs.begin(), beliefs.end(),
                                     [](const Belief& one) { return tells_who(one.fact); });
    if (count < 2) return;
    std::vector<const LoggedEvent*> tellers;
    for (const auto* logged : in_order) {
        const auto& fact = logged->event.fact;
        if (tells_who(fact) || std::get_if<Correct>(&fact.detail)) tellers.push_back(logged);
    }
    auto read = readings(tellers, true);
    // Nobody knows of herself before: such names are lies.
    const bool has_circle = std::any_of(
        read.begin(), read.end(), [](const auto& one) { return one.second.count(one.first) > 0; });
    if (has_circle) read = readings(tellers, false);
    for (auto& belief : beliefs) {
        if (tells_who(belief.fact)) belief.had_read = read[belief.uid];
    }
}

/// Nobody is believed who sends her away from where she is, and is neither there, nor brought her
/// there, nor takes her in.
void drop_strangers_transfers(std::vector<Belief>& beliefs) {
    std::vector<const Belief*> by_day;
    for (const auto& belief : beliefs) by_day.push_back(&belief);
    std::stable_sort(by_day.begin(), by_day.end(),
                     [](const auto* a, const auto* b) { return a->day < b->day; });
    std::string where;
    std::string brought_by;
    std::set<EventUid> dropped;
    for (const auto* belief : by_day) {
        if (std::get_if<Register>(&belief->fact.detail)) {
            where = belief->facility;
            brought_by = belief->clinic;
        }
        const auto* transfer = std::get_if<Transfer>(&belief->fact.detail);
        if (!transfer) continue;
        const std::set<std::string> entitled{where, brought_by, transfer->to_facility, centre};
        if (!where.empty() && !belief->is_accepted && entitled.count(belief->clinic) == 0) {
            dropped.insert(belief->uid);
            continue;
        }
        where = transfer->to_facility;
        brought_by = belief->clinic;
    }
    std::erase_if(beliefs, [&](const Belief& belief) { return dropped.count(belief.uid) > 0; });
}

/// What was said of her whom the law lets forget is not believed any more.
void forget_erased(std::vector<const LoggedEvent*>& events) {
    std::set<WomanId> forgotten;
    for (const auto* logged : events) {
        const auto* erase = std::get_if<Erase>(&logged->event.fact.detail);
        const bool is_order = erase && erase->confirms == EventUid{} && logged->clinic == centre;
        if (is_order && !is_facility(logged->event.subject))
            forgotten.insert(logged->event.subject);
    }
    std::erase_if(events, [&](const LoggedEvent* logged) {
        return forgotten.count(logged->event.subject) > 0;
    });
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

    forget_erased(in_order);

    std::vector<Belief> beliefs;
    Amendments amendments(in_order);
    for (const auto* logged : in_order) {
        const auto* fact = &logged->event.fact;
        if (std::holds_alternative<VoidFact>(fact->detail) ||
            std::holds_alternative<Correct>(fact->detail) ||
            std::holds_alternative<Erase>(fact->detail) || !amendments.stands(logged->event.uid))
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
                           said.empty() ? logged->clinic : said, logged->event.author,
                           logged->is_accepted});
    }
    drop_strangers_transfers(beliefs);
    note_readings(in_order, beliefs);
    return beliefs;
}

const Belief* last_word(const std::vector<Belief>& beliefs,
                        const std::function<bool(const Belief&)>& speaks) {
    const Belief* last = nullptr;
    for (const auto& belief : beliefs) {
        if (!speaks(belief)) continue;
        const bool is_read = std::any_of(beliefs.begin(), beliefs.end(), [&](const Belief& other) {
            return speaks(other) && other.had_read.count(belief.uid) > 0;
        });
        if (!is_read) last = &belief;
    }
    return last;
}

}  // namespace egret::coverage
