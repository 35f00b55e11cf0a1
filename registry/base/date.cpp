#include "registry/base/date.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "registry/base/text.h"

#include <cstdio>

namespace egret {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

Error not_a_date() { return {ErrorCode::invalid_input, "", msg("date.malformed")}; }

Error out_of_range() {
    return {ErrorCode::invalid_input, "",
            msg("date.out_of_range", {{"first", std::to_string(limits::year_min)},
                                      {"last", std::to_string(limits::year_max)}})};
}

Error no_such_day() { return {ErrorCode::invalid_input, "", msg("date.no_such_day")}; }

Date from_sys(sys_days days) {
    return Date::from_days(static_cast<std::int32_t>(days.time_since_epoch().count()));
}

year_month_day ymd_of(int year, unsigned month, unsigned day) {
    return {std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
}

int to_number(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

}  // namespace

Date Date::from_ymd(int y, unsigned m, unsigned d) {
    const auto ymd = ymd_of(y, m, d);
    EGRET_ENSURE(ymd.ok());
    return from_sys(sys_days{ymd});
}

Result<Date> Date::parse(std::string_view text) {
    auto partial = PartialDate::parse(text);
    if (!partial) return std::move(partial).error();
    if (!partial->is_exact()) return not_a_date();
    return partial->earliest();
}

year_month_day Date::ymd() const noexcept {
    return year_month_day{sys_days{std::chrono::days{days_}}};
}

int Date::year() const noexcept { return static_cast<int>(ymd().year()); }

std::string Date::to_string() const {
    const auto parts = ymd();
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(parts.year()),
                  static_cast<unsigned>(parts.month()), static_cast<unsigned>(parts.day()));
    return text;
}

Date Date::plus_months(int months, MissingDay rule) const {
    auto moved = ymd() + std::chrono::months{months};
    if (moved.ok()) return from_sys(sys_days{moved});
    const auto last = moved.year() / moved.month() / std::chrono::last;
    const auto end = from_sys(sys_days{last});
    return rule == MissingDay::clamp ? end : end.plus_days(1);
}

Date Date::plus_years(int years, MissingDay rule) const { return plus_months(12 * years, rule); }

Date plus(Date from, const Period& period, MissingDay rule) {
    return from.plus_years(period.years, rule)
        .plus_months(period.months, rule)
        .plus_days(period.days);
}

Date birthday(Date birth, int years) { return birth.plus_years(years, MissingDay::roll); }

int age_in_years(Date birth, Date on) {
    int age = on.year() - birth.year();
    if (birthday(birth, age) > on) --age;
    return age;
}

Result<PartialDate> PartialDate::from_parts(int y, unsigned m, unsigned d) {
    if (y < limits::year_min || y > limits::year_max) return out_of_range();
    if (m == 0) {
        if (d != 0) return not_a_date();
        return PartialDate{Date::from_ymd(y, 1, 1), Precision::year};
    }
    const auto ymd = ymd_of(y, m, d == 0 ? 1 : d);
    if (!ymd.ok()) return no_such_day();
    return PartialDate{from_sys(sys_days{ymd}), d == 0 ? Precision::month : Precision::day};
}

Result<PartialDate> PartialDate::parse(std::string_view text) {
    const bool has_month = text.size() >= 7 && text[4] == '-';
    const bool has_day = text.size() == 10 && text[7] == '-';
    if (text.size() != 4 && !(has_month && (text.size() == 7 || has_day))) return not_a_date();
    const auto y = text.substr(0, 4);
    const auto m = has_month ? text.substr(5, 2) : std::string_view("00");
    const auto d = has_day ? text.substr(8, 2) : std::string_view("00");
    if (!is_digits(y) || !is_digits(m) || !is_digits(d)) return not_a_date();
    if ((has_month && to_number(m) == 0) || (has_day && to_number(d) == 0)) return no_such_day();
    return from_parts(to_number(y), static_cast<unsigned>(to_number(m)),
                      static_cast<unsigned>(to_number(d)));
}

std::string PartialDate::to_string() const {
    auto full = earliest_.to_string();
    switch (precision_) {
        case Precision::year: return full.substr(0, 4);
        case Precision::month: return full.substr(0, 7);
        case Precision::day: break;
    }
    return full;
}

Date PartialDate::latest() const {
    switch (precision_) {
        case Precision::year: return earliest_.plus_years(1).plus_days(-1);
        case Precision::month: return earliest_.plus_months(1).plus_days(-1);
        case Precision::day: break;
    }
    return earliest_;
}

bool PartialDate::may_equal(const PartialDate& other) const {
    return earliest_ <= other.latest() && other.earliest() <= latest();
}

}  // namespace egret
