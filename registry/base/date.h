#pragma once

#include "registry/base/result.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace egret {

/// What a calendar step does when it meets a day that doesn't exist (31 April).
enum class MissingDay {
    roll,   // The 1st of the next month: CDC's rule, and ours by default.
    clamp,  // The last day of the month.
};

/// A day of the Gregorian calendar, as a count of days since 1970-01-01.
class Date {
public:
    Date() = default;

    static constexpr Date from_days(std::int32_t days) {
        Date date;
        date.days_ = days;
        return date;
    }

    /// The day must exist.
    static Date from_ymd(int year, unsigned month, unsigned day);

    /// "2026-03-01" and nothing else, between limits::year_min and year_max.
    /// Errors: invalid_input, date.no_such_day if it reads as a day that no calendar has, else
    /// date.malformed; neither quotes `text`.
    static Result<Date> parse(std::string_view text);

    std::string to_string() const;

    constexpr std::int32_t days() const noexcept { return days_; }

    std::chrono::year_month_day ymd() const noexcept;
    int year() const noexcept;

    constexpr Date plus_days(std::int32_t days) const noexcept { return from_days(days_ + days); }

    Date plus_months(int months, MissingDay rule = MissingDay::roll) const;
    Date plus_years(int years, MissingDay rule = MissingDay::roll) const;

    friend constexpr auto operator<=>(const Date&, const Date&) = default;

private:
    std::int32_t days_ = 0;
};

/// A span of the calendar. Applied years first, then months, then days (CDSi's order).
struct Period {
    int years = 0;
    int months = 0;
    int days = 0;

    friend bool operator==(const Period&, const Period&) = default;
};

Date plus(Date from, const Period& period, MissingDay rule = MissingDay::roll);

/// The day on which somebody born on `birth` completes `years` of life. Born on 29 February: the
/// 1st of March in other years.
Date birthday(Date birth, int years);
/// Completed years of life on `on`; negative before birth.
int age_in_years(Date birth, Date on);

/// A date as well as it is known: "1962", "1962-07" or "1962-07-31". The precision is part of the
/// value: "1962" never becomes an invented 1 January.
class PartialDate {
public:
    enum class Precision : std::uint8_t { year, month, day };

    PartialDate() = default;
    PartialDate(Date exact) : earliest_(exact), precision_(Precision::day) {}

    /// Errors: as Date::parse; `text` is a person's.
    static Result<PartialDate> parse(std::string_view text);
    /// Errors: invalid_input, if there is no such day. month 0: only the year is known; day 0: only
    /// the month.
    static Result<PartialDate> from_parts(int year, unsigned month, unsigned day);

    /// The canonical form: parsing it again gives an equal value.
    std::string to_string() const;

    Precision precision() const noexcept { return precision_; }

    bool is_exact() const noexcept { return precision_ == Precision::day; }

    /// The first and the last day that fit what is known.
    Date earliest() const noexcept { return earliest_; }

    Date latest() const;

    int year() const noexcept { return earliest_.year(); }

    /// True unless something known of one contradicts the other.
    bool may_equal(const PartialDate& other) const;

    friend auto operator<=>(const PartialDate&, const PartialDate&) = default;

private:
    PartialDate(Date earliest, Precision precision) : earliest_(earliest), precision_(precision) {}

    Date earliest_;
    Precision precision_ = Precision::day;
};

}  // namespace egret
