#pragma once

#include "cli/console/command_spec.h"

#include <vector>

namespace egret::cli {

/// `egret school …`: a campaign at a school, from the class roll to the second round.
console::CommandSpec school_command();

/// `egret import csv` and `egret import xlsx`.
std::vector<console::CommandSpec> table_import_commands();

}  // namespace egret::cli
