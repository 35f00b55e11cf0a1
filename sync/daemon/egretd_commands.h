#pragma once

#include "cli/console/command_spec.h"

namespace egret {

/// Everything that `egretd` can be told to do.
const console::CommandSpec& egretd_commands();

}  // namespace egret
