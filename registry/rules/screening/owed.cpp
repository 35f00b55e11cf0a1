#include "registry/rules/screening/detail/owed.h"

#include <algorithm>
#include <cstdlib>

namespace egret::rules::detail {
namespace {

/// Of two follow-ups so few days apart the later one does for both.
constexpr int same_days = 31;

/// How far an action goes.
enum class Reach : std::uint8_t { routine, surveillance, test, look, tissue, treatment };

Reach reach_of(ScreeningAction action) {
    if (action <= ScreeningAction::review) return Reach::routine;
    if (action == ScreeningAction::surveillance) return Reach::surveillance;
    if (action <= ScreeningAction::mammography) return Reach::test;
    if (action < ScreeningAction::biopsy) return Reach::look;
    return action <= ScreeningAction::histology ? Reach::tissue : Reach::treatment;
}

/// Of two treatments the one that goes further.
bool goes_further(const Owed& more, const Owed& less) {
    return reach_of(more.action.code) == Reach::treatment &&
           reach_of(less.action.code) == Reach::treatment && less.action.code < more.action.code;
}

}  // namespace

bool is_treatment(ScreeningAction action) { return reach_of(action) == Reach::treatment; }

bool asks_for_tissue(const Owed& owed) { return Reach::tissue <= reach_of(owed.action.code); }

bool repeats(const Owed& next, const Owed& done) {
    const auto is_test = [](const Owed& owed) {
        const auto reach = reach_of(owed.action.code);
        return reach == Reach::surveillance || reach == Reach::test;
    };
    return next.action.code == done.action.code ||
           (!next.not_before && is_test(next) && is_test(done));
}

bool is_more_urgent(const Owed& a, const Owed& b) {
    if (a.is_urgent != b.is_urgent) return a.is_urgent;
    return b.action.code < a.action.code;
}

bool makes_needless(const Owed& more, const Owed& less) {
    const auto reach = reach_of(more.action.code);
    if (less.is_urgent || more.is_cut || reach < Reach::look) return false;
    if (less.not_before && less.is_treated && reach < Reach::treatment) return false;
    return reach_of(less.action.code) < reach || goes_further(more, less);
}

bool is_set_aside_by_decision(const Owed& owed) {
    return owed.action.code == ScreeningAction::senior_review ||
           (owed.action.code == ScreeningAction::clinician_decides && !owed.is_urgent);
}

bool takes_place_of(const Owed& more, const Owed& less) {
    const auto reach = reach_of(less.action.code);
    if (less.not_before || reach <= Reach::surveillance) return false;
    // What is suspected is looked at before anything is treated, unless a biopsy has told of it.
    if (more.is_urgent && !less.is_proven) return true;
    return makes_needless(more, less) && (reach <= Reach::look || goes_further(more, less));
}

bool is_same(const Owed& owed, const Owed& again) {
    const auto code = owed.action.code;
    const bool is_tissue =
        reach_of(code) == Reach::tissue && reach_of(again.action.code) == Reach::tissue;
    if (!is_tissue && code != again.action.code) return false;
    if (code == ScreeningAction::clinician_decides)
        return owed.action.choices == again.action.choices;
    if (!owed.not_before || !again.not_before) return !owed.not_before && !again.not_before;
    if (again.is_course || (again.is_looked_at && moves(owed, again))) return true;
    const auto first = owed.first_not_before.value_or(*owed.not_before);
    return std::abs(again.not_before->days() - first.days()) <= same_days;
}

bool moves(const Owed& owed, const Owed& again) {
    return owed.not_before && again.not_before && *owed.not_before <= *again.not_before;
}

void go_on_with(Owed& next, const Owed& owed) {
    next.step.step |= owed.step.step;
    next.action.code = std::max(next.action.code, owed.action.code);
}

void hand_over(Owed& owed, const Owed& found) {
    // What tissue has told of needs no more of it, but for what that doesn't explain.
    const bool is_explained =
        owed.is_cancer_reported || (owed.is_reported && !found.is_beyond_precancer);
    owed.needs_tissue = owed.needs_tissue || (found.needs_tissue && !is_explained);
    owed.has_cancer = owed.has_cancer || found.has_cancer;
    owed.is_suspected = owed.is_suspected || found.is_suspected;
    if (is_treatment(owed.action.code) && is_treatment(found.action.code)) {
        owed.is_proven = owed.is_proven || found.is_proven;
        owed.is_reported = owed.is_reported || found.is_reported;
        owed.is_cancer_reported = owed.is_cancer_reported || found.is_cancer_reported;
    }
    owed.visit = std::max(owed.visit, found.visit);
}

void hurry(Owed& owed, const Owed& found) {
    if (found.is_suspected && found.action.due_to)
        hurry_on(owed, {*found.action.due_to, found.days});
}

void hurry_on(Owed& owed, const Suspicion& suspicion) {
    if (owed.not_before || !owed.action.due_to) return;
    owed.is_suspected = true;
    owed.days = std::min(owed.days, suspicion.days);
    owed.action.due_to =
        std::min(owed.action.due_to, std::max(std::optional(suspicion.last), owed.action.due));
}

void ask_again(Owed& owed, const Owed& again) {
    if (again.has_cancer && !owed.has_cancer) owed.action.why = again.action.why;
    hand_over(owed, again);
    owed.step.step |= again.step.step;
    owed.is_urgent = owed.is_urgent || again.is_urgent;
    owed.is_cut = false;
    // By what she only tells of, or by the next course of a therapy, nothing is put off.
    if (owed.not_before < again.not_before && !again.is_told && !again.is_course) {
        const auto first = owed.first_not_before.value_or(*owed.not_before);
        owed.first_not_before = again.is_looked_at ? again.not_before : first;
        owed.not_before = again.not_before;
        owed.action.due = std::max(owed.action.due, again.action.due);
        owed.action.due_to = std::max(owed.action.due_to, again.action.due_to);
    } else if (!owed.not_before) {
        if (again.action.due < owed.action.due) {
            owed.action.due = again.action.due;
            owed.action.due_to = again.action.due_to;
        }
        hurry(owed, again);
    }
}

}  // namespace egret::rules::detail
