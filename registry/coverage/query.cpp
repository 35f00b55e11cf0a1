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

std::optional<std::string> Figure::percent() const { return rate(100); }

std::optional<int> Figure::side_of(const Bounds& bounds, int per) const {
    if (is_suppressed || denominator <= 0) return std::nullopt;
    const auto tenths = 10 * per * numerator;
    if (bounds.from_tenths && tenths < *bounds.from_tenths * denominator) return -1;
    return bounds.to_tenths && tenths > *bounds.to_tenths * denominator ? 1 : 0;
}

std::optional<std::string> Figure::rate(int per) const {
    if (is_suppressed || denominator <= 0) return std::nullopt;
    const auto tenths = (20 * per * numerator + denominator) / (2 * denominator);
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

Result<Done> ask_periods(Query& query, Date from, Date to, Step step) {
    auto starts = days_of_series(from, to, step);
    if (!starts) return std::move(starts).error();
    query.on.clear();
    for (std::size_t i = 1; i < starts->size(); ++i) query.on.push_back((*starts)[i].plus_days(-1));
    query.on.push_back(to);
    query.from = *std::move(starts);
    return Done{};
}

}  // namespace egret::coverage
