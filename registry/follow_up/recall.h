#pragma once

#include "registry/domain/codes.h"
#include "registry/follow_up/loop.h"
#include "registry/follow_up/loops.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Call and recall: whom the programme calls to routine screening, and how far that has come.
namespace egret::follow_up {

/// Where a woman stands. Each woman whom a pathway is for stands in exactly one.
enum class RecallState : std::uint8_t {
    not_yet_invited,  // Routine screening is due, and nobody called her to it.
    invited,          // She was called, and has time to come.
    up_to_date,       // The next test is not due, and nothing is owed to her.
    in_follow_up,     // A result asks for more, or something is open.
    deferred,         // Put off, with an end.
    ceased,           // Taken out, by two persons.
    overdue,          // She didn't come in time.
};

}  // namespace egret::follow_up

namespace egret {

template <>
struct CodeList<follow_up::RecallState> {
    static constexpr std::string_view name = "recall_state";
    static constexpr auto entries = std::to_array<CodeEntry<follow_up::RecallState>>({
        {follow_up::RecallState::not_yet_invited, "not_yet_invited"},
        {follow_up::RecallState::invited, "invited"},
        {follow_up::RecallState::up_to_date, "up_to_date"},
        {follow_up::RecallState::in_follow_up, "in_follow_up"},
        {follow_up::RecallState::deferred, "deferred"},
        {follow_up::RecallState::ceased, "ceased"},
        {follow_up::RecallState::overdue, "overdue"},
    });
};

}  // namespace egret

namespace egret::follow_up {

/// How the programme's call stands for one woman and one site.
struct Recall {
    ScreenedSite site = ScreenedSite::cervix;
    RecallState state = RecallState::not_yet_invited;
    std::string action;  // The id of her routine test, which invitations name.
    std::vector<std::string>
        other_actions;  // The same under the other ids that are linked as hers.
    // How the day was worked out: by which rule of which version of which pathway.
    std::string protocol;
    std::string version;
    std::vector<rules::Why> why;
    std::optional<Date> next_test_due;  // Absent, while something else is asked for.
    int invitations = 0;                // Since her last test; the second is a reminder.
    std::optional<Date> first_invited;
    std::optional<Date> until;  // Of a deferral.
    std::optional<DeferralReason> deferral_reason;
    std::optional<CeasingReason> ceasing_reason;
    bool awaits_second_person = false;  // Ceasing was proposed.
    std::optional<Date> last_day;       // After it she is overdue.
};

/// One for each site that a pathway of the programme screens her for on that day. Unless something
/// is open, none for the dead, for who lives elsewhere or isn't a woman, and for whom the pathways
/// leave out or who isn't of age yet. `loops`: of the same question. `untested`: what the pathways
/// would say of her without any finding on the day on which her next test is due: from it follows
/// whether she is of age by then.
///
/// The first of these that holds is her state: something is open, or a result asks for more; she is
/// ceased; she is deferred; the next test is not due. Else the test is due: she is overdue, when
/// she was called and the programme's time has passed since, or when she was screened before and it
/// has passed since the day on which the next test was due; else invited, if she was called.
std::vector<Recall> recalls_of(const Question& question, const std::vector<Loop>& loops,
                               const std::vector<rules::ScreeningDecision>& untested);

}  // namespace egret::follow_up
