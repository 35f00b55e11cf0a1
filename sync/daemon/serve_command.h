#pragma once

#include "cli/console/program.h"

namespace egret::daemon {

/// Serves devices over HTTPS until it is told to stop (SIGTERM, SIGINT).
Result<console::ExitStatus> serve(const console::Parsed& parsed, const console::Terminal& terminal);

}  // namespace egret::daemon
