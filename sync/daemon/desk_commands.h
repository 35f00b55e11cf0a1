#pragma once

#include "cli/console/program.h"
#include "sync/central/centre.h"
#include "sync/central/desk.h"

#include <functional>

namespace egret::daemon {

/// The record's id that was typed. Errors: invalid_input.
Result<EventUid> typed_event(const console::Parsed& parsed);

/// Runs something at the desk of the centre that --data names, and says what came of it.
using DeskWork = std::function<Result<central::DeskDone>(central::CentreDesk&)>;

/// Carries an act of an officer out, and prints the ids of what it recorded.
/// Errors: those of open_centre and of the work.
Result<console::ExitStatus> run_at_desk(const console::Parsed& parsed,
                                        const console::Terminal& terminal, const DeskWork& work);

/// The same for work that says itself what came of it.
Result<console::ExitStatus> with_desk(
    const console::Parsed& parsed, const console::Terminal& terminal,
    const std::function<Result<console::ExitStatus>(central::CentreDesk&)>& work);

Result<console::ExitStatus> add_centre_user(const console::Parsed& parsed,
                                            const console::Terminal& terminal);
Result<console::ExitStatus> list_centre_users(const console::Parsed& parsed,
                                              const console::Terminal& terminal);
Result<console::ExitStatus> remove_centre_user(const console::Parsed& parsed,
                                               const console::Terminal& terminal);
Result<console::ExitStatus> void_at_centre(const console::Parsed& parsed,
                                           const console::Terminal& terminal);
Result<console::ExitStatus> link_women(const console::Parsed& parsed,
                                       const console::Terminal& terminal);
Result<console::ExitStatus> unlink_women(const console::Parsed& parsed,
                                         const console::Terminal& terminal);
Result<console::ExitStatus> transfer_woman(const console::Parsed& parsed,
                                           const console::Terminal& terminal);

/// All that is known of a woman, for good; and again of everybody in a list of such.
Result<console::ExitStatus> erase_woman(const console::Parsed& parsed,
                                        const console::Terminal& terminal);
Result<console::ExitStatus> erase_list(const console::Parsed& parsed,
                                       const console::Terminal& terminal);

/// Facts without effect, each with why and whose; nothing of whom they are about.
Result<console::ExitStatus> list_quarantine(const console::Parsed& parsed,
                                            const console::Terminal& terminal);
Result<console::ExitStatus> accept_quarantined(const console::Parsed& parsed,
                                               const console::Terminal& terminal);
Result<console::ExitStatus> refuse_quarantined(const console::Parsed& parsed,
                                               const console::Terminal& terminal);

}  // namespace egret::daemon
