#pragma once

#include "registry/rules/screening/decision.h"
#include "registry/rules/screening/detail/owed.h"
#include "registry/rules/screening/detail/reviews.h"
#include "registry/rules/screening/detail/tables.h"
#include "registry/rules/screening/visits.h"

#include <optional>
#include <vector>

namespace egret::rules::detail {

struct Walk {
    std::vector<Owed> open;       // Beside each other, in the order of asking.
    std::optional<Owed> routine;  // The next routine test; absent while anything is open.
    std::vector<Review> reviews;  // Those that still wait.
    std::vector<Loop> loops;

    /// What the rows of later visits can ask for; nothing, if nothing is owed.
    std::optional<OwedStep> owed() const;
};

/// Goes through the visits in the order of time, each by the rows of `at_visits`.
Walk walk(const Pathway& pathway, const ScreeningCase& woman);

}  // namespace egret::rules::detail
