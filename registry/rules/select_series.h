#pragma once

#include "registry/rules/forecast.h"

#include <cstddef>
#include <vector>

/// Which series to follow: CDSi's chapter 8.
namespace egret::rules {

/// A series that is for this person, with how far she has come and what would come next.
struct Candidate {
    const Series* series = nullptr;
    SeriesState state;
    SeriesForecast forecast;
    std::optional<Date> first_valid_day;
    ForecastQuestion question;
};

/// The series that hold for her, the one of a risk group before the ordinary one. At most one of
/// each group; none if there is no candidate.
std::vector<const Candidate*> select_series(const std::vector<Candidate>& candidates);

}  // namespace egret::rules
