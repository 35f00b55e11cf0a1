#pragma once

#include "cli/console/program.h"

namespace egret::daemon {

/// What each command of egretd_commands() does.
const console::Handlers& egretd_handlers();

}  // namespace egret::daemon
