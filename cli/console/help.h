#pragma once

#include "cli/console/command_spec.h"
#include "registry/domain/codes.h"

#include <string>
#include <string_view>

namespace egret::console {

/// The command with what it can't do without: "egret record TYPE --woman ID --date D field=value…".
std::string usage_line(const CommandPath& path, Language language);

/// What --help says of the last command of the path, in lines that line up in a terminal.
/// `about` is the first word after the command, if there was one: "egret record dose --help".
std::string help_text(const CommandPath& path, Language language, std::string_view about = "");

}  // namespace egret::console
