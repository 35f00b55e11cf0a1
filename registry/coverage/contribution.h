#pragma once

#include "registry/coverage/delta.h"
#include "registry/coverage/indicator.h"
#include "registry/coverage/interval.h"
#include "registry/coverage/series.h"
#include "registry/domain/history.h"

namespace egret::coverage {

/// The days on which she belongs to the indicator's population; none if she was never registered.
/// `series`: her days under each of protocols_of(indicator); may be empty if she has no dose.
Intervals denominator_days(const Indicator& indicator, const History& history,
                           const SeriesByProtocol& series);

/// The days on which she counts: always some of denominator_days().
Intervals numerator_days(const Indicator& indicator, const History& history,
                         const SeriesByProtocol& series, const Intervals& denominator);

/// What she adds to the indicator, over all days past and future: each stretch of days under one
/// key begins with +1 and ends with -1. Normalised.
Contribution contribution_of(const Indicator& indicator, const History& history,
                             const SeriesByProtocol& series);

/// Of contribution_of() the part that is not shared by indicators of the same population. Next to
/// nothing to do for those who never count.
Contribution numerator_of(const Indicator& indicator, const History& history,
                          const SeriesByProtocol& series);

}  // namespace egret::coverage
