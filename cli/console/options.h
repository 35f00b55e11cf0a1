#pragma once

#include "cli/console/command_spec.h"
#include "cli/console/parsed.h"
#include "registry/base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::console {

/// --lang, --json, --quiet, --help, --version: on every command of every program.
const std::vector<OptionSpec>& common_options();

/// Reads the words after the program's name. The program alone, and `help COMMAND`, are taken as
/// --help. With --help or --version in it nothing else needs to be complete.
///
/// Errors: invalid_input, always a usage error; `field` is the option as typed ("--limit") or the
/// positional's name, where there is one. Words that she typed are not quoted.
/// Usage lines in errors are in `language`.
Result<Parsed> parse(const CommandSpec& program, std::vector<std::string> words,
                     Language language = Language::en);

/// How she wants to be spoken to, known even if the rest of her command is wrong.
struct Manner {
    std::optional<std::string> language;
    bool json = false;
    bool quiet = false;
};

Manner manner_of(const std::vector<std::string>& words);

}  // namespace egret::console
