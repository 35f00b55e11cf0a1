#include "registry/rules/forecast.h"

#include "registry/rules/age.h"

#include <algorithm>

namespace egret::rules {
namespace {

Date after(const ForecastQuestion& question, Date start, const Period& span) {
    return plus(start, span, question.schedule.missing_day);
}

Date day_of(const ForecastQuestion& question, const Period& age) {
    return day_of_age(question.birth, age, question.schedule.missing_day);
}

/// The next target that isn't skipped on `day`. Their number, if all are.
std::size_t next_target(const ForecastQuestion& question, const SeriesState& state, Date day) {
    auto target = state.next;
    const auto& all = question.series.doses;
    while (target < all.size() &&
           is_skipped(all[target].skip_next, question.schedule, question.birth, question.doses,
                      question.doses.size(), day))
        ++target;
    return target;
}

/// An interval rule that applies, with the day from which it runs.
struct Running {
    const IntervalRule* rule;
    Date start;
};

std::vector<Running> running_intervals(const ForecastQuestion& question, const SeriesState& state,
                                       const TargetDose& target) {
    std::vector<Running> all;
    for (const auto& rule : target.intervals) {
        if (!rule.in_force.holds_on(question.on)) continue;
        const auto start = interval_start(rule, state, question.doses, question.doses.size());
        if (start) all.push_back({&rule, *start});
    }
    return all;
}

/// FORECASTDTCAN-1: not before any minimum, nor before a dose that was given.
void find_earliest(const ForecastQuestion& question, const AgeRule* age,
                   const std::vector<Running>& intervals, SeriesForecast& result) {
    result.earliest = question.birth;
    result.due_rule = {DayRule::Kind::last_dose, result.target, {}};
    const auto raise = [&](Date day, DayRule::Kind kind, const Period& span) {
        if (day <= result.earliest) return;
        result.earliest = day;
        result.due_rule = {kind, result.target, span};
    };
    if (age && age->window.minimum)
        raise(day_of(question, *age->window.minimum), DayRule::Kind::age, *age->window.minimum);
    for (const auto& [rule, start] : intervals) {
        if (rule->window.minimum)
            raise(after(question, start, *rule->window.minimum), DayRule::Kind::interval,
                  *rule->window.minimum);
    }
    for (const auto& dose : question.doses) raise(dose.day, DayRule::Kind::last_dose, {});
}

/// The recommended age, else the longest recommended interval; never before the earliest day.
void find_due(const ForecastQuestion& question, const AgeRule* age,
              const std::vector<Running>& intervals, SeriesForecast& result) {
    result.due = result.earliest;
    const auto set = [&](Date day, DayRule::Kind kind, const Period& span) {
        if (day < result.due) return;
        result.due = day;
        result.due_rule = {kind, result.target, span};
    };
    if (age && age->window.recommended) {
        set(day_of(question, *age->window.recommended), DayRule::Kind::age,
            *age->window.recommended);
        return;
    }
    for (const auto& [rule, start] : intervals) {
        if (rule->window.recommended)
            set(after(question, start, *rule->window.recommended), DayRule::Kind::interval,
                *rule->window.recommended);
    }
}

/// Never before the earliest day, by CDC's rule; where `latest` itself is the first overdue day,
/// nobody is late on the day on which she is due.
void find_overdue(const ForecastQuestion& question, const AgeRule* age,
                  const std::vector<Running>& intervals, SeriesForecast& result) {
    std::optional<Date> latest;
    if (age && age->window.latest) latest = day_of(question, *age->window.latest);
    if (!latest) {
        for (const auto& [rule, start] : intervals) {
            if (!rule->window.latest) continue;
            const auto day = after(question, start, *rule->window.latest);
            if (!latest || *latest < day) latest = day;
        }
    }
    if (latest) {
        const auto day = latest->plus_days(question.schedule.overdue_shift_days);
        const bool is_by_cdc = question.schedule.overdue_shift_days != 0;
        result.overdue_after = std::max(day, is_by_cdc ? result.earliest : result.due.plus_days(1));
    }
}

/// The last day by age; where the dose has no age of its own, by the vaccines it may be of. A dose
/// is never due after it: CDSi gives both days and doesn't say which holds, and a dose that is
/// possible until then shouldn't be put off until it no longer is.
void find_latest(const ForecastQuestion& question, const AgeRule* age, const TargetDose& target,
                 SeriesForecast& result) {
    std::optional<Date> until;
    Period age_at_end;
    const auto set = [&](const Period& end) {
        const auto day = day_of(question, end);
        if (until && day <= *until) return;
        until = day;
        age_at_end = end;
    };
    if (age && age->maximum) set(*age->maximum);
    if (!until) {
        for (const auto& vaccine : target.vaccines)
            if (vaccine.is_preferred && vaccine.until_age) set(*vaccine.until_age);
    }
    result.is_beyond_vaccines = until && *until <= std::max(result.earliest, question.on);
    if (!until || *until <= result.earliest) return;
    result.latest = until->plus_days(-1);
    if (result.due <= *result.latest) return;
    result.due = *result.latest;
    result.due_rule = {DayRule::Kind::latest, result.target, age_at_end};
}

const LeftOpen* find_left_open(const ForecastQuestion& question, const SeriesState& state) {
    for (const auto& rule : question.series.left_open) {
        const bool is_sex = rule.sexes.empty() || std::find(rule.sexes.begin(), rule.sexes.end(),
                                                            question.sex) != rule.sexes.end();
        const bool is_age = !rule.from_age || day_of(question, *rule.from_age) <= question.on;
        if (rule.doses == state.satisfied && is_sex && is_age) return &rule;
    }
    return nullptr;
}

bool is_past(const ForecastQuestion& question, const AgeRule* age, Date day) {
    return age && age->maximum && day_of(question, *age->maximum) <= day;
}

/// The dates for one target, all but the skips.
void find_dates(const ForecastQuestion& question, const SeriesState& state, std::size_t target,
                SeriesForecast& result) {
    const auto& dose = question.series.doses[target];
    const auto* age = age_rule_on(dose, question.on);
    const auto intervals = running_intervals(question, state, dose);
    result.target = target;
    result.dose_number = state.satisfied + 1;
    result.overdue_after.reset();
    result.latest.reset();
    find_earliest(question, age, intervals, result);
    find_due(question, age, intervals, result);
    find_overdue(question, age, intervals, result);
    find_latest(question, age, dose, result);
}

}  // namespace

SeriesForecast forecast(const ForecastQuestion& question, const SeriesState& state) {
    SeriesForecast result;
    const auto& all = question.series.doses;
    auto target = next_target(question, state, question.on);
    if (target == all.size()) {
        result.status =
            state.satisfied > 0 ? VaccinationStatus::complete : VaccinationStatus::not_recommended;
        return result;
    }
    if (question.contraindication) {
        result.contraindication = question.contraindication;
        if (!question.contraindication->clinician_decides)
            result.status = VaccinationStatus::contraindicated;
        return result;
    }
    if (is_past(question, age_rule_on(all[target], question.on), question.on)) {
        result.status = VaccinationStatus::aged_out;
        return result;
    }
    result.left_open = find_left_open(question, state);
    if (result.left_open) {
        result.dose_number = state.satisfied + 1;
        return result;
    }
    find_dates(question, state, target, result);
    // By the earliest day a target may have become superfluous that wasn't on the day of the
    // question (CDSi 7.6). Each round skips at least one, so it ends.
    while (target < all.size()) {
        const auto later = next_target(question, state, std::max(result.earliest, question.on));
        if (later <= target || later == all.size()) break;
        target = later;
        find_dates(question, state, target, result);
    }
    if (is_past(question, age_rule_on(all[target], question.on), result.earliest)) {
        result.status = VaccinationStatus::aged_out;
        return result;
    }
    result.has_dates = true;
    return result;
}

std::optional<Date> finish_day(const ForecastQuestion& question, const SeriesState& state) {
    auto doses = question.doses;
    auto now = state;
    auto on = question.on;
    for (std::size_t left = question.series.doses.size(); left-- > 0;) {
        const ForecastQuestion step{
            question.schedule, question.series, question.birth, question.sex, doses, on, nullptr};
        const auto next = forecast(step, now);
        if (next.status == VaccinationStatus::complete)
            return doses.empty() ? on : doses.back().day;
        if (!next.has_dates) return std::nullopt;
        on = std::max(next.earliest, on);
        doses.push_back({next.earliest, nullptr, false});
        now.doses.push_back({DoseStatus::valid, DoseReason::none, next.target, {}, next.target});
        for (auto skipped = now.next; skipped < next.target; ++skipped)
            now.targets[skipped].status = TargetStatus::skipped;
        now.targets[next.target] = {TargetStatus::satisfied, doses.size() - 1};
        now.next = next.target + 1;
        ++now.satisfied;
    }
    return now.next == now.targets.size() ? std::optional(doses.back().day) : std::nullopt;
}

}  // namespace egret::rules
