#pragma once

#include "cli/console/program.h"
#include "sync/central/centre.h"
#include "sync/central/desk.h"

#include <functional>

namespace egret::daemon {

/// Runs something at the desk of the centre that --data names, and says what came of it.
using DeskWork = std::function<Result<central::DeskDone>(central::CentreDesk&)>;

/// Carries an act of an officer out, and prints the ids of what it recorded.
/// Errors: those of open_centre and of the work.
Result<console::ExitStatus> run_at_desk(const console::Parsed& parsed,
                                        const console::Terminal& terminal, const DeskWork& work);

Result<console::ExitStatus> add_centre_user(const console::Parsed& parsed,
                                            const console::Terminal& terminal);
Result<console::ExitStatus> list_centre_users(const console::Parsed& parsed,
                                              const console::Terminal& terminal);
Result<console::ExitStatus> remove_centre_user(const console::Parsed& parsed,
                                               const console::Terminal& terminal);
Result<console::ExitStatus> void_at_centre(const console::Parsed& parsed,
                                           const console::Terminal& terminal);

}  // namespace egret::daemon
