#pragma once

#include "cli/context.h"

#include <functional>
#include <optional>
#include <string>

namespace egret::cli {

/// What a command that works in steps leaves, if it ends before the last one.
struct Standing {
    bool is_changed = false;                     // Something holds that didn't before.
    std::string kind;                            // Of the note, for programs: "new_sheet".
    std::optional<Message> note = std::nullopt;  // What she must know.
};

/// Takes the steps. If one fails, or throws, that is said, and behind it what `standing` gives
/// then, with --json as one line {"note":{"kind","text"}} on standard error. Where something is
/// changed the command is done in part, whatever went wrong.
console::ExitStatus take_steps(const Command& command, const std::function<Outcome()>& steps,
                               const std::function<Standing()>& standing);

}  // namespace egret::cli
