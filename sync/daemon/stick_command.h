#pragma once

#include "cli/console/parsed.h"
#include "cli/console/report.h"
#include "cli/console/terminal.h"
#include "registry/base/result.h"

namespace egret::daemon {

/// `egretd sync`: takes in what clinics put on a stick, and puts the answers on one.
Result<console::ExitStatus> sync_stick(const console::Parsed& parsed,
                                       const console::Terminal& terminal);

}  // namespace egret::daemon
