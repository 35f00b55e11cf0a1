#pragma once

#include "registry/rules/screening/pathway.h"
#include "registry/rules/screening/visits.h"

namespace egret::rules {

/// A woman's findings as they are of each breast.
struct BreastSides {
    ScreeningCase left;
    ScreeningCase right;
};

/// An image is of the breasts that it names; of both, if it names none. Of a report of tissue its
/// site tells, and of a treatment, if it names a side; what else there is was done for both.
///
/// A senior review names no side: it is of the breast for which one is owed by then. Where none is,
/// it is of both, unless the last image of one alone was abnormal; what she tells is no image.
BreastSides sides_of(const Pathway& pathway, const ScreeningCase& woman);

}  // namespace egret::rules
