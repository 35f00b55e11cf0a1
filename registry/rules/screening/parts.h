#pragma once

#include "registry/rules/screening/visits.h"

#include <vector>

namespace egret::rules {

/// What is known as the visit begins.
struct KnownBefore {
    bool is_proven = false;     // Tissue has told of what a treatment is owed for.
    bool has_cancer = false;    // Of this site, and its treatment is owed.
    bool had_cancer = false;    // It was treated, and no test has followed that.
    bool was_operated = false;  // It was taken out: whatever is suspected since is another one.
};

/// A visit in the order in which it went: what she merely tells of tissue, what was found, what was
/// treated, and what the tissue told that was taken out. So neither what she tells nor a treatment
/// hides anything of what was found that day. Arranges the findings of the visit so.
///
/// Tissue is told after the treatment where it is of a later day, or of the day of a treatment that
/// takes some and not said to be a biopsy's; unless it was taken out and tells only what a biopsy
/// had told already.
std::vector<Visit> parts_of(ScreeningCase& woman, const Visit& visit, KnownBefore before);

}  // namespace egret::rules
