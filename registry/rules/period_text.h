#pragma once

#include "registry/base/date.h"

#include <optional>
#include <string>
#include <string_view>

namespace egret::rules {

/// A span as protocols write it: "9 years - 4 days", "13 months + 4 weeks", "0 days". Years,
/// months, weeks, days, each at most once, in that order; a week is seven days. Nothing, if the
/// text is no such span, or one of more than 200 years.
std::optional<Period> parse_period(std::string_view text);

/// The same the other way; whole weeks are written as days.
std::string to_text(const Period& period);

}  // namespace egret::rules
