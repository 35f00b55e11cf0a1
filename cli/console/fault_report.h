#pragma once

#include "cli/console/report.h"
#include "cli/console/terminal.h"
#include "registry/store/store_check.h"

#include <vector>

namespace egret::console {

/// Says what a check found, and what to do about it: a table, or with --json
/// {"ok", "faults": [{"device", "seq", "kind"}]}. Refused, if there is a fault.
ExitStatus report_faults(const std::vector<store::StoreFault>& faults, const Terminal& terminal);

}  // namespace egret::console
