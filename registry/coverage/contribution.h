#pragma once

#include "registry/coverage/delta.h"
#include "registry/coverage/indicator.h"
#include "registry/coverage/interval.h"
#include "registry/domain/history.h"

namespace egret::coverage {

/// The days on which she belongs to the indicator's population; none if she was never registered.
Intervals denominator_days(const Indicator& indicator, const History& history);

/// The days on which she counts: always some of denominator_days().
Intervals numerator_days(const Indicator& indicator, const History& history,
                         const Intervals& denominator);

/// What she adds to the indicator, over all days past and future: each stretch of days under one
/// key begins with +1 and ends with -1. Normalised.
Contribution contribution_of(const Indicator& indicator, const History& history);

}  // namespace egret::coverage
