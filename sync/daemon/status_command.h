#pragma once

#include "cli/console/program.h"

namespace egret::daemon {

/// Who is behind, whose clock is off, when each machine last came.
Result<console::ExitStatus> status(const console::Parsed& parsed,
                                   const console::Terminal& terminal);

}  // namespace egret::daemon
