#include "registry/rules/vaccination.h"

#include "registry/rules/detail/exact_decision.h"
#include "registry/rules/detail/out_of_force.h"
#include "registry/rules/detail/possible_cases.h"
#include "registry/rules/detail/uncounted_dose.h"
#include "registry/rules/eligibility_answer.h"
#include "registry/rules/vaccine.h"

#include <algorithm>

namespace egret::rules {
namespace {

using detail::ExactCase;

/// The lot helps to find out which it was.
Message unnamed_vaccine(const GivenDose& dose) {
    Message problem = msg("rules.dose_without_vaccine", {{"date", dose.date.to_string()}});
    if (!dose.lot.empty())
        problem = msg("rules.dose_without_vaccine_lot",
                      {{"date", dose.date.to_string()}, {"lot", dose.lot}});
    return problem;
}

Message undated_dose(const UndatedDose& dose) {
    const bool has_lot = !dose.lot.empty();
    if (dose.product.empty()) {
        return has_lot ? msg("rules.undated_dose_unnamed_lot", {{"lot", dose.lot}})
                       : msg("rules.undated_dose_unnamed");
    }
    if (!has_lot) return msg("rules.dose_without_date", {{"product", dose.product}});
    return msg("rules.dose_without_date_lot", {{"product", dose.product}, {"lot", dose.lot}});
}

/// Doses that may be of the protocol, of which nobody knows when they were given: each is asked
/// for. False, if there is none.
bool ask_for_undated(const Protocol& protocol, const Subject& subject, Decision& decision) {
    auto doses = subject.undated_doses;
    std::sort(doses.begin(), doses.end());
    bool has_any = false;
    for (const auto& dose : doses) {
        if (!dose.product.empty() && !is_one_of(dose.product, protocol.schedule.vaccines)) {
            decision.ignored.push_back(dose.product);
            continue;
        }
        decision.problems.push_back(undated_dose(dose));
        has_any = true;
    }
    return has_any;
}

/// The doses that the protocol is about, in an order that depends on nothing but what they are.
std::vector<const GivenDose*> relevant_doses(const Protocol& protocol, const Subject& subject,
                                             Date on, Decision& decision) {
    std::vector<const GivenDose*> all;
    for (const auto& dose : subject.doses) all.push_back(&dose);
    std::sort(all.begin(), all.end(),
              [](const GivenDose* a, const GivenDose* b) { return *a < *b; });
    std::vector<const GivenDose*> doses;
    for (const auto* dose : all) {
        if (!is_one_of(dose->product, protocol.schedule.vaccines)) {
            if (dose->product.empty()) {
                decision.problems.push_back(unnamed_vaccine(*dose));
                continue;
            }
            decision.ignored.push_back(dose->product);
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

/// What comes next on a day, as far as it changes what a nurse does.
struct NextStep {
    ActionCode action;
    std::optional<int> dose_number;
    int readiness = 0;  // Not yet, may be given, due, overdue.
    std::string rule;   // Why no dose is advised, or why somebody decides.

    friend bool operator==(const NextStep&, const NextStep&) = default;
};

struct Standing {
    VaccinationStatus status;
    std::vector<NextStep> steps;
    /// Which dose counts changes the next one. Where none comes it is no matter.
    std::vector<std::pair<DoseStatus, DoseReason>> doses;

    friend bool operator==(const Standing&, const Standing&) = default;
};

Standing standing_of(const Decision& decision) {
    Standing standing{decision.status, {}, {}};
    bool is_dose_advised = false;
    for (const auto& action : decision.actions) {
        NextStep step{action.code, action.dose_number, 0, {}};
        for (const auto& day : {action.earliest, action.due, action.overdue_after})
            step.readiness += day && *day <= decision.on ? 1 : 0;
        if (action.code == ActionCode::dose)
            is_dose_advised = true;
        else if (!action.why.empty())
            step.rule = action.why.front().rule;
        standing.steps.push_back(std::move(step));
    }
    if (!is_dose_advised) return standing;
    for (const auto& dose : decision.doses) standing.doses.emplace_back(dose.status, dose.reason);
    return standing;
}

Action ask_clinician(std::string rule, Message text) {
    Action action;
    action.code = ActionCode::clinician_decides;
    action.why.push_back({std::move(rule), std::move(text)});
    return action;
}

/// Of steps that agree in what to do today, the days on which nothing is done too early. False if
/// there is no such day: one is over before the other begins.
bool widen(Action& action, const Action& other) {
    action.earliest = std::max(action.earliest, other.earliest);
    action.due = std::max(action.due, other.due);
    action.overdue_after = std::max(action.overdue_after, other.overdue_after);
    if (other.latest && (!action.latest || *other.latest < *action.latest))
        action.latest = other.latest;
    if (action.latest && action.due && *action.latest < *action.due) action.due = action.latest;
    return !action.latest || *action.earliest <= *action.latest;
}

bool widen(Decision& decision, const Decision& other) {
    for (std::size_t i = 0; i < decision.actions.size(); ++i) {
        if (!widen(decision.actions[i], other.actions[i])) return false;
    }
    return true;
}

/// What is said of a dose whatever its day. The first sentence stands: of two days from which it
/// would have counted, either may be meant.
void keep_common(std::vector<UncountedDose>& all, const std::vector<UncountedDose>& others) {
    std::erase_if(all, [&](const UncountedDose& one) {
        return std::none_of(others.begin(), others.end(), [&](const UncountedDose& other) {
            return one.date == other.date && one.product == other.product &&
                   one.why.rule == other.why.rule;
        });
    });
}

void keep_common(std::vector<Why>& all, const std::vector<Why>& others) {
    std::erase_if(all, [&](const Why& one) {
        return std::find(others.begin(), others.end(), one) == others.end();
    });
}

/// It depends on the day: nobody is complete by guessing. Every date that isn't known to the day is
/// asked for.
void ask_for_dates(const Protocol& protocol, const Subject& subject,
                   const std::vector<const GivenDose*>& doses, Decision& decision) {
    decision.status = VaccinationStatus::not_complete;
    decision.actions = {
        ask_clinician(protocol.id + "/inexact-date", msg("rules.inexact_date_matters"))};
    if (!subject.birth_date->is_exact())
        decision.problems.push_back(msg("rules.birth_date_not_exact"));
    for (const auto* dose : doses) {
        if (!dose->date.is_exact())
            decision.problems.push_back(
                msg("rules.dose_date_not_exact", {{"date", dose->date.to_string()}}));
    }
}

bool wants_dose(const Decision& decision) {
    return std::any_of(decision.actions.begin(), decision.actions.end(),
                       [](const Action& action) { return action.code == ActionCode::dose; });
}

/// Exactly where all dates are known to the day; otherwise what holds whatever day they stand for.
void decide_whatever_the_day(const Protocol& protocol, const Subject& subject,
                             const std::vector<const GivenDose*>& doses, Decision& decision) {
    detail::PossibleCases cases(protocol, subject, doses, decision.on);
    const auto before = decision;
    std::optional<Standing> standing;
    bool agree = true;
    const auto visit = [&](const ExactCase& one) {
        if (!standing) {
            detail::decide_exactly(protocol, subject, one, decision);
            standing = standing_of(decision);
            return true;
        }
        auto other = before;
        detail::decide_exactly(protocol, subject, one, other);
        keep_common(decision.not_counted, other.not_counted);
        keep_common(decision.warnings, other.warnings);
        agree = agree && standing_of(other) == *standing && widen(decision, other);
        return true;
    };
    cases.visit_ends(visit);
    if (cases.is_exact()) return;
    // Once the answers differ, no further day makes them agree.
    const bool all_tried = agree && cases.visit_days([&](const ExactCase& one) {
        visit(one);
        return agree;
    });
    if (!agree || !all_tried) ask_for_dates(protocol, subject, doses, decision);
}

}  // namespace

Decision decide(const Protocol& protocol, const Subject& subject, Date on) {
    Decision decision;
    decision.protocol = protocol.id;
    decision.version = protocol.version;
    decision.on = on;
    decision.out_of_force = detail::why_out_of_force(protocol.id, protocol.valid, on);
    const auto doses = relevant_doses(protocol, subject, on, decision);
    const bool has_undated = ask_for_undated(protocol, subject, decision);
    name_ignored(protocol, subject, decision);
    if (!subject.birth_date) {
        decision.problems.push_back(msg("rules.no_birth_date"));
        decision.actions.push_back(
            ask_clinician(protocol.id + "/no-birth-date", msg("rules.no_birth_date")));
    } else if (on < subject.birth_date->earliest()) {
        decision.problems.push_back(msg("rules.born_after_day"));
        decision.actions.push_back(
            ask_clinician(protocol.id + "/no-birth-date", msg("rules.born_after_day")));
    } else {
        decide_whatever_the_day(protocol, subject, doses, decision);
        if (has_undated && wants_dose(decision))
            decision.actions = {
                ask_clinician(protocol.id + "/undated-dose", msg("rules.undated_dose_matters"))};
    }
    if (protocol.eligibility)
        decision.eligibility = answer_eligibility(protocol, subject, doses, decision.doses, on);
    return decision;
}

}  // namespace egret::rules
