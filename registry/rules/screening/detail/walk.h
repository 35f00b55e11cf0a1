#pragma once

#include "registry/rules/screening/decision.h"
#include "registry/rules/screening/detail/tables.h"
#include "registry/rules/screening/visits.h"

#include <optional>
#include <vector>

namespace egret::rules::detail {

/// What a visit left to be done.
struct Owed {
    OwedStep step;
    ScreeningStep action;
    std::optional<ScreeningStatus> status;  // As its row says.
    std::optional<Date> not_before;         // A normal test before this is too early.
    bool is_urgent = false;                 // Cancer is suspected.
    bool is_decision = false;               // Of a person, who may set aside what was owed.
    bool has_cancer = false;                // It is known, and no ablation treats it.
    bool needs_tissue = false;              // High-grade, and no biopsy has told what it is.
    std::optional<std::size_t> loop;        // Of Walk::loops; routine tests have none.
};

/// Something that no rule answers, and somebody has to look at. It keeps nothing else from being
/// owed, neither what was before nor what comes after.
struct Review {
    ScreeningStep action;
    unsigned kinds = 0;        // A bit for each kind of finding that opened it.
    bool is_positive = false;  // One of them is, or a positive one asked for it.
    std::size_t loop = 0;      // Of Walk::loops.
};

struct Walk {
    std::optional<Owed> owed;
    std::vector<Review> reviews;  // Those that still wait, beside it.
    std::vector<Loop> loops;
};

/// Goes through the visits in the order of time, each by the rows of `at_visits`.
Walk walk(const Pathway& pathway, const ScreeningCase& woman);

/// What an outcome asks for, with its days.
ScreeningStep step_of(const Pathway& pathway, const Hit& hit, State& state);

}  // namespace egret::rules::detail
