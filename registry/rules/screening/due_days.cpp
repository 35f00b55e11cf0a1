#include "registry/rules/screening/detail/due_days.h"

#include "registry/rules/age.h"
#include "registry/rules/screening/evidence.h"

#include <algorithm>

namespace egret::rules::detail {
namespace {

/// When the result of a finding was known: the day of the sample, where nobody wrote it down.
Date report_day(const ExactFinding& exact) {
    return exact.finding->reported_on.value_or(exact.day);
}

bool was_treated(const ExactFinding& exact) {
    return std::holds_alternative<Treatment>(exact.finding->detail);
}

Date last_day(const Moment& moment, bool of_treatment) {
    std::optional<Date> last;
    for (std::size_t i = 0; i < moment.known; ++i) {
        const auto& exact = moment.woman.findings[i];
        if (was_treated(exact) != of_treatment) continue;
        const auto day = of_treatment ? exact.day : report_day(exact);
        if (!last || *last < day) last = day;
    }
    return last.value_or(moment.day);
}

/// The day on which the senior reviewer of this visit wants to see her again.
std::optional<Date> review_day(const Moment& moment) {
    std::optional<Date> first;
    if (!moment.visit) return first;
    for (auto i = moment.visit->first; i < moment.visit->end; ++i) {
        const auto* review = std::get_if<SeniorReview>(&moment.woman.findings[i].finding->detail);
        if (review && review->review_on && (!first || *review->review_on < *first))
            first = review->review_on;
    }
    return first;
}

/// The latest day of the reports that the rule names.
Date last_day(const DueRule& rule, State& state) {
    std::optional<Date> last;
    for (const auto named : rule.reports) {
        const auto* report = state.find_report(named);
        if (report && (!last || *last < report->day)) last = report->day;
    }
    return last.value_or(state.moment().day);
}

/// The day that a rule's spans are added to.
Date start_of(const DueRule& rule, State& state) {
    const auto& moment = state.moment();
    switch (rule.from) {
        case DueFrom::birth: return moment.woman.birth;
        case DueFrom::day: return moment.woman.on;
        case DueFrom::last_report: return last_day(moment, false);
        case DueFrom::last_treatment: return last_day(moment, true);
        case DueFrom::reports: return last_day(rule, state);
        case DueFrom::review_on:
        case DueFrom::visit: break;
    }
    return moment.day;
}

Date add(const Pathway& pathway, Date start, const Period& span, const DueRule& rule) {
    return rule.from == DueFrom::birth ? day_of_age(start, span, pathway.missing_day)
                                       : plus(start, span, pathway.missing_day);
}

}  // namespace

Date known_day(const Moment& moment) {
    auto worst = Severity::none;
    auto known = moment.day;
    if (!moment.visit) return known;
    for (auto i = moment.visit->first; i < moment.visit->end; ++i) {
        const auto& exact = moment.woman.findings[i];
        const auto severity = severity_for(exact, moment.woman.breast);
        const auto day = report_day(exact);
        if (worst < severity)
            known = day;
        else if (worst == severity)
            known = worst == Severity::none ? std::max(known, day) : std::min(known, day);
        worst = std::max(worst, severity);
    }
    return known;
}

ScreeningStep step_of(const Pathway& pathway, const Hit& hit, State& state) {
    const auto& moment = state.moment();
    ScreeningStep step;
    const auto& outcome = *hit.row->outcome;
    step.code = outcome.action;
    step.choices = outcome.choices;
    if (outcome.due && outcome.due->from == DueFrom::review_on && review_day(moment)) {
        step.due = step.due_to = review_day(moment);
    } else if (outcome.due) {
        const auto start = start_of(*outcome.due, state);
        step.due = add(pathway, start, outcome.due->after, *outcome.due);
        // What is to be done at once is late, when so much time has passed since it was known.
        const bool is_at_once =
            outcome.due->from == DueFrom::visit && outcome.due->after == Period{};
        if (outcome.due->until)
            step.due_to = add(pathway, is_at_once ? std::max(start, known_day(moment)) : start,
                              *outcome.due->until, *outcome.due);
    }
    step.why.push_back({rule_of(pathway, hit), hit.row->text});
    return step;
}

std::optional<Date> first_day_of(const Pathway& pathway, const DueRule& rule, State& state) {
    if (!rule.not_before) return std::nullopt;
    return add(pathway, start_of(rule, state), *rule.not_before, rule);
}

}  // namespace egret::rules::detail
