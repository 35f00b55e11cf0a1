#include "registry/coverage/query.h"

#include <cstdlib>

namespace egret::coverage {
namespace {

Date after_steps(Date from, Step step, int count) {
    switch (step) {
        case Step::day: return from.plus_days(count);
        case Step::week: return from.plus_days(7 * count);
        case Step::month: return from.plus_months(count, MissingDay::clamp);
        case Step::quarter: return from.plus_months(3 * count, MissingDay::clamp);
        case Step::year: return from.plus_years(count, MissingDay::clamp);
    }
    return from;
}

}  // namespace

std::optional<std::string> Figure::percent() const {
    if (is_suppressed || denominator <= 0) return std::nullopt;
    const auto tenths = (2000 * numerator + denominator) / (2 * denominator);
    return std::to_string(tenths / 10) + "." + std::to_string(std::abs(tenths % 10));
}

Result<Step> parse_step(std::string_view text) {
    if (text == "day") return Step::day;
    if (text == "week") return Step::week;
    if (text == "month") return Step::month;
    if (text == "quarter") return Step::quarter;
    if (text == "year") return Step::year;
    return Error{ErrorCode::invalid_input, "step", msg("coverage.unknown_step")};
}

Result<std::vector<Date>> days_of_series(Date from, Date to, Step step) {
    if (to < from) return Error{ErrorCode::invalid_input, "to", msg("coverage.series_backwards")};
    std::vector<Date> days;
    for (auto day = from; day <= to; day = after_steps(from, step, static_cast<int>(days.size()))) {
        if (days.size() == days_asked_max) {
            return Error{
                ErrorCode::too_large, "step",
                msg("coverage.series_too_long", {{"limit", std::to_string(days_asked_max)}})};
        }
        days.push_back(day);
    }
    return days;
}

}  // namespace egret::coverage
