#pragma once

#include "registry/base/result.h"
#include "registry/coverage/delta.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::coverage {

/// What figures can be told apart by, or narrowed down to. `area` is the district.
enum class Dimension : std::uint8_t {
    area,
    province,
    city,
    town,
    village,
    facility,
    birth_year,
    birth_month,
};

std::string_view to_string(Dimension dimension);
/// Errors: invalid_input, with the dimension that was probably meant.
Result<Dimension> parse_dimension(std::string_view text);

/// The value of those for whom it is not known.
inline constexpr std::string_view unknown_value = "unknown";

/// In which class of the dimension a key falls: "350203", "C1", "2010", "2010-03" ("2010" if no
/// month is known) or "unknown". An area that is known less exactly than asked stays as it is:
/// a home area of "350200" is "350200" by town, too. One that is no area code is unknown.
std::string value_of(Dimension dimension, const Key& key);

/// True, if a value of value_of() names an area of the dimension's own level; false for a wider
/// one, and for what is unknown. Of dimensions that are no areas: anything that is known.
bool is_of_level(Dimension dimension, std::string_view value);

/// The narrowest of the areas among the values; nothing if none is an area.
std::optional<Dimension> narrowest_level(const std::vector<std::string>& values);

/// Only those with that value. For an area, at whatever level its code is: all that lie in it.
struct Filter {
    Dimension dimension = Dimension::area;
    std::string value;  // As value_of() writes it.

    friend bool operator==(const Filter&, const Filter&) = default;
};

/// Reads "area=350203" or "birth_year=unknown". The areas of `province`, `city`, `town` and
/// `village` must be of that level; `area` takes any.
/// Errors: invalid_input, without quoting the value.
Result<Filter> parse_filter(std::string_view text);

/// The dimension whose value_of() decides whether a key passes the filter: that of the code's own
/// level, for an area.
Dimension deciding_dimension(const Filter& filter);

}  // namespace egret::coverage
