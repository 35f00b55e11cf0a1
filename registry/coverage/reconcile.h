#pragma once

#include "registry/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Whether published figures are right among themselves: a rate must follow from its two numbers, a
/// total from its parts. In whole numbers throughout, so that no machine rounds.
namespace egret::coverage {

/// A number as it is printed: "2.70" is 270 with two decimals.
struct Decimal {
    std::int64_t digits = 0;
    int decimals = 0;

    std::string to_string() const;

    friend bool operator==(const Decimal&, const Decimal&) = default;
};

/// "214625", "214,625" or "2.70", not negative.
/// Errors: invalid_input, if it is no such number; too_large, with more than 12 digits before the
/// point or 6 after it.
Result<Decimal> parse_decimal(std::string_view text);

/// What a rate is multiplied with: 100 for "%", 1,000 for "‰", "/1k" or "/1000", 10,000 for "/10k",
/// "/10000" or "/万", 100,000 for "/100k", "/100000" or "/10万".
std::optional<std::int64_t> find_unit(std::string_view text);

enum class Verdict : std::uint8_t {
    equal,
    truncated,  // Of a rate: further decimals were cut off where it had to be rounded up.
    differs,
};

std::string_view to_string(Verdict verdict);

/// What was printed, and what should have been.
struct Reconciled {
    Decimal printed;
    Decimal expected;    // Rounded half up at as many decimals as were printed.
    Decimal exact;       // Three decimals more, cut off; of a sum the sum.
    Decimal difference;  // printed - expected.
    Verdict verdict = Verdict::equal;

    friend bool operator==(const Reconciled&, const Reconciled&) = default;
};

/// numerator / denominator × unit, against what was printed. Both below 10^12, not negative.
/// Errors: invalid_input at "denominator", if it is 0; too_large at "numerator", if the rate has
/// more than 12 digits before the point.
Result<Reconciled> reconcile_rate(std::int64_t numerator, std::int64_t denominator,
                                  std::int64_t unit, const Decimal& printed);

/// The parts' sum, exactly, against what was printed.
/// Errors: too_large at "parts", if the sum has more than 12 digits before the point.
Result<Reconciled> reconcile_sum(const std::vector<Decimal>& parts, const Decimal& printed);

}  // namespace egret::coverage
