#include "registry/coverage/reconcile.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace egret::coverage {
namespace {

constexpr std::size_t whole_digits_max = 12;
constexpr int printed_decimals_max = 6;
constexpr int decimals_more = 3;  // Of the exact value.
constexpr std::int64_t whole_end = 1'000'000'000'000;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 10> units = {{{"%", 100},
                                                                              {"‰", 1000},
                                                                              {"/1k", 1000},
                                                                              {"/1000", 1000},
                                                                              {"/10k", 10'000},
                                                                              {"/10000", 10'000},
                                                                              {"/万", 10'000},
                                                                              {"/100k", 100'000},
                                                                              {"/100000", 100'000},
                                                                              {"/10万", 100'000}}};

std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

Error no_number() { return {ErrorCode::invalid_input, "", msg("published.no_number")}; }

/// "214,625" as "214625". Nothing if the commas don't part threes.
std::optional<std::string> without_commas(std::string_view text) {
    const auto groups = split(text, ',');
    std::string digits;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const bool fits =
            groups.size() == 1 || (i == 0 ? groups[i].size() <= 3 : groups[i].size() == 3);
        if (!fits || !is_digits(groups[i])) return std::nullopt;
        digits += groups[i];
    }
    return digits;
}

/// The same number with more decimals.
std::int64_t digits_at(const Decimal& number, int decimals) {
    return number.digits * power_of_ten(decimals - number.decimals);
}

/// A quotient digit by digit, as at school.
struct Quotient {
    Decimal cut;            // Cut off behind its decimals.
    std::int64_t rest = 0;  // Of the denominator.
};

Quotient next_decimal(const Quotient& from, std::int64_t denominator) {
    const auto ten_fold = from.rest * 10;
    return {{from.cut.digits * 10 + ten_fold / denominator, from.cut.decimals + 1},
            ten_fold % denominator};
}

}  // namespace

std::string Decimal::to_string() const {
    auto text = std::to_string(digits < 0 ? -digits : digits);
    const auto count = static_cast<std::size_t>(decimals);
    if (text.size() <= count) text.insert(0, count + 1 - text.size(), '0');
    if (count > 0) text.insert(text.size() - count, 1, '.');
    return digits < 0 ? "-" + text : text;
}

Result<Decimal> parse_decimal(std::string_view text) {
    const auto point = text.find('.');
    const auto whole = without_commas(text.substr(0, point));
    const auto fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
    if (!whole || whole->empty()) return no_number();
    if (point != std::string_view::npos && (fraction.empty() || !is_digits(fraction)))
        return no_number();
    if (whole->size() > whole_digits_max)
        return Error{ErrorCode::too_large, "", msg("published.too_large")};
    if (fraction.size() > printed_decimals_max)
        return Error{ErrorCode::too_large, "", msg("published.too_many_decimals")};
    Decimal number;
    for (const char c : *whole + std::string(fraction))
        number.digits = number.digits * 10 + (c - '0');
    number.decimals = static_cast<int>(fraction.size());
    return number;
}

std::optional<std::int64_t> find_unit(std::string_view text) {
    const auto* found = std::find_if(units.begin(), units.end(),
                                     [&](const auto& unit) { return unit.first == text; });
    if (found == units.end()) return std::nullopt;
    return found->second;
}

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::equal: return "equal";
        case Verdict::truncated: return "truncated";
        case Verdict::differs: return "differs";
    }
    return "";
}

Result<Reconciled> reconcile_rate(std::int64_t numerator, std::int64_t denominator,
                                  std::int64_t unit, const Decimal& printed) {
    EGRET_ENSURE(numerator >= 0 && numerator < whole_end && denominator < whole_end);
    if (denominator <= 0)
        return Error{ErrorCode::invalid_input, "denominator", msg("published.no_denominator")};
    const auto product = numerator * unit;  // Below 10^17.
    Quotient quotient{{product / denominator, 0}, product % denominator};
    if (quotient.cut.digits >= whole_end)
        return Error{ErrorCode::too_large, "numerator", msg("published.too_large")};
    while (quotient.cut.decimals < printed.decimals) quotient = next_decimal(quotient, denominator);
    const auto cut = quotient.cut;
    const bool is_up = quotient.rest * 2 >= denominator;
    // Nine decimals behind twelve digits would be too many.
    while (quotient.cut.decimals < printed.decimals + decimals_more &&
           quotient.cut.digits < whole_end * 100'000)
        quotient = next_decimal(quotient, denominator);
    Reconciled result;
    result.printed = printed;
    result.expected = {cut.digits + (is_up ? 1 : 0), cut.decimals};
    result.exact = quotient.cut;
    result.difference = {printed.digits - result.expected.digits, printed.decimals};
    if (printed != result.expected)
        result.verdict = printed == cut ? Verdict::truncated : Verdict::differs;
    return result;
}

Result<Reconciled> reconcile_sum(const std::vector<Decimal>& parts, const Decimal& printed) {
    int decimals = printed.decimals;
    for (const auto& part : parts) decimals = std::max(decimals, part.decimals);
    Decimal sum{0, decimals};
    for (const auto& part : parts) {
        sum.digits += digits_at(part, decimals);
        if (sum.digits >= whole_end * power_of_ten(decimals))
            return Error{ErrorCode::too_large, "parts", msg("published.too_large")};
    }
    Reconciled result;
    result.printed = printed;
    result.expected = sum;
    result.exact = sum;
    result.difference = {digits_at(printed, decimals) - sum.digits, decimals};
    if (result.difference.digits != 0) result.verdict = Verdict::differs;
    return result;
}

}  // namespace egret::coverage
