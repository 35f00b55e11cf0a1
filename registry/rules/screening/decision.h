#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/screening/codes.h"
#include "registry/rules/screening/subject.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::rules {

/// What has to be done next: from `due` on, by `due_to` at the latest. Both are inclusive; a day
/// that the protocol doesn't give is absent.
struct ScreeningStep {
    ScreeningAction code = ScreeningAction::none;
    std::optional<Date> due;
    std::optional<Date> due_to;
    std::vector<ScreeningAction> choices;  // Among which a clinician decides.
    std::vector<Why> why;                  // The rule that asks for it first.

    friend bool operator==(const ScreeningStep&, const ScreeningStep&) = default;
};

/// Something that a result, or the lack of one, asked for, and what became of it.
struct Loop {
    ScreeningStep step;
    Date opened_on;        // The day of the visit that asked for it.
    EventUid opened_by{};  // A finding of that visit.
    std::optional<Date> closed_on;
    EventUid closed_by{};  // A finding of the kind that it asked for.
    /// Something more urgent took its place: it is closed, and the other one is open.
    bool is_overtaken = false;
    std::optional<HistologySite> breast;  // Left or right; of the cervix absent.
    bool needs_tissue = false;  // It is a treatment, and one that takes no tissue doesn't do.
    bool has_cancer = false;    // It is a treatment, and one that treats no cancer doesn't do.
    /// The days of later visits that asked for the same, or for what this makes needless.
    std::vector<Date> asked_again{};

    friend bool operator==(const Loop&, const Loop&) = default;
};

/// What a pathway would say, had somebody looked at what no rule answers.
struct LookedAt {
    ScreeningStatus status = ScreeningStatus::no_rule;
    ScreeningStep step;

    friend bool operator==(const LookedAt&, const LookedAt&) = default;
};

/// What a screening pathway says of a woman on a day.
struct ScreeningDecision {
    std::string protocol;
    std::string version;
    Date on;
    ScreenedSite site = ScreenedSite::cervix;
    ScreeningStatus status = ScreeningStatus::no_rule;
    std::optional<Why> out_of_force;         // The pathway isn't in force on that day.
    std::vector<ScreeningStep> actions;      // The first is the answer.
    std::optional<LookedAt> when_looked_at;  // Of a decision with reviews.
    std::vector<Loop> loops;                 // In the order of opening; routine tests are none.
    std::vector<std::string> ignored;        // Codes that the pathway doesn't use.
    std::vector<Message> problems;           // What made a fact unusable.

    friend bool operator==(const ScreeningDecision&, const ScreeningDecision&) = default;
};

}  // namespace egret::rules
