#pragma once

#include "cli/console/program.h"

namespace egret::daemon {

Result<console::ExitStatus> coverage(const console::Parsed& parsed,
                                     const console::Terminal& terminal);
Result<console::ExitStatus> list_indicators(const console::Parsed& parsed,
                                            const console::Terminal& terminal);
Result<console::ExitStatus> show_indicator(const console::Parsed& parsed,
                                           const console::Terminal& terminal);
Result<console::ExitStatus> check_report(const console::Parsed& parsed,
                                         const console::Terminal& terminal);

}  // namespace egret::daemon
