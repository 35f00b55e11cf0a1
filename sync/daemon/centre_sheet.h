#pragma once

#include "cli/console/program.h"
#include "registry/keys/recovery_code.h"

#include <string>

namespace egret::daemon {

/// Writes the recovery sheet of the centre in `folder` to the new file `path`.
/// Errors: invalid_input, if it would lie in that folder; those of write_new_file.
Result<Done> write_centre_sheet(const std::string& path, const std::string& folder,
                                const keys::RecoveryCode& code, Language language);

/// `egretd recovery-sheet FILE`: a new code, after which the old one opens nothing.
Result<console::ExitStatus> make_centre_sheet(const console::Parsed& parsed,
                                              const console::Terminal& terminal);

/// `egretd recover`: opens the centre by its sheet, and gives this machine a new secret.
Result<console::ExitStatus> recover_centre(const console::Parsed& parsed,
                                           const console::Terminal& terminal);

}  // namespace egret::daemon
