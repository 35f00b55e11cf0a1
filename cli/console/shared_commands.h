#pragma once

#include "cli/console/command_spec.h"

namespace egret::console {

/// What both programs can do in the same words: a clinic of itself, the centre of all.
CommandSpec coverage_command();
CommandSpec indicators_command();
CommandSpec report_command();

}  // namespace egret::console
