#pragma once

#include "registry/base/result.h"

#include <string>
#include <string_view>

namespace egret {

/// A phone number as it is kept: 5 to 15 digits, after a + if it was given with one. Spaces and
/// hyphens are dropped.
/// Errors: invalid_input, which does not quote `text`.
Result<std::string> parse_phone(std::string_view text);

}  // namespace egret
