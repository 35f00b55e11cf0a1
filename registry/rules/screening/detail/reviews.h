#pragma once

#include "registry/rules/screening/decision.h"
#include "registry/rules/screening/subject.h"

#include <cstddef>
#include <optional>

namespace egret::rules::detail {

/// Something that no rule answers, and somebody has to look at. It keeps nothing else from being
/// owed, neither what was before nor what comes after.
struct Review {
    ScreeningStep action;
    unsigned kinds = 0;                 // A bit for each kind of finding that opened it.
    bool is_positive = false;           // One of them is, or a positive one asked for it.
    bool is_suspicion = false;          // Cancer was suspected, and a look didn't explain it.
    std::optional<int> suspected_days;  // The time that there was for that.
    std::size_t loop = 0;               // Of Walk::loops.
};

/// It was looked at through a colposcope, examined as tissue, or treated.
bool is_treated_or_seen(const FindingDetail& detail);

/// It was looked at, or treated, rather than tested.
bool is_higher_step(const FindingDetail& detail);

/// By the same kind of examination, or a higher step; what isn't positive also by any test.
bool is_ended_by(const Finding& finding, const Review& review);

}  // namespace egret::rules::detail
