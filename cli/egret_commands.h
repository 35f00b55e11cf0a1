#pragma once

#include "cli/console/command_spec.h"

namespace egret {

/// Everything that `egret` can be told to do.
const console::CommandSpec& egret_commands();

}  // namespace egret
