#include "registry/domain/work_calendar.h"

#include "registry/base/ensure.h"

#include <algorithm>
#include <chrono>

namespace egret {

const WorkCalendar::Year* WorkCalendar::find_year(int year) const {
    const auto found =
        std::lower_bound(years.begin(), years.end(), year,
                         [](const Year& one, int wanted) { return one.year < wanted; });
    return found != years.end() && found->year == year ? &*found : nullptr;
}

bool WorkCalendar::covers(int year) const { return find_year(year) != nullptr; }

bool WorkCalendar::is_working_day(Date day) const {
    const auto* year = find_year(day.year());
    if (!year) return !is_weekend(day);
    if (is_weekend(day)) return std::binary_search(year->worked.begin(), year->worked.end(), day);
    return std::none_of(year->off.begin(), year->off.end(),
                        [&](const DaysOff& days) { return days.from <= day && day <= days.to; });
}

Date WorkCalendar::plus_working_days(Date start, int n) const {
    EGRET_ENSURE(n >= 1);
    auto day = start;
    while (n > 0) {
        day = day.plus_days(1);
        if (is_working_day(day)) --n;
    }
    return day;
}

bool is_weekend(Date day) {
    // Monday is 1, Sunday 7.
    const std::chrono::weekday weekday(std::chrono::sys_days(std::chrono::days(day.days())));
    return weekday.iso_encoding() > 5;
}

}  // namespace egret
