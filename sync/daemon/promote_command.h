#pragma once

#include "cli/console/program.h"

namespace egret::daemon {

/// `egretd promote-key --root-dir DIR`: signs the next key bundle. Without the root: destroys the
/// seal keys that nobody needs any more, and says how long the bundle lasts.
Result<console::ExitStatus> promote_key(const console::Parsed& parsed,
                                        const console::Terminal& terminal);

}  // namespace egret::daemon
