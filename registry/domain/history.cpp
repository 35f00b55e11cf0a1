#include "registry/domain/history.h"

#include "registry/base/ensure.h"
#include "registry/domain/dedupe_events.h"

#include <algorithm>
#include <unordered_map>
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
            if (target == events_[i].event.uid && v != i && is_heeded(events_[v], events_[i]) &&
                is_live(v))
                return v;
        }
        return std::nullopt;
    }

    /// The voids and the corrections.
    std::vector<std::size_t> amendments() const {
        auto all = voids_;
        all.insert(all.end(), corrects_.begin(), corrects_.end());
        return all;
    }

    /// What the void or correction is of, as far as authority goes: of a correction the fact at the
    /// end of its chain.
    EventUid target_of(std::size_t amendment) const {
        const auto* voids = std::get_if<VoidFact>(&events_[amendment].event.fact.detail);
        return voids ? voids->target : root_of(amendment);
    }

    /// The live corrections of fact `i` in order, by way of corrections of corrections too.
    std::vector<std::size_t> corrections_of(std::size_t i) {
        std::vector<std::size_t> found;
        for (const auto c : corrects_) {
            const auto& correct = std::get<Correct>(events_[c].event.fact.detail);
            if (correct.replacement.size() != 1 || root_of(c) != events_[i].event.uid ||
                !is_heeded(events_[c], events_[i]))
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

bool is_about_facts(const Fact& fact) {
    return std::holds_alternative<Correct>(fact.detail) ||
           std::holds_alternative<VoidFact>(fact.detail);
}

const Fact& replacement_of(const LoggedEvent& correction) {
    return std::get<Correct>(correction.event.fact.detail).replacement.front();
}

/// The fact as it was meant; as what its maker said it stands elsewhere.
Fact without_role(const Fact& fact) {
    auto plain = fact;
    plain.at.role.reset();
    return plain;
}

FactVersion version_of(const LoggedEvent& logged, const Fact& fact) {
    return {logged.event.uid, logged.event.author, logged.order, without_role(fact)};
}

struct Folded {
    std::vector<LiveFact> live;
    std::vector<AmendedFact> amended;
    std::vector<UnheededFact> unheeded;
    std::optional<Demographics> unregistered;  // Who she was by the registration voided last.
};

/// Two corrections stand, neither of which was made by one who had seen the other, and say
/// otherwise.
bool is_disputed(const AmendedFact& amended, const Sightings& sightings) {
    std::vector<EventUid> corrections;
    for (std::size_t i = 1; i < amended.versions.size(); ++i)
        corrections.push_back(amended.versions[i].event);
    const auto standing = sightings.unseen(corrections);
    return std::any_of(amended.versions.begin() + 1, amended.versions.end(),
                       [&](const FactVersion& version) {
                           return std::count(standing.begin(), standing.end(), version.event) > 0 &&
                                  version.fact != amended.versions.back().fact;
                       });
}

AmendedFact amended_of(const std::vector<LoggedEvent>& events, Liveness& liveness, std::size_t i) {
    AmendedFact amended{events[i].event.uid, {version_of(events[i], events[i].event.fact)}, {}};
    for (const auto c : liveness.corrections_of(i))
        amended.versions.push_back(version_of(events[c], replacement_of(events[c])));
    if (!liveness.is_live(i)) {
        if (const auto v = liveness.void_of(i))
            amended.voided = version_of(events[*v], events[*v].event.fact);
    }
    if (amended.versions.size() > 2) amended.is_disputed = is_disputed(amended, Sightings(events));
    return amended;
}

UnheededFact unheeded_of(const LoggedEvent& logged, WhyUnheeded why, const EventUid& about = {}) {
    return {logged.event.uid,
            about,
            std::string(type_name(logged.event.fact)),
            why,
            logged.event.author,
            logged.clinic,
            logged.order};
}

/// The voids and corrections that hold, and are of what their makers have no say in.
void add_unheeded_amendments(const std::vector<LoggedEvent>& events, Liveness& liveness,
                             std::vector<UnheededFact>& unheeded) {
    const auto amendments = liveness.amendments();
    if (amendments.empty()) return;
    std::unordered_map<EventUid, std::size_t> by_uid;
    for (std::size_t i = 0; i < events.size(); ++i) by_uid.emplace(events[i].event.uid, i);
    for (const auto i : amendments) {
        const auto target = by_uid.find(liveness.target_of(i));
        if (target == by_uid.end() || target->second == i || !liveness.is_live(i)) continue;
        const auto& about = events[target->second];
        if (const auto why = why_unheeded(events[i], about))
            unheeded.push_back(unheeded_of(events[i], *why, about.event.uid));
    }
}

/// Links, transfers and erasures that hold, by who has no say in them: they are none of the facts.
void take_out_powerless(const std::vector<LoggedEvent>& events,
                        const std::vector<EventUid>& powerless, Folded& folded) {
    auto out = unheeded_transfers(folded.live);
    out.insert(out.end(), powerless.begin(), powerless.end());
    std::unordered_map<EventUid, WhyUnheeded> why;
    for (const auto& uid : out) why.emplace(uid, WhyUnheeded::not_in_care);
    for (const auto& logged : events) {
        const auto* erase = std::get_if<Erase>(&logged.event.fact.detail);
        if (erase && erase->confirms.is_nil() && !is_erasure(logged))
            why.emplace(logged.event.uid, WhyUnheeded::centre_only);
    }
    if (!why.empty()) {
        std::unordered_set<EventUid> live;
        for (const auto& one : folded.live) live.insert(one.uid);
        for (const auto& logged : events) {
            const auto found = why.find(logged.event.uid);
            if (found != why.end() && live.contains(logged.event.uid))
                folded.unheeded.push_back(unheeded_of(logged, found->second));
        }
    }
    // Of an erasure nothing is shown but that it was: neither the order nor that it was done.
    std::erase_if(folded.live, [&](const LiveFact& live) {
        return why.contains(live.uid) || std::holds_alternative<Erase>(live.fact.detail);
    });
}

Folded fold_facts(const std::vector<LoggedEvent>& events, const std::vector<EventUid>& powerless) {
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
            folded.live.push_back({logged.event.uid, without_role(fact), logged.order,
                                   logged.clinic, last != nullptr, false, logged.event.author,
                                   last ? last->order : logged.order, logged.event.fact.at.role,
                                   logged.is_accepted});
        } else if (const auto* registered = std::get_if<Register>(&fact.detail)) {
            folded.unregistered = registered->who;
        }
    }
    add_unheeded_amendments(events, liveness, folded.unheeded);
    take_out_powerless(events, powerless, folded);
    std::sort(folded.unheeded.begin(), folded.unheeded.end(),
              [](const auto& a, const auto& b) { return a.order < b.order; });
    return folded;
}

