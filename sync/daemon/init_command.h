#pragma once

#include "cli/console/program.h"

namespace egret::daemon {

/// Makes a centre: its folder, keys and empty store.
Result<console::ExitStatus> init(const console::Parsed& parsed, const console::Terminal& terminal);

}  // namespace egret::daemon
