#pragma once

#include "registry/base/date.h"
#include "registry/domain/both_languages.h"

#include <string>
#include <vector>

namespace egret {

/// On which days people work: Monday to Friday, but for the days that a country takes off, and the
/// Saturdays and Sundays on which it works instead. Files of them: registry/calendar.
class WorkCalendar {
public:
    /// What a day off or a worked one is taken from.
    struct Notice {
        std::string number;  // "国办发明电〔2025〕7号"
        Date date;           // On which it was signed.

        friend bool operator==(const Notice&, const Notice&) = default;
    };

    /// Days off in one piece, the first and the last included.
    struct DaysOff {
        Date from;
        Date to;

        friend bool operator==(const DaysOff&, const DaysOff&) = default;
    };

    /// The days that differ from Monday to Friday, all in that year and in order.
    struct Year {
        int year = 0;
        std::vector<Notice> notices;
        std::vector<DaysOff> off;  // May begin or end with a weekend; no two overlap.
        std::vector<Date> worked;  // Saturdays and Sundays.

        friend bool operator==(const Year&, const Year&) = default;
    };

    std::string id;  // "cn"
    std::string version;
    BothLanguages title;
    BothLanguages source;
    std::vector<Year> years;  // In order, each once; there may be gaps.

    /// Whether the year's moved days are known. In another year Monday to Friday are worked.
    bool covers(int year) const;

    bool is_working_day(Date day) const;

    /// The n-th working day after `start`, which itself is never counted. n >= 1. It may lie in a
    /// year that isn't covered: ask covers().
    Date plus_working_days(Date start, int n) const;

    friend bool operator==(const WorkCalendar&, const WorkCalendar&) = default;

private:
    const Year* find_year(int year) const;
};

/// Saturday or Sunday.
bool is_weekend(Date day);

}  // namespace egret