void take(std::string& to, const std::string& said) {
    if (!said.empty()) to = said;
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

History fold(const std::vector<WomanId>& members, std::vector<LoggedEvent> events,
             const std::vector<EventUid>& powerless) {
    EGRET_ENSURE(!members.empty());
    dedupe_events(events);
    History history;
    history.members = members;
    std::sort(history.members.begin(), history.members.end());
    history.woman = history.members.front();
    history.erased = take_out_erased(events);
    auto folded = fold_facts(events, powerless);
    history.facts = std::move(folded.live);
    history.amended = std::move(folded.amended);
    history.unheeded = std::move(folded.unheeded);
    history.is_registration_voided =
        folded.unregistered && tells_of_care(history.facts) && !is_registered(history.facts);
    history.residences = residences_of(history.facts);
    auto merged = merge_who(  // Still in order: the last word counts.
        history.facts, events,
        history.is_registration_voided ? *std::move(folded.unregistered) : Demographics{});
    history.who = std::move(merged.who);
    history.said = std::move(merged.said);
    history.disputed = std::move(merged.disputed);
    for (const auto& live : history.facts) {
        const auto day = clinical_day(live.fact, live.order);
        if (std::holds_alternative<Register>(live.fact.detail)) {
            history.registered_on = std::min(history.registered_on.value_or(day), day);
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
