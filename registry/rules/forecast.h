#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/evaluate.h"
#include "registry/rules/schedule.h"

#include <optional>
#include <string>
#include <vector>

/// What comes next in one series: CDSi's chapter 7.
namespace egret::rules {

/// The rule that set a day, below its series, and the span that it asks for.
struct DayRule {
    /// `latest`: the last day on which the dose may be given comes first.
    enum class Kind : std::uint8_t { age, interval, last_dose, latest };

    Kind kind = Kind::last_dose;
    std::size_t target = 0;
    Period span;
};

struct SeriesForecast {
    VaccinationStatus status = VaccinationStatus::not_complete;
    const Contraindication* contraindication = nullptr;  // That holds on the day.
    const LeftOpen* left_open = nullptr;                 // The source leaves it to a person.
    /// The dose has no last age, but none of the vaccines for it is meant for her age on the day on
    /// which it could be given. CDSi still counts the series as not complete.
    bool is_beyond_vaccines = false;
    // The rest only where a dose is wanted.
    bool has_dates = false;
    std::size_t target = 0;
    int dose_number = 1;
    Date earliest;
    Date due;
    std::optional<Date> overdue_after;
    std::optional<Date> latest;
    DayRule due_rule;
};

struct ForecastQuestion {
    const Schedule& schedule;
    const Series& series;
    Date birth;
    Sex sex = Sex::unknown;
    const std::vector<PlacedDose>& doses;
    Date on;
    const Contraindication* contraindication = nullptr;
};

SeriesForecast forecast(const ForecastQuestion& question, const SeriesState& state);

/// The day on which the series would be finished if each dose were given as early as may be.
/// Nothing, if it can't be: she gets too old on the way.
std::optional<Date> finish_day(const ForecastQuestion& question, const SeriesState& state);

}  // namespace egret::rules
