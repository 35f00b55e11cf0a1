#pragma once

#include "cli/console/program.h"

namespace egret::daemon {

/// Whether the files are whole, and all that is in them: verify() with what lies around the logs.
Result<console::ExitStatus> check(const console::Parsed& parsed, const console::Terminal& terminal);
/// Whether all that is stored is what the logs say, and these are what was written.
Result<console::ExitStatus> verify(const console::Parsed& parsed,
                                   const console::Terminal& terminal);
/// Makes all that follows from the logs anew.
Result<console::ExitStatus> rebuild(const console::Parsed& parsed,
                                    const console::Terminal& terminal);

}  // namespace egret::daemon
