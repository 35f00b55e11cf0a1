#include "registry/service/clinic_day.h"

#include "registry/base/limits.h"

#include <algorithm>

namespace egret::service {
namespace {

constexpr auto simulated = Date::from_days(0);

Date last_known(const DayEvidence& evidence) {
    auto known = evidence.build;
    if (evidence.centre) known = std::max(known, *evidence.centre);
    if (evidence.recorded) known = std::max(known, *evidence.recorded);
    if (evidence.confirmed) known = std::max(known, evidence.confirmed->day);
    return known;
}

/// The day by a clock that was wrong when the day was confirmed and has gone on from there; nothing
/// if it was right, or was set since.
std::optional<Date> by_wrong_clock(const DayEvidence& evidence, Date known) {
    const auto& confirmed = evidence.confirmed;
    if (!confirmed || confirmed->day == confirmed->machine) return std::nullopt;
    const auto days_since = evidence.machine.days() - confirmed->machine.days();
    if (days_since < 0 || days_since > limits::clock_jump_days) return std::nullopt;
    const bool was_behind = confirmed->machine < confirmed->day;
    // A clock with a dead battery begins anew at each start: what it was off by says nothing then.
    if (was_behind && (evidence.went_back || evidence.machine >= known)) return std::nullopt;
    return confirmed->day.plus_days(days_since);
}

}  // namespace

ClinicDay judge_day(const DayEvidence& evidence) {
    const auto known = last_known(evidence);
    const auto machine = evidence.machine;
    if (const auto day = by_wrong_clock(evidence, known))
        return {std::max(*day, known), known, machine, ClockState::corrected};
    if (machine < known) return {known, known, machine, ClockState::behind};
    const auto ahead = machine.days() - known.days();
    if (evidence.build != simulated && ahead > limits::clock_jump_days)
        return {known, known, machine, ClockState::ahead};
    return {machine, known, machine, ClockState::agrees};
}

}  // namespace egret::service
