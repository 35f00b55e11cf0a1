#pragma once

#include "registry/base/result.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace egret {

/// The first two digits of a code of GB/T 2260: "35" is Fujian.
bool is_province_code(std::string_view digits);

/// From wide to narrow, so that a narrower level is the greater.
enum class AreaLevel : std::uint8_t { province, city, district, town, village };

std::string_view to_string(AreaLevel level);

/// An administrative area of China: GB/T 2260 down to the district (two digits each for province,
/// city and district), then three for the town and three for the village.
///
/// Kept in one canonical form, so that equal areas are equal: six digits down to the district, with
/// zeros for what is left open ("350000" a province, "350200" a city), nine for a town, twelve for
/// a village. Whether such an area exists is not looked up.
class AreaCode {
public:
    /// Takes 2, 4, 6, 9 or 12 digits; zeros at the end say that the level is left open.
    /// Errors: invalid_input.
    static Result<AreaCode> parse(std::string_view text);

    /// As parse, for where somebody lives or works: at least 6 digits, in a province of GB/T 2260.
    /// Errors: invalid_input.
    static Result<AreaCode> parse_known(std::string_view text);

    const std::string& text() const noexcept { return text_; }

    AreaLevel level() const noexcept;

    /// The area of that level in which this one lies; itself at its own level; nothing below it.
    /// The district of a town in a city that has none (Dongguan, "441900003") is the city.
    std::optional<AreaCode> at_level(AreaLevel level) const;

    /// True for the same area, too.
    bool within(const AreaCode& wider) const;

    friend auto operator<=>(const AreaCode&, const AreaCode&) = default;

private:
    explicit AreaCode(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

/// True, if `area` is a code that lies in `wider`, or is the same; false for what is no code.
bool lies_in(std::string_view area, std::string_view wider);

}  // namespace egret
