#include "registry/rules/evaluate.h"

#include "registry/rules/age.h"

#include <algorithm>

namespace egret::rules {
namespace {

/// What is known when one dose is held against one target.
struct Question {
    const Schedule& schedule;
    const TargetDose& target;
    const SeriesState& state;
    const std::vector<PlacedDose>& doses;
    Date birth;
    std::size_t index = 0;

    const PlacedDose& dose() const { return doses[index]; }

    Date after(Date start, const Period& span) const {
        return plus(start, span, schedule.missing_day);
    }

    Date day_of(const Period& age) const { return day_of_age(birth, age, schedule.missing_day); }
};

/// A dose between the absolute minimum and the minimum counts, unless it repeats one that came too
/// early (then the full time is asked for). The first target dose is no repetition.
bool has_grace(const Question& question) {
    if (question.state.next == 0 || question.index == 0) return true;
    const auto& before = question.state.doses[question.index - 1];
    return before.status != DoseStatus::not_valid || !before.is_too_early;
}

/// Too early, by grace, or in time: `day_after` gives the day on which a span of the window ends.
template <class DayAfter>
bool is_too_early(const Question& question, const Window& window, DayAfter day_after) {
    const auto day = question.dose().day;
    const auto absolute = window.absolute_minimum ? window.absolute_minimum : window.minimum;
    if (absolute && day < day_after(*absolute)) return true;
    return window.minimum && day < day_after(*window.minimum) && !has_grace(question);
}

void keep_latest(std::optional<Date>& latest, Date day) {
    if (!latest || *latest < day) latest = day;
}

DoseReason judge_age(const Question& question, DoseEvaluation& result) {
    const auto day = question.dose().day;
    const auto* rule = age_rule_on(question.target, day);
    if (!rule) return DoseReason::none;
    if (rule->window.minimum) {
        const auto minimum = question.day_of(*rule->window.minimum);
        if (day < minimum) keep_latest(result.in_time_from, minimum);
    }
    const auto day_of = [&](const Period& age) { return question.day_of(age); };
    if (is_too_early(question, rule->window, day_of)) return DoseReason::too_young;
    if (!rule->maximum || day < question.day_of(*rule->maximum)) return DoseReason::none;
    result.is_too_old = rule->counts_when_older;
    return rule->counts_when_older ? DoseReason::none : DoseReason::too_old;
}

DoseReason judge_intervals(const Question& question, std::optional<Date>& in_time_from) {
    const auto day = question.dose().day;
    auto reason = DoseReason::none;
    for (const auto& rule : question.target.intervals) {
        if (!rule.in_force.holds_on(day)) continue;
        const auto start = interval_start(rule, question.state, question.doses, question.index);
        if (!start) continue;
        if (rule.window.minimum) {
            const auto minimum = question.after(*start, *rule.window.minimum);
            if (day < minimum) keep_latest(in_time_from, minimum);
        }
        const auto after = [&](const Period& span) { return question.after(*start, span); };
        if (is_too_early(question, rule.window, after)) reason = DoseReason::interval_too_short;
    }
    return reason;
}

bool is_allowed_vaccine(const Question& question) {
    const auto& dose = question.dose();
    return std::any_of(question.target.vaccines.begin(), question.target.vaccines.end(),
                       [&](const VaccineRule& rule) {
                           return dose.vaccine->is_a(rule.vaccine) &&
                                  (!rule.from_age || question.day_of(*rule.from_age) <= dose.day) &&
                                  (!rule.until_age || dose.day < question.day_of(*rule.until_age));
                       });
}

/// At no age: then it is no matter when the dose was given.
bool is_never_taken(const Question& question) {
    return std::none_of(
        question.target.vaccines.begin(), question.target.vaccines.end(),
        [&](const VaccineRule& rule) { return question.dose().vaccine->is_a(rule.vaccine); });
}

bool is_inadvertent(const Question& question) {
    return std::any_of(question.target.inadvertent.begin(), question.target.inadvertent.end(),
                       [&](const auto& vaccine) { return question.dose().vaccine->is_a(vaccine); });
}

/// Everything but the target itself, which is set where the dose satisfies it.
DoseEvaluation judge(const Question& question) {
    DoseEvaluation result;
    if (is_inadvertent(question)) {
        result.status = DoseStatus::inadvertent;
        result.reason = DoseReason::inadvertent;
        return result;
    }
    const auto age = judge_age(question, result);
    if (result.in_time_from) result.early_by = DoseReason::too_young;
    const auto old_enough_from = result.in_time_from;
    const auto interval = judge_intervals(question, result.in_time_from);
    if (result.in_time_from != old_enough_from) result.early_by = DoseReason::interval_too_short;
    result.status = DoseStatus::valid;
    if (question.schedule.counts_recorded) return result;
    result.reason = age != DoseReason::none ? age : interval;
    result.is_too_early = age == DoseReason::too_young || interval != DoseReason::none;
    result.is_never_taken = is_never_taken(question);
    if (result.reason != DoseReason::too_old &&
        (result.is_never_taken ||
         (result.reason == DoseReason::none && !is_allowed_vaccine(question)))) {
        result.reason = DoseReason::product_not_allowed;
        result.in_time_from.reset();
    }
    if (result.reason == DoseReason::too_old)
        result.status = DoseStatus::extraneous;
    else if (result.reason != DoseReason::none)
        result.status = DoseStatus::not_valid;
    if (result.status == DoseStatus::valid)
        result.in_time_from.reset();  // By grace.
    else
        result.is_too_old = false;
    return result;
}

bool is_condition_met(const SkipCondition& condition, const Schedule& schedule, Date birth,
                      const std::vector<PlacedDose>& doses, std::size_t before, Date day) {
    if (condition.interval && (before == 0 || day < plus(doses[before - 1].day, *condition.interval,
                                                         schedule.missing_day)))
        return false;
    if (!condition.more_than) return condition.interval.has_value();
    int count = 0;
    for (std::size_t i = 0; i < before; ++i) {
        const bool is_of_age =
            !condition.from_age ||
            day_of_age(birth, *condition.from_age, schedule.missing_day) <= doses[i].day;
        const bool is_counted =
            condition.vaccines.empty() || !doses[i].vaccine ||
            std::any_of(condition.vaccines.begin(), condition.vaccines.end(),
                        [&](const auto& vaccine) { return doses[i].vaccine->is_a(vaccine); });
        const bool is_repeated =
            schedule.counts_recorded && i > 0 && doses[i - 1].day == doses[i].day;
        if (is_of_age && is_counted && !is_repeated) ++count;
    }
    return count > *condition.more_than;
}

/// A dose of that day counts already: they are one visit, or one that was recorded twice.
bool is_counted_on(Date day, const SeriesState& state, const std::vector<PlacedDose>& doses) {
    for (std::size_t i = state.doses.size(); i-- > 0 && doses[i].day == day;) {
        if (state.doses[i].status == DoseStatus::valid) return true;
    }
    return false;
}

void place(const Schedule& schedule, const Series& series, Date birth,
           const std::vector<PlacedDose>& doses, std::size_t index, SeriesState& state) {
    const auto& dose = doses[index];
    if (dose.is_substandard) {
        state.doses.push_back({DoseStatus::substandard, DoseReason::substandard, {}, {}, 0});
        return;
    }
    if (schedule.counts_recorded && is_counted_on(dose.day, state, doses)) {
        state.doses.push_back({DoseStatus::extraneous, DoseReason::none, {}, {}, 0, true});
        return;
    }
    while (state.next < series.doses.size() &&
           is_skipped(series.doses[state.next].skip_dose, schedule, birth, doses, index, dose.day))
        state.targets[state.next++].status = TargetStatus::skipped;
    if (state.next == series.doses.size()) {
        state.doses.push_back({DoseStatus::extraneous, DoseReason::none, {}, {}, 0});
        return;
    }
    auto result = judge({schedule, series.doses[state.next], state, doses, birth, index});
    result.held_against = state.next;
    // Where intervals decide, a second one comes too soon; but no day would have been right for it.
    if (result.reason == DoseReason::interval_too_short && is_counted_on(dose.day, state, doses)) {
        result.is_same_day = true;
        result.in_time_from.reset();
    }
    if (result.status == DoseStatus::valid) {
        result.target = state.next;
        state.targets[state.next++] = {TargetStatus::satisfied, index};
        ++state.satisfied;
    }
    state.doses.push_back(result);
}

}  // namespace

const AgeRule* age_rule_on(const TargetDose& target, Date day) {
    for (const auto& rule : target.ages) {
        if (rule.in_force.holds_on(day)) return &rule;
    }
    return nullptr;
}

std::optional<Date> interval_start(const IntervalRule& rule, const SeriesState& state,
                                   const std::vector<PlacedDose>& doses, std::size_t before) {
    if (rule.from_target > 0) {
        const auto target = static_cast<std::size_t>(rule.from_target - 1);
        if (target >= state.targets.size() ||
            state.targets[target].status != TargetStatus::satisfied)
            return std::nullopt;
        return doses[state.targets[target].dose].day;
    }
    // CALCDTINT-1: the dose before is one that was judged, valid or not; neither an inadvertent nor
    // a substandard one.
    for (auto i = before; i-- > 0;) {
        const auto status = state.doses[i].status;
        if (status == DoseStatus::valid || status == DoseStatus::not_valid) return doses[i].day;
    }
    return std::nullopt;
}

bool is_skipped(const std::vector<SkipCondition>& conditions, const Schedule& schedule, Date birth,
                const std::vector<PlacedDose>& doses, std::size_t before, Date day) {
    return std::any_of(conditions.begin(), conditions.end(), [&](const SkipCondition& condition) {
        return is_condition_met(condition, schedule, birth, doses, before, day);
    });
}

SeriesState evaluate(const Schedule& schedule, const Series& series, Date birth,
                     const std::vector<PlacedDose>& doses) {
    SeriesState state;
    state.targets.resize(series.doses.size());
    state.doses.reserve(doses.size());
    for (std::size_t i = 0; i < doses.size(); ++i) place(schedule, series, birth, doses, i, state);
    return state;
}

}  // namespace egret::rules
