#pragma once

#include "cli/console/command_spec.h"
#include "cli/console/parsed.h"
#include "cli/console/report.h"
#include "cli/console/terminal.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace egret::console {

/// Does one command. What it throws and the Errors it returns are said by run().
using Handler = std::function<Result<ExitStatus>(const Parsed& parsed, const Terminal& terminal)>;

/// By the command's name as in command_names(): "woman add".
using Handlers = std::map<std::string, Handler, std::less<>>;

/// One run of a program: reads the words after its name, answers --help and --version, does the
/// command, says what went wrong in her language. `terminal` gets language, json and quiet from the
/// words. A command of the table without a handler ends the program: it is a bug.
ExitStatus run(const CommandSpec& program, const Handlers& handlers,
               const std::vector<std::string>& words, Terminal terminal);

/// The same with main's arguments, at the process's own terminal.
int run_main(const CommandSpec& program, const Handlers& handlers, int argc,
             const char* const* argv);

}  // namespace egret::console
