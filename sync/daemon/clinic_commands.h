#pragma once

#include "cli/console/program.h"

namespace egret::daemon {

/// A new clinic, with the code for its first machine.
Result<console::ExitStatus> add_clinic(const console::Parsed& parsed,
                                       const console::Terminal& terminal);
/// Another code for a clinic.
Result<console::ExitStatus> invite_clinic(const console::Parsed& parsed,
                                          const console::Terminal& terminal);
Result<console::ExitStatus> list_clinics(const console::Parsed& parsed,
                                         const console::Terminal& terminal);
/// Shuts all machines of a clinic out.
Result<console::ExitStatus> revoke_clinic(const console::Parsed& parsed,
                                          const console::Terminal& terminal);

}  // namespace egret::daemon
