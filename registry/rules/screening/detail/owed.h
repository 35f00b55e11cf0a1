#pragma once

#include "registry/rules/screening/decision.h"
#include "registry/rules/screening/state.h"

#include <optional>

namespace egret::rules::detail {

/// What a visit left to be done.
struct Owed {
    OwedStep step;
    ScreeningStep action;
    std::optional<ScreeningStatus> status;   // As its row says.
    std::optional<Date> not_before;          // A test before this is too early.
    std::optional<Date> first_not_before{};  // What that was, before it was asked for again.
    bool is_urgent = false;                  // Cancer is suspected.
    bool is_cut = false;        // Tissue was taken for it in a treatment: its report is awaited.
    bool is_suspected = false;  // Cancer is, and a look alone doesn't explain it away.
    int days = 0;               // How long there is for it, from when it was known.
    bool is_decision = false;   // Of a person, who may set aside what was owed.
    bool has_cancer = false;    // It is known, and no ablation treats it.
    bool needs_tissue = false;  // High-grade, and no biopsy has told what it is.
    bool is_beyond_precancer = false;  // Of glands, or cancer: no biopsy of CIN 2 or 3 explains it.
    bool is_looked_at = false;         // Through a colposcope, by tissue, or in a treatment.
    bool is_told = false;              // She says so, and nobody saw a paper.
    bool is_treated = false;           // Not only looked at.
    bool is_course = false;            // Of a therapy that goes on, without an operation.
    std::size_t visit = 0;             // The last one that asked for it, counted from 1.
    bool is_proven = false;            // Tissue told what it is, or an image of a known cancer.
    bool is_reported = false;  // Tissue told of CIN 2 or worse, and she doesn't merely say so.
    bool is_cancer_reported = false;  // And that was a cancer.
    std::size_t loop = 0;             // Of Walk::loops; of routine tests none.
};

/// How long there is for what suspects cancer.
struct Suspicion {
    Date last;
    int days = 0;
};

bool is_treatment(ScreeningAction action);

/// Tissue, or a treatment.
bool asks_for_tissue(const Owed& owed);

/// The same action; or a test at once, where a test was owed.
bool repeats(const Owed& next, const Owed& done);

/// Before all else what is suspected, then by the order of the actions.
bool is_more_urgent(const Owed& a, const Owed& b);

/// Nobody has to be asked for `less`, as long as `more` is open: what does the one does the other,
/// or leads to it again. A test that is owed for two reasons stays owed for both, and a treatment
/// is followed up whatever else is open, but another treatment.
bool makes_needless(const Owed& more, const Owed& less);

/// A senior doctor may set it aside: what waits for such a decision. Neither an image that is
/// missing nor anything that goes further is that.
bool is_set_aside_by_decision(const Owed& owed);

/// The same, where `less` was owed before: a test that mustn't come too early goes on.
bool takes_place_of(const Owed& more, const Owed& less);

/// The same action; where a test mustn't come too early, about the same day.
bool is_same(const Owed& owed, const Owed& again);

/// Of two tests that mustn't come too early: `again` is no earlier one.
bool moves(const Owed& owed, const Owed& again);

/// Of two follow-ups `next` stands for both: it is the stricter test.
void go_on_with(Owed& next, const Owed& owed);

/// What was found since says what may do it.
void hand_over(Owed& owed, const Owed& found);

/// Where cancer was suspected since, it is late as soon as that would be.
void hurry(Owed& owed, const Owed& found);

/// What follows from a suspicion of cancer, before tissue has told of it, has no more time.
void hurry_on(Owed& owed, const Suspicion& suspicion);

/// The same action is asked for again: it is done by what does it for both.
void ask_again(Owed& owed, const Owed& again);

}  // namespace egret::rules::detail
