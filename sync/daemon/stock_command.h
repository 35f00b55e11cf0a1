#pragma once

#include "cli/console/program.h"

namespace egret::daemon {

/// Wastage and days without vaccine, of all facilities or those of an area.
Result<console::ExitStatus> stock_wastage(const console::Parsed& parsed,
                                          const console::Terminal& terminal);

}  // namespace egret::daemon
