#pragma once

#include "cli/console/program.h"

namespace egret::daemon {

/// `egretd clinic recover FILE`: a new recovery code in a copy of a clinic's registry.keys, for
/// a clinic that lost its sheet and its PINs. Needs the programme's recovery key, and nothing of
/// the centre.
Result<console::ExitStatus> recover_clinic(const console::Parsed& parsed,
                                           const console::Terminal& terminal);

}  // namespace egret::daemon
