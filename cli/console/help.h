#pragma once

#include "cli/console/command_spec.h"
#include "registry/domain/codes.h"

#include <string>

namespace egret::console {

/// The command with what it can't do without: "egret record TYPE --woman ID --date D field=value…".
std::string usage_line(const CommandPath& path);

/// What --help says of the last command of the path, in lines that line up in a terminal.
std::string help_text(const CommandPath& path, Language language);

}  // namespace egret::console
