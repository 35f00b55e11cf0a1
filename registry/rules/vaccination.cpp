#include "registry/rules/vaccination.h"

#include "registry/rules/detail/exact_decision.h"
#include "registry/rules/detail/uncounted_dose.h"
#include "registry/rules/eligibility_answer.h"
#include "registry/rules/vaccine.h"

#include <algorithm>

namespace egret::rules {
namespace {

using detail::ExactCase;

/// The doses that the protocol is about, in an order that depends on nothing but what they are.
std::vector<const GivenDose*> relevant_doses(const Protocol& protocol, const Subject& subject,
                                             Date on, Decision& decision) {
    std::vector<const GivenDose*> all;
    for (const auto& dose : subject.doses) all.push_back(&dose);
    std::sort(all.begin(), all.end(),
              [](const GivenDose* a, const GivenDose* b) { return *a < *b; });
    std::vector<const GivenDose*> doses;
    for (const auto* dose : all) {
        const auto* vaccine = find_vaccine(dose->product);
        const auto& wanted = protocol.schedule.vaccines;
        if (!vaccine || std::none_of(wanted.begin(), wanted.end(),
                                     [&](const auto& code) { return vaccine->is_a(code); })) {
            if (!dose->product.empty()) decision.ignored.push_back(dose->product);
            decision.not_counted.push_back({dose->date, dose->product,
                                            detail::why_passed_over(protocol.id, dose->product),
                                            dose->lot});
        } else if (on < dose->date.earliest()) {
            decision.problems.push_back(
                msg("rules.dose_after_day", {{"date", dose->date.to_string()}}));
        } else if (subject.birth_date && dose->date.latest() < subject.birth_date->earliest()) {
            decision.problems.push_back(
                msg("rules.dose_before_birth", {{"date", dose->date.to_string()}}));
        } else {
            doses.push_back(dose);
        }
    }
    return doses;
}

bool uses_flag(const Protocol& protocol, const std::string& code) {
    const auto has = [&](const std::vector<std::string>& flags) {
        return std::find(flags.begin(), flags.end(), code) != flags.end();
    };
    for (const auto& rule : protocol.schedule.contraindications) {
        if (has(rule.flags)) return true;
    }
    for (const auto& series : protocol.schedule.series) {
        for (const auto& indication : series.indications) {
            if (has(indication.flags)) return true;
        }
    }
    return false;
}

void name_ignored(const Protocol& protocol, const Subject& subject, Decision& decision) {
    for (const auto& flag : subject.flags) {
        if (!uses_flag(protocol, flag.code)) decision.ignored.push_back(flag.code);
    }
    auto& all = decision.ignored;
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
}

/// How somebody stands on a day, as far as it changes what a nurse does.
struct Standing {
    VaccinationStatus status;
    ActionCode action;
    std::optional<int> dose_number;
    int readiness = 0;  // Not yet, may be given, due, overdue.
    std::vector<std::pair<DoseStatus, DoseReason>> doses;

