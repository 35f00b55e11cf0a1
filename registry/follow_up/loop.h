#pragma once

#include "registry/domain/codes.h"
#include "registry/domain/follow_up_codes.h"
#include "registry/domain/history.h"
#include "registry/rules/decision.h"
#include "registry/rules/screening/severity.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What is owed to a woman, by whom, by when, and what became of it.
namespace egret::follow_up {

enum class LoopKind : std::uint8_t {
    action,            // A pathway asks for something: a test, a colposcopy, a treatment.
    review,            // A clinician looks at what no rule, or no rule alone, can answer.
    result_awaited,    // A specimen or a biopsy was taken.
    feedback_awaited,  // She was referred.
    inform,            // She is told what was found.
    confirm,           // A second person looks at a result that was taken back.
};

enum class LoopState : std::uint8_t {
    open,
    done,
    not_done,   // With its reason, by as many persons as it takes.
    overtaken,  // Something more urgent took its place.
};

}  // namespace egret::follow_up

namespace egret {

template <>
struct CodeList<follow_up::LoopKind> {
    static constexpr std::string_view name = "loop_kind";
    static constexpr auto entries = std::to_array<CodeEntry<follow_up::LoopKind>>({
        {follow_up::LoopKind::action, "action"},
        {follow_up::LoopKind::review, "review"},
        {follow_up::LoopKind::result_awaited, "result_awaited"},
        {follow_up::LoopKind::feedback_awaited, "feedback_awaited"},
        {follow_up::LoopKind::inform, "inform"},
        {follow_up::LoopKind::confirm, "confirm"},
    });
};

template <>
struct CodeList<follow_up::LoopState> {
    static constexpr std::string_view name = "loop_state";
    static constexpr auto entries = std::to_array<CodeEntry<follow_up::LoopState>>({
        {follow_up::LoopState::open, "open"},
        {follow_up::LoopState::done, "done"},
        {follow_up::LoopState::not_done, "not_done"},
        {follow_up::LoopState::overtaken, "overtaken"},
    });
};

}  // namespace egret

namespace egret::follow_up {

/// One thing that is owed to a woman.
struct Loop {
    /// Twelve digits, the same as long as what opened it asks for the same: contacts, referrals and
    /// closings name it.
    std::string id;
    /// What it was, or would have been, known by under other records of the visit that opened it,
    /// those that were voided or put elsewhere since among them.
    std::vector<std::string> other_ids;
    LoopKind kind = LoopKind::action;
    std::optional<ScreenedSite> site;  // Absent, where it can't be told.
    std::optional<HistologySite> breast;
    /// Of a pathway the code of its action; else that of the kind.
    std::string action;
    std::string protocol;  // The pathway's id; "" for what the programme itself asks for.
    rules::Why why;
    rules::Severity severity = rules::Severity::none;  // Of what it began with.
    Date opened_on;
    EventUid opened_by{};  // The worst of what was found then.
    EventUid named_by{};   // By what the id is made: the same, however results of a visit come in.
    /// When it was last asked for: a closing that is older doesn't count.
    Order opened_order{};
    Date due;                         // From that day on.
    Date due_to;                      // At the latest.
    bool is_beyond_calendar = false;  // That day counts working days of a year not known yet.
    std::string owner;                // The facility that owes it; "" if nobody cares for her.
    LoopState state = LoopState::open;
    std::optional<Date> closed_on;
    EventUid closed_by{};
    std::optional<ClosingReason> reason;  // Of not_done, and of what awaits a second person.
    // Two said otherwise of her, neither knowing of the other: done only by who says it anew.
    bool is_dispute = false;
    // About a record of hers that counts for nothing, or that two corrected otherwise.
    bool is_of_record = false;
    bool needs_tissue = false;  // As in rules::Loop.
    bool has_cancer = false;    // As in rules::Loop.
    // Open, though somebody gave it up: a second person has to agree.
    bool awaits_second_person = false;
    // Open again, though it was given up on that day, by as many persons as it takes.
    std::optional<Date> given_up_on;
    // Asked for again since she came; else since so much time has passed.
    bool came_since = false;

    /// That a contact, a referral or a closing which names this id is about it.
    bool answers_to(std::string_view name) const {
        return name == id || std::find(other_ids.begin(), other_ids.end(), name) != other_ids.end();
    }

    /// It is about who she is or what became of a record, not about what was found: it keeps her
    /// from no test.
    bool is_about_records() const { return is_dispute || is_of_record; }

    bool is_asked_again() const { return state == LoopState::open && given_up_on.has_value(); }

    /// Cancer is known or suspected, and this is what is to be done about it now: before anything
    /// else, whatever its latest day.
    bool is_urgent(Date on) const {
        return state == LoopState::open && severity == rules::Severity::cancer && due <= on &&
               (kind == LoopKind::action || kind == LoopKind::review) && action != "surveillance" &&
               action != "screening";
    }

    bool is_overdue(Date on) const { return state == LoopState::open && due_to < on; }

    /// Days since its latest day; 0 up to that day.
    int overdue_days(Date on) const { return is_overdue(on) ? on.days() - due_to.days() : 0; }
};

}  // namespace egret::follow_up
