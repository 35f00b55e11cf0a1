#pragma once

#include "registry/coverage/query.h"

namespace egret::coverage {

/// Fewer people than these may be recognised.
inline constexpr int small_cell = 5;

/// For roles that may not see persons: takes out of the answer what tells of fewer than `least`
/// people, and as much more as is needed so that it can't be worked out from the total. On each
/// day by itself:
/// * a cell or total is suppressed if its denominator or numerator is above 0 and below `least`;
/// * as long as the total is shown, the suppressed cells must be at least two, and together neither
///   denominator nor numerator may be small: the next smallest cells go, too.
///
/// Of cases that are told apart in three, the two parts of those that don't count are numbers like
/// these: `in_three`. What times there are is hidden with their number.
///
/// It protects one answer against its own total. Whoever may ask for both a cut and a finer one can
/// subtract across answers.
void suppress_small_cells(Answer& answer, int least = small_cell, bool in_three = false);

}  // namespace egret::coverage