    friend bool operator==(const Standing&, const Standing&) = default;
};

Standing standing_of(const Decision& decision) {
    Standing standing{decision.status, ActionCode::none, {}, 0, {}};
    if (!decision.actions.empty()) {
        const auto& action = decision.actions.front();
        standing.action = action.code;
        standing.dose_number = action.dose_number;
        for (const auto& day : {action.earliest, action.due, action.overdue_after})
            standing.readiness += day && *day <= decision.on ? 1 : 0;
    }
    for (const auto& dose : decision.doses) standing.doses.emplace_back(dose.status, dose.reason);
    return standing;
}

/// Every choice of first or last day for the dates that aren't exact.
constexpr std::size_t inexact_dates_max = 6;

std::vector<ExactCase> ends_of(const Subject& subject, const std::vector<const GivenDose*>& doses,
                               Date on) {
    std::vector<ExactCase> cases{{}};
    const auto branch = [&](const PartialDate& date, auto set) {
        const auto last = std::min(date.latest(), std::max(on, date.earliest()));
        const auto count = cases.size();
        const bool is_open = !date.is_exact() && count < (1U << inexact_dates_max);
        for (std::size_t i = 0; i < count; ++i) {
            if (is_open) {
                cases.push_back(cases[i]);
                set(cases.back(), last);
            }
            set(cases[i], date.earliest());
        }
    };
    branch(*subject.birth_date, [](ExactCase& one, Date day) { one.birth = day; });
    for (const auto* dose : doses) {
        branch(dose->date, [&](ExactCase& one, Date day) {
            one.doses.push_back({dose, std::max(day, one.birth)});
        });
    }
    return cases;
}

Action ask_clinician(std::string rule, Message text) {
    Action action;
    action.code = ActionCode::clinician_decides;
    action.why.push_back({std::move(rule), std::move(text)});
    return action;
}

/// Of answers that agree in what to do today, the days on which nothing is done too early. False if
/// there is no such day: one is over before the other begins.
bool widen(Decision& decision, const Decision& other) {
    if (decision.actions.empty()) return true;
    auto& action = decision.actions.front();
    const auto& theirs = other.actions.front();
    action.earliest = std::max(action.earliest, theirs.earliest);
    action.due = std::max(action.due, theirs.due);
    action.overdue_after = std::max(action.overdue_after, theirs.overdue_after);
    if (theirs.latest && (!action.latest || *theirs.latest < *action.latest))
        action.latest = theirs.latest;
    if (action.latest && action.due && *action.latest < *action.due) action.due = action.latest;
    return !action.latest || *action.earliest <= *action.latest;
}

/// What is said of a dose at each end of its days. The first end's sentence stands: of two days
/// from which it would have counted, either may be meant.
void keep_common(std::vector<UncountedDose>& all, const std::vector<UncountedDose>& others) {
    std::erase_if(all, [&](const UncountedDose& one) {
        return std::none_of(others.begin(), others.end(), [&](const UncountedDose& other) {
            return one.date == other.date && one.product == other.product &&
                   one.why.rule == other.why.rule;
        });
    });
}

void decide_at_both_ends(const Protocol& protocol, const Subject& subject,
                         const std::vector<const GivenDose*>& doses, Decision& decision) {
    const auto cases = ends_of(subject, doses, decision.on);
    const auto before = decision;
    detail::decide_exactly(protocol, subject, cases.front(), decision);
    const auto standing = standing_of(decision);
    bool agree = true;
    for (std::size_t i = 1; i < cases.size(); ++i) {
        auto other = before;
        detail::decide_exactly(protocol, subject, cases[i], other);
        keep_common(decision.not_counted, other.not_counted);
        agree = agree && standing_of(other) == standing && widen(decision, other);
    }
    if (agree) return;
    decision.actions = {
        ask_clinician(protocol.id + "/inexact-date", msg("rules.inexact_date_matters"))};
    decision.problems.push_back(msg(subject.birth_date->is_exact() ? "rules.dose_date_not_exact"
                                                                   : "rules.birth_date_not_exact"));
}

/// What a reader must know first: the protocol doesn't hold yet, or no longer.
std::optional<Why> why_out_of_force(const Protocol& protocol, Date on) {
    const auto& valid = protocol.valid;
    if (valid.holds_on(on)) return std::nullopt;
    const auto rule = protocol.id + "/valid";
    if (valid.from && on < *valid.from)
        return Why{rule, msg("rules.not_in_force_yet", {{"from", valid.from->to_string()}})};
    return Why{rule, msg("rules.no_longer_in_force", {{"to", valid.to->to_string()}})};
}

}  // namespace

Decision decide(const Protocol& protocol, const Subject& subject, Date on) {
    Decision decision;
    decision.protocol = protocol.id;
    decision.version = protocol.version;
    decision.on = on;
    decision.out_of_force = why_out_of_force(protocol, on);
    const auto doses = relevant_doses(protocol, subject, on, decision);
    name_ignored(protocol, subject, decision);
    if (protocol.eligibility)
        decision.eligibility = answer_eligibility(protocol, subject, doses, on);
    if (!subject.birth_date) {
        decision.problems.push_back(msg("rules.no_birth_date"));
        decision.actions.push_back(
            ask_clinician(protocol.id + "/no-birth-date", msg("rules.no_birth_date")));
    } else if (on < subject.birth_date->earliest()) {
        decision.problems.push_back(msg("rules.born_after_day"));
        decision.actions.push_back(
            ask_clinician(protocol.id + "/no-birth-date", msg("rules.born_after_day")));
    } else {
        decide_at_both_ends(protocol, subject, doses, decision);
    }
    return decision;
}

}  // namespace egret::rules
