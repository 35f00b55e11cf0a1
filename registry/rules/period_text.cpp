#include "registry/rules/period_text.h"

#include "registry/base/text.h"

#include <cstdlib>
#include <vector>

namespace egret::rules {
namespace {

struct Unit {
    std::string_view one;
    std::string_view many;
    int Period::*member;
    int factor;
};

constexpr Unit units[] = {
    {"year", "years", &Period::years, 1},
    {"month", "months", &Period::months, 1},
    {"week", "weeks", &Period::days, 7},
    {"day", "days", &Period::days, 1},
};

constexpr int number_max = 9999;
/// Far longer than a life; a schedule's days stay within what calendars can say.
constexpr int years_max = 200;

std::optional<int> parse_number(std::string_view digits) {
    if (!is_digits(digits) || digits.size() > 4) return std::nullopt;
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value <= number_max ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<Period> parse_period(std::string_view text) {
    Period period;
    std::size_t next_unit = 0;
    const auto words = split(text, ' ');
    if (words.size() % 3 != 2) return std::nullopt;
    for (std::size_t i = 0; i < words.size(); i += 3) {
        int sign = 1;
        if (i > 0) {
            if (words[i - 1] != "+" && words[i - 1] != "-") return std::nullopt;
            if (words[i - 1] == "-") sign = -1;
        }
        const auto number = parse_number(words[i]);
        if (!number) return std::nullopt;
        std::size_t unit = next_unit;
        while (unit < std::size(units) && words[i + 1] != units[unit].one &&
               words[i + 1] != units[unit].many)
            ++unit;
        if (unit == std::size(units)) return std::nullopt;
        period.*units[unit].member += sign * *number * units[unit].factor;
        next_unit = unit + 1;
    }
    if (period.years > years_max || std::abs(period.months) > 12 * years_max) return std::nullopt;
    return period;
}

std::string to_text(const Period& period) {
    std::string text;
    const auto add = [&](int count, std::string_view one) {
        if (count == 0) return;
        if (!text.empty())
            text += count < 0 ? " - " : " + ";
        else if (count < 0)
            text += "- ";
        const int size = count < 0 ? -count : count;
        text += std::to_string(size) + " " + std::string(one) + (size == 1 ? "" : "s");
    };
    add(period.years, "year");
    add(period.months, "month");
    add(period.days, "day");
    return text.empty() ? "0 days" : text;
}

}  // namespace egret::rules
