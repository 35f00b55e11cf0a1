#pragma once

#include "registry/base/date.h"
#include "registry/base/result.h"
#include "registry/coverage/dimension.h"
#include "registry/coverage/indicator.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::coverage {

/// A question to one indicator.
struct Query {
    std::vector<Dimension> by;  // Figures are told apart by these, in this order.
    /// Filters of one dimension widen each other, those of different ones narrow:
    /// (area A or area B) and birth year Y.
    std::vector<Filter> where;
    std::vector<Date> on;  // Past or future; at least one.
    /// Of cases and times, where the period begins that ends with the day of `on` in the same
    /// place, both included; as many as these, or none: from the beginning of all.
    std::vector<Date> from{};

    friend bool operator==(const Query&, const Query&) = default;
};

/// How many women belong, and how many of them count; or cases. Of times: how many there are, as
/// denominator.
struct Figure {
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;
    bool is_suppressed = false;  // Both numbers are gone (0): too few people stand behind them.

    /// With one decimal, rounded half up: "40.0". Nothing if nobody belongs or it is suppressed.
    std::optional<std::string> percent() const;
    /// The same of `per` instead of a hundred.
    std::optional<std::string> rate(int per) const;

    /// How `rate`, before it is rounded, lies to the bounds: -1 below, 0 within, 1 above. Nothing
    /// where there is no rate.
    std::optional<int> side_of(const Bounds& bounds, int per) const;

    /// More than 100 %: shown, but to be pointed out.
    bool exceeds_denominator() const noexcept { return numerator > denominator; }

    friend bool operator==(const Figure&, const Figure&) = default;
};

/// What a figure of cases or times has beside its two numbers; all zero where it doesn't.
struct CaseDetails {
    std::int64_t documented = 0;  // Of those that don't count: it is written why.
    // Of times, in days. Of an even number of them the mean of the two in the middle: in halves.
    std::int64_t median_halves = 0;
    std::int64_t percentile_90 = 0;  // The least that nine of ten don't exceed.

    friend bool operator==(const CaseDetails&, const CaseDetails&) = default;
};

struct Cell {
    Date on;
    std::vector<std::string> values;  // Of each of the query's `by`.
    Figure figure;
    CaseDetails details{};

    friend bool operator==(const Cell&, const Cell&) = default;
};

struct Total {
    Date on;
    Figure figure;
    CaseDetails details{};

    friend bool operator==(const Total&, const Total&) = default;
};

/// Cells where nobody belongs and nobody counts are left out.
struct Answer {
    std::vector<Dimension> by;
    std::vector<Cell> cells;    // By day as asked, then by values.
    std::vector<Total> totals;  // One for each day asked, also if no cell is there.

    friend bool operator==(const Answer&, const Answer&) = default;
};

/// From one day of a series to the next.
enum class Step : std::uint8_t { day, week, month, quarter, year };

/// Errors: invalid_input.
Result<Step> parse_step(std::string_view text);

/// A question about more days than these is refused: one a day for almost three years.
inline constexpr std::size_t days_asked_max = 1000;

/// `from`, then every step up to `to`, which is included if a step meets it. Months are counted
/// from `from`: after 31 January come 28 February and 31 March.
/// Errors: invalid_input, if `to` is before `from`; too_large, past days_asked_max.
Result<std::vector<Date>> days_of_series(Date from, Date to, Step step);

/// The query's `from` and `on` for one period after the other: the first begins on `from`, each
/// lasts a step, and the last one ends on `to`, even if that is sooner. Errors: as of
/// days_of_series.
Result<Done> ask_periods(Query& query, Date from, Date to, Step step);

}  // namespace egret::coverage
