#include "registry/sheet/day.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/icu/fold.h"

#include <charconv>

namespace egret::sheet {
namespace {

std::optional<Date> day_of(int year, int month, int day) {
    if (year < limits::year_min || year > limits::year_max || month < 1 || day < 1)
        return std::nullopt;
    const auto date =
        PartialDate::from_parts(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
    if (!date) return std::nullopt;
    return date->earliest();
}

/// Excel's calendar has a 29 February 1900, which is number 60: before it each day is one off.
std::optional<Date> day_of_count(int count, bool from_1904) {
    constexpr int last_count = 110'000;  // In the 23rd century.
    if (count < 1 || count > last_count || (!from_1904 && count == 60)) return std::nullopt;
    const auto first = from_1904 ? Date::from_ymd(1904, 1, 1) : Date::from_ymd(1899, 12, 30);
    const auto day = first.plus_days(!from_1904 && count < 60 ? count + 1 : count);
    if (day.year() < limits::year_min || day.year() > limits::year_max) return std::nullopt;
    return day;
}

std::optional<int> number_of(std::string_view digits) {
    int number = 0;
    const auto* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    if (digits.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return number;
}

/// Takes digits from the front; nothing if there are none or more than four.
std::optional<int> take_number(std::string_view& text) {
    constexpr std::size_t digits_max = 4;
    std::size_t end = 0;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if (end == 0 || end > digits_max) return std::nullopt;
    const auto number = number_of(text.substr(0, end));
    text.remove_prefix(end);
    return number;
}

bool take_sign(std::string_view& text, std::string_view chinese, char& sign) {
    if (text.starts_with(chinese)) {
        text.remove_prefix(chinese.size());
        return true;
    }
    const bool is_sign = !text.empty() && (text[0] == '-' || text[0] == '/' || text[0] == '.') &&
                         (sign == '\0' || sign == text[0]);
    if (!is_sign) return false;
    sign = text[0];
    text.remove_prefix(1);
    return true;
}

/// Nothing, or a time of day, of which only the form is looked at.
bool is_time_or_end(std::string_view text) {
    if (text.empty()) return true;
    if (text[0] != ' ' && text[0] != 't') return false;
    return text.find_first_not_of("0123456789:. tz") == std::string_view::npos;
}

std::optional<Date> written_day(std::string_view text) {
    constexpr std::size_t year_digits = 4;
    if (text.size() < year_digits || !is_digits(text.substr(0, year_digits))) return std::nullopt;
    char sign = '\0';
    const auto year = take_number(text);
    if (!year || !take_sign(text, "年", sign)) return std::nullopt;
    const auto month = take_number(text);
    if (!month || !take_sign(text, "月", sign)) return std::nullopt;
    const auto day = take_number(text);
    if (!day) return std::nullopt;
    if (text.starts_with("日")) text.remove_prefix(std::string_view("日").size());
    if (!is_time_or_end(text)) return std::nullopt;
    return day_of(*year, *month, *day);
}

}  // namespace

std::optional<Date> parse_day(const Cell& cell, bool counts_days_from_1904) {
    constexpr std::size_t compact_digits = 8;
    constexpr std::size_t count_digits = 5;
    const auto folded = icu::fold(cell.text);
    std::string_view text = folded;
    // A time of day is the fraction of a count.
    const auto whole = cell.is_number ? text.substr(0, text.find('.')) : text;
    if (is_digits(whole) && whole.size() == compact_digits) {
        const auto number = *number_of(whole);
        return day_of(number / 10000, number / 100 % 100, number % 100);
    }
    if (is_digits(whole) && (whole.size() == count_digits || cell.is_number)) {
        const auto count = number_of(whole);
        return count ? day_of_count(*count, counts_days_from_1904) : std::nullopt;
    }
    return written_day(text);
}

}  // namespace egret::sheet
