#pragma once

#include "registry/base/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace egret {

/// A phone number as it is kept: 5 to 15 digits, after a + if it was given with one. Spaces and
/// hyphens are dropped.
/// Errors: invalid_input, which does not quote `text`.
Result<std::string> parse_phone(std::string_view text);

/// How many digits a number has that begins like a mobile number of China (13 to 19) and isn't of
/// its length, 11; nothing of any other. `phone` is as it is kept.
std::optional<std::size_t> odd_mobile_digits(std::string_view phone);

}  // namespace egret
