#include "registry/domain/history.h"

#include "registry/base/ensure.h"
#include "registry/domain/facility_id.h"

#include <algorithm>
#include <unordered_set>

namespace egret {
namespace {

/// True, if one may stand in the other's place: a correction never makes another kind of it, nor
/// another action of what happened to stock.
bool is_same_kind(const Fact& one, const Fact& other) {
    if (one.detail.index() != other.detail.index()) return false;
    const auto* stock = std::get_if<Stock>(&one.detail);
    return !stock || stock->action == std::get<Stock>(other.detail).action;
}

/// True, if that void or correction may be of that fact: what was said of a facility's stock is
/// changed by the clinic alone that said it.
bool may_amend(const LoggedEvent& later, const LoggedEvent& fact) {
    return !is_facility(fact.event.subject) || later.clinic == fact.clinic;
}

/// Works out which facts hold. Corrections and voids name their targets by uid, and may have
/// arrived before them.
class Liveness {
public:
    explicit Liveness(const std::vector<LoggedEvent>& events)
        : events_(events), states_(events.size(), State::unknown) {
        for (std::size_t i = 0; i < events.size(); ++i) {
            const auto& detail = events[i].event.fact.detail;
            if (std::holds_alternative<VoidFact>(detail)) voids_.push_back(i);
            if (std::holds_alternative<Correct>(detail)) corrects_.push_back(i);
        }
    }

    bool is_live(std::size_t i) {
        if (voids_.empty() || states_[i] == State::live) return true;
        if (states_[i] == State::voided) return false;
        // Two voids that name each other: the one that is asked about first stands.
        if (states_[i] == State::being_asked) return true;
        states_[i] = State::being_asked;
        const bool is_voided = void_of(i).has_value();
        states_[i] = is_voided ? State::voided : State::live;
        return !is_voided;
    }

    /// The first live void of fact `i`.
    std::optional<std::size_t> void_of(std::size_t i) {
        for (const auto v : voids_) {
            const auto& target = std::get<VoidFact>(events_[v].event.fact.detail).target;
            if (target == events_[i].event.uid && v != i && may_amend(events_[v], events_[i]) &&
                is_live(v))
                return v;
        }
        return std::nullopt;
    }

    /// The live corrections of fact `i` in order, by way of corrections of corrections too.
    std::vector<std::size_t> corrections_of(std::size_t i) {
        std::vector<std::size_t> found;
        for (const auto c : corrects_) {
            const auto& correct = std::get<Correct>(events_[c].event.fact.detail);
            if (correct.replacement.size() != 1 || root_of(c) != events_[i].event.uid ||
                !may_amend(events_[c], events_[i]))
                continue;
            const auto& replacement = correct.replacement.front();
            if (is_same_kind(replacement, events_[i].event.fact) && is_live(c)) found.push_back(c);
        }
        return found;
    }

private:
    enum class State : std::uint8_t { unknown, being_asked, live, voided };

    EventUid root_of(std::size_t correction) const {
        auto target = std::get<Correct>(events_[correction].event.fact.detail).target;
        for (std::size_t steps = 0; steps < corrects_.size(); ++steps) {
            const auto next = std::find_if(corrects_.begin(), corrects_.end(), [&](std::size_t c) {
                return events_[c].event.uid == target;
            });
            if (next == corrects_.end()) break;
            target = std::get<Correct>(events_[*next].event.fact.detail).target;
        }
        return target;
    }

