#pragma once

#include "registry/coverage/indicator.h"
#include "registry/json/section.h"

namespace egret::coverage {

/// Reads what a definition with `"counts"` has of its own, beside what all have: `case`, in the
/// denominator; `compared`, `any_of`, `all_of` and `none_of`, in the numerator; or `time`; and
/// `documented_by`. Refuses as parse_indicator() does.
void read_case_definition(json::Section& file, json::Section& denominator, Indicator& indicator);

/// A span of years, months or days that is not empty.
Period read_span(json::Section section);

/// Numbers with at most one decimal, as text: "90", "7.3".
Bounds read_bounds(json::Section section);

}  // namespace egret::coverage
