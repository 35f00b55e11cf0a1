#include "registry/service/dose_course.h"

#include "registry/rules/subject.h"
#include "registry/rules/vaccination.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace egret::service {
namespace {

/// More than any series has: a protocol that never ends is left alone.
constexpr int course_doses_max = 8;

bool is_complete(const rules::Decision& decision) {
    return decision.status == rules::VaccinationStatus::complete;
}

int doses_counted(const rules::Decision& decision) {
    return static_cast<int>(std::count_if(
        decision.doses.begin(), decision.doses.end(),
        [](const rules::EvaluatedDose& dose) { return dose.dose_number.has_value(); }));
}

/// The next dose, if one is wanted.
const rules::Action* next_dose(const rules::Decision& decision) {
    if (decision.actions.empty()) return nullptr;
    const auto& action = decision.actions.front();
    return action.code == rules::ActionCode::dose && action.earliest && action.due ? &action
                                                                                   : nullptr;
}

/// How many doses are given in all if each further one is given on the day on which it is due.
/// Nothing, if that never completes the vaccination.
std::optional<int> doses_in_all(const rules::Protocol& protocol, rules::Subject subject, Date on,
                                const std::string& product) {
    for (int step = 0; step < course_doses_max; ++step) {
        const auto decision = rules::decide(protocol, subject, on);
        if (is_complete(decision)) return doses_counted(decision);
        const auto* next = next_dose(decision);
        if (!next) return std::nullopt;
        on = std::max(on, *next->due);
        subject.doses.push_back({PartialDate(on), product});
    }
    return std::nullopt;
}

bool counts_in(const rules::Decision& decision, const rules::GivenDose& dose) {
    return std::any_of(decision.doses.begin(), decision.doses.end(),
                       [&](const rules::EvaluatedDose& one) {
                           return one.date == dose.date && one.product == dose.product &&
                                  one.dose_number.has_value();
                       });
}

using Counted = std::map<std::pair<PartialDate, std::string>, int>;

Counted counted_in(const rules::Decision& decision) {
    Counted counted;
    for (const auto& dose : decision.doses) {
        if (dose.dose_number) ++counted[{dose.date, dose.product}];
    }
    return counted;
}

/// Nothing for what is no dose that was given.
std::optional<Counted::key_type> key_of(const Fact* fact) {
    const auto* dose = fact ? std::get_if<Dose>(&fact->detail) : nullptr;
    if (!dose || !fact->at.date || !is_completed(*fact)) return std::nullopt;
    return Counted::key_type{*fact->at.date, dose->product};
}

/// The decision of the same protocol; of another one the first, if she is followed by others now.
const rules::Decision* counterpart(const rules::Decision& decision,
                                   const std::vector<rules::Decision>& others) {
    const auto same = std::find_if(others.begin(), others.end(), [&](const rules::Decision& other) {
        return other.protocol == decision.protocol;
    });
    if (same != others.end()) return &*same;
    return others.empty() ? nullptr : &others.front();
}

/// What rules see with that fact among the others; of a correction its lot is judged as before.
rules::Subject subject_with(History rest, const Fact* fact, const LiveFact* was) {
    if (fact) {
        LiveFact live;
        live.fact = *fact;
        const auto* old = was ? std::get_if<Dose>(&was->fact.detail) : nullptr;
        const auto* now = std::get_if<Dose>(&fact->detail);
        live.is_spoilt = old && now && was->is_spoilt && old->lot == now->lot;
        rest.facts.push_back(std::move(live));
    }
    return rules::subject_of(rest);
}

/// With the number and the days of the doses.
std::vector<Message::Argument> lost_days(const std::set<PartialDate>& lost) {
    std::string days;
    for (const auto& day : lost) days += (days.empty() ? "" : ", ") + day.to_string();
    return {{"count", std::to_string(lost.size())}, {"days", std::move(days)}};
}

/// Adds the days of doses that count in `before` and not in `after`; of `spared` one may be lost.
void add_lost(const std::vector<rules::Decision>& before, const std::vector<rules::Decision>& after,
              const std::optional<Counted::key_type>& spared, std::set<PartialDate>& lost) {
    for (const auto& decision : before) {
        const auto* other = counterpart(decision, after);
        if (!other) continue;
        auto still = counted_in(*other);
        for (const auto& [key, number] : counted_in(decision)) {
            const int wanted = number - (spared == key ? 1 : 0);
            if (still[key] < wanted) lost.insert(key.first);
        }
    }
}

}  // namespace

std::optional<Warning> longer_course_warning(const rules::Protocol& protocol,
                                             const rules::Subject& before,
                                             const rules::GivenDose& dose) {
    const auto day = dose.date.latest();
    const auto decision = rules::decide(protocol, before, day);
    const auto* next = next_dose(decision);
    if (!next || *next->earliest <= day) return std::nullopt;
    auto after = before;
    after.doses.push_back(dose);
    if (!counts_in(rules::decide(protocol, after, day), dose)) return std::nullopt;
    auto in_time = before;
    in_time.doses.push_back({PartialDate(*next->earliest), dose.product});
    const auto planned = doses_in_all(protocol, in_time, *next->earliest, dose.product);
    const auto needed = doses_in_all(protocol, after, day, dose.product);
    if (!planned || !needed || *needed <= *planned) return std::nullopt;
    return Warning{
        "longer_course",
        msg("warning.longer_course", {{"dose", std::to_string(next->dose_number.value_or(0))},
                                      {"planned", std::to_string(*planned)},
                                      {"from", next->earliest->to_string()},
                                      {"needed", std::to_string(*needed)}}),
        next->earliest};
}

std::optional<Warning> lost_dose_warning(const rules::Programme& programme, const History& rest,
                                         const LiveFact* was, const Fact* is, Date today) {
    const auto* before = was ? &was->fact : nullptr;
    const auto old = key_of(before);
    if (!old && !key_of(is)) return std::nullopt;
    std::set<PartialDate> lost;
    add_lost(rules::decide_all(programme, subject_with(rest, before, was), today),
             rules::decide_all(programme, subject_with(rest, is, was), today), old, lost);
    if (lost.empty()) return std::nullopt;
    const auto arguments = lost_days(lost);
    return Warning{"dose_loses_place", is ? msg("warning.dose_loses_place", arguments)
                                          : msg("warning.dose_loses_place_by_void", arguments)};
}

std::optional<Warning> lost_by_link_warning(const rules::Programme& programme, const History& one,
                                            const History& other, const History& both, Date today) {
    const auto after = rules::decide_all(programme, rules::subject_of(both), today);
    std::set<PartialDate> lost;
    for (const auto* record : {&one, &other}) {
        add_lost(rules::decide_all(programme, rules::subject_of(*record), today), after,
                 std::nullopt, lost);
    }
    // A day on which one counts is that of a dose that was written down in both.
    for (const auto& decision : after) {
        for (const auto& [key, number] : counted_in(decision)) lost.erase(key.first);
    }
    if (lost.empty()) return std::nullopt;
    return Warning{"dose_loses_place", msg("warning.dose_loses_place_by_link", lost_days(lost))};
}

}  // namespace egret::service
