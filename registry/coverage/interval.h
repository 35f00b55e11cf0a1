#pragma once

#include "registry/base/date.h"

#include <initializer_list>
#include <limits>
#include <vector>

namespace egret::coverage {

/// Before every day, and after every day. No calendar steps may be taken from them.
inline constexpr Date no_start = Date::from_days(std::numeric_limits<std::int32_t>::min());
inline constexpr Date no_end = Date::from_days(std::numeric_limits<std::int32_t>::max());

/// The days from `from` up to, but without, `to`.
struct Interval {
    Date from;
    Date to;

    friend bool operator==(const Interval&, const Interval&) = default;
};

/// A set of days, as intervals that are sorted, not empty, and neither overlap nor touch.
class Intervals {
public:
    Intervals() = default;

    /// In any order, overlapping or not; those that hold no day are left out.
    Intervals(std::initializer_list<Interval> intervals);
    explicit Intervals(std::vector<Interval> intervals);

    bool contains(Date day) const;

    bool empty() const noexcept { return intervals_.empty(); }

    std::vector<Interval>::const_iterator begin() const noexcept { return intervals_.begin(); }

    std::vector<Interval>::const_iterator end() const noexcept { return intervals_.end(); }

    friend Intervals united(const Intervals& a, const Intervals& b);
    friend Intervals intersected(const Intervals& a, const Intervals& b);
    /// Every day that is not in `a`.
    friend Intervals complement(const Intervals& a);

    friend bool operator==(const Intervals&, const Intervals&) = default;

private:
    std::vector<Interval> intervals_;
};

Intervals united(const Intervals& a, const Intervals& b);
Intervals intersected(const Intervals& a, const Intervals& b);
Intervals complement(const Intervals& a);

}  // namespace egret::coverage
