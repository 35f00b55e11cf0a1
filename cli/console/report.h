#pragma once

#include "cli/console/terminal.h"
#include "registry/base/result.h"

#include <functional>

namespace egret::console {

/// How a program ends, for scripts.
enum class ExitStatus : int {
    done = 0,
    refused = 1,  // The data or the world said no; the message says what to do.
    usage = 2,    // The command line was not understood.
    partly = 3,   // Some of it is done, the rest is left for the next time.
    locked = 4,   // A PIN is needed first.
};

/// Says the error on terminal.err: one sentence, after its field where that helps, "birth
/// date: …" (field_name.h), or with --json one line {"error":{"code","field","text"}}.
void print(const Error& error, const Terminal& terminal);

/// The status of a command that ended with the error. One whose field is an option ("--data") lies
/// in how the command was typed.
ExitStatus status_of(const Error& error);

/// How a command ends of which invalid_input can only lie in what was typed: said, and a usage
/// error, if that is it; else the error itself.
Result<ExitStatus> refuse_typed(const Error& error, const Terminal& terminal);

/// Runs the program's work. What it throws is said in a sentence that tells what to do, and holds
/// neither a value of a record nor the exception's text; the status is then refused.
ExitStatus run_guarded(const Terminal& terminal, const std::function<ExitStatus()>& work);

}  // namespace egret::console