    const std::vector<LoggedEvent>& events_;
    std::vector<State> states_;
    std::vector<std::size_t> voids_;
    std::vector<std::size_t> corrects_;
};

void sort_and_dedupe(std::vector<LoggedEvent>& events) {
    std::sort(events.begin(), events.end(),
              [](const auto& a, const auto& b) { return a.order < b.order; });
    std::unordered_set<EventUid> seen;  // A facility's stock is thousands of facts.
    seen.reserve(events.size());
    std::erase_if(events,
                  [&](const LoggedEvent& logged) { return !seen.insert(logged.event.uid).second; });
}

bool is_about_facts(const Fact& fact) {
    return std::holds_alternative<Correct>(fact.detail) ||
           std::holds_alternative<VoidFact>(fact.detail);
}

const Fact& replacement_of(const LoggedEvent& correction) {
    return std::get<Correct>(correction.event.fact.detail).replacement.front();
}

FactVersion version_of(const LoggedEvent& logged, const Fact& fact) {
    return {logged.event.uid, logged.event.author, logged.order, fact};
}

struct Folded {
    std::vector<LiveFact> live;
    std::vector<AmendedFact> amended;
    std::optional<Demographics> unregistered;  // Who she was by the registration voided last.
};

AmendedFact amended_of(const std::vector<LoggedEvent>& events, Liveness& liveness, std::size_t i) {
    AmendedFact amended{events[i].event.uid, {version_of(events[i], events[i].event.fact)}, {}};
    for (const auto c : liveness.corrections_of(i))
        amended.versions.push_back(version_of(events[c], replacement_of(events[c])));
    if (!liveness.is_live(i)) {
        if (const auto v = liveness.void_of(i))
            amended.voided = version_of(events[*v], events[*v].event.fact);
    }
    return amended;
}

Folded fold_facts(const std::vector<LoggedEvent>& events) {
    Folded folded;
    folded.live.reserve(events.size());
    Liveness liveness(events);
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto& logged = events[i];
        if (is_about_facts(logged.event.fact)) continue;
        const bool is_live = liveness.is_live(i);
        const auto corrections = liveness.corrections_of(i);
        const auto* last = corrections.empty() ? nullptr : &events[corrections.back()];
        const auto& fact = last ? replacement_of(*last) : logged.event.fact;
        if (!is_live || last) folded.amended.push_back(amended_of(events, liveness, i));
        if (is_live && fact.at.status != EventStatus::entered_in_error) {
            folded.live.push_back({logged.event.uid, fact, logged.order, logged.clinic,
                                   last != nullptr, false, logged.event.author,
                                   last ? last->order : logged.order});
        } else if (const auto* registered = std::get_if<Register>(&fact.detail)) {
            folded.unregistered = registered->who;
        }
    }
    return folded;
}

template <class T>
void take(std::vector<T>& to, const std::vector<T>& said) {
    if (!said.empty()) to = said;
}

void take(std::string& to, const std::string& said) {
    if (!said.empty()) to = said;
}

template <class T>
void take(std::optional<T>& to, const std::optional<T>& said) {
    if (said) to = said;
}

/// Says anew whatever `said` says.
void take(Demographics& who, const Demographics& said) {
    take(who.names, said.names);
    take(who.birth_date, said.birth_date);
    take(who.sex, said.sex);
    take(who.identifiers, said.identifiers);
    take(who.phones, said.phones);
    take(who.address, said.address);
    take(who.area, said.area);
    take(who.household_area, said.household_area);
    take(who.household_kind, said.household_kind);
    take(who.income_category, said.income_category);
    // Where one school lies says nothing of another.
    if (!said.school.empty() && said.school != who.school) who.school_area.clear();
    take(who.school, said.school);
    take(who.school_class, said.school_class);
    take(who.school_area, said.school_area);
    take(who.guardian, said.guardian);
    take(who.language, said.language);
    take(who.resident, said.resident);
}

/// What one fact says of where she lives and who cares for her.
struct Move {
    Date from;
    Order order;
    std::string area;
    std::string facility;
    std::optional<bool> resident;
};

std::optional<Move> move_of(const LiveFact& live) {
    Move move{clinical_day(live.fact, live.order), live.order, "", "", std::nullopt};
    if (const auto* registered = std::get_if<Register>(&live.fact.detail)) {
        move.area = registered->who.area;
        move.facility = live.facility();
        move.resident = registered->who.resident;
        return move;
    }
    if (const auto* change = std::get_if<DemographicsChange>(&live.fact.detail)) {
        move.area = change->who.area;
        move.resident = change->who.resident;
        if (move.area.empty() && !move.resident) return std::nullopt;
        return move;
    }
    if (const auto* transfer = std::get_if<Transfer>(&live.fact.detail)) {
        move.facility = transfer->to_facility;
        return move;
    }
    return std::nullopt;
}

std::vector<Residence> residences_of(const std::vector<LiveFact>& facts) {
    std::vector<Move> moves;
    for (const auto& live : facts) {
        if (auto move = move_of(live)) moves.push_back(*std::move(move));
    }
    std::sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) {
        return std::tie(a.from, a.order) < std::tie(b.from, b.order);
    });
    std::vector<Residence> residences;
    Residence now;
    for (const auto& move : moves) {
        now.from = move.from;
        take(now.area, move.area);
        take(now.facility, move.facility);
        if (move.resident) now.is_resident = *move.resident;
        if (!residences.empty() && residences.back().from == now.from) {
            residences.back() = now;
        } else {
            residences.push_back(now);
        }
    }
    return residences;
}

bool is_registered(const std::vector<LiveFact>& facts) {
    return std::any_of(facts.begin(), facts.end(), [](const LiveFact& live) {
        return std::holds_alternative<Register>(live.fact.detail);
    });
}

}  // namespace

bool tells_of_care(const std::vector<LiveFact>& facts) {
    return std::any_of(facts.begin(), facts.end(), [](const LiveFact& live) {
        const auto& detail = live.fact.detail;
        return !std::holds_alternative<Register>(detail) &&
               !std::holds_alternative<DemographicsChange>(detail) &&
               !std::holds_alternative<Link>(detail) && !std::holds_alternative<Unlink>(detail);
    });
}

Date clinical_day(const Fact& fact, const Order& order) {
    if (fact.at.date) return fact.at.date->earliest();
    constexpr std::int64_t day_ms = 86'400'000;
    return Date::from_days(static_cast<std::int32_t>(order.effective.ms() / day_ms));
}

History fold(const std::vector<WomanId>& members, std::vector<LoggedEvent> events) {
    EGRET_ENSURE(!members.empty());
    sort_and_dedupe(events);
    History history;
    history.members = members;
    std::sort(history.members.begin(), history.members.end());
    history.woman = history.members.front();
    auto folded = fold_facts(events);
    history.facts = std::move(folded.live);
    history.amended = std::move(folded.amended);
    history.is_registration_voided =
        folded.unregistered && tells_of_care(history.facts) && !is_registered(history.facts);
    if (history.is_registration_voided) history.who = *std::move(folded.unregistered);
    history.residences = residences_of(history.facts);
    for (const auto& live : history.facts) {  // Still in order: the last word counts.
        const auto day = clinical_day(live.fact, live.order);
        if (const auto* registered = std::get_if<Register>(&live.fact.detail)) {
            take(history.who, registered->who);
            history.registered_on = std::min(history.registered_on.value_or(day), day);
        } else if (const auto* change = std::get_if<DemographicsChange>(&live.fact.detail)) {
            take(history.who, change->who);
        } else if (std::holds_alternative<Death>(live.fact.detail)) {
            history.died_on = day;
        }
    }
    std::stable_sort(history.facts.begin(), history.facts.end(),
                     [](const LiveFact& a, const LiveFact& b) {
                         return clinical_day(a.fact, a.order) < clinical_day(b.fact, b.order);
                     });
    if (!history.residences.empty()) history.who.area = history.residences.back().area;
    return history;
}

}  // namespace egret
