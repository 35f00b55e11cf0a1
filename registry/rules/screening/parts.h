#pragma once

#include "registry/rules/screening/visits.h"

#include <vector>

namespace egret::rules {

/// What stands open as the visit begins.
struct KnownBefore {
    bool is_proven = false;  // Tissue has told of what a treatment is owed for.
    bool has_cancer = false;
};

/// A visit in the order in which it went: what was found, what was treated, and what the tissue
/// told that was taken out. So a treatment hides nothing of what was found that day. Arranges the
/// findings of the visit so.
///
/// Tissue is that of the treatment where this takes some, unless it is said to be a biopsy's, or is
/// of a day before; or tells only what a biopsy had told already.
std::vector<Visit> parts_of(ScreeningCase& woman, const Visit& visit, const KnownBefore& before);

}  // namespace egret::rules
