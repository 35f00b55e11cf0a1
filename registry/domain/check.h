#pragma once

#include "registry/base/result.h"
#include "registry/domain/fact.h"

namespace egret {

/// Holds a fact to what can be said of it alone, without today's date and without the woman:
/// numbers with their check digits, codes with their prefixes, ranges, days in order. Puts areas,
/// numbers and phones into their one form.
///
/// Nothing medical is refused here: what is odd is warned of by whoever records it.
/// Errors: invalid_input with the member's path. No value is quoted.
Result<Done> check(Fact& fact);

/// A facility's code: 1 to 64 letters, digits, '-', '_' or '.'.
bool is_facility_code(std::string_view text);

}  // namespace egret
