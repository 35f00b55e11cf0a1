#pragma once

#include "registry/domain/codes.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace egret::console {

/// The environment's value of a name, or nothing: the process's own, or a test's.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

Environment process_environment();

/// Where one run of a program speaks, and how: made once in main, passed to everything that says
/// something. The streams must outlive it.
struct Terminal {
    std::string program;  // "egret", as she types it.
    std::ostream& out;    // The answer.
    std::ostream& err;    // Errors, warnings, progress.
    Environment environment;
    Language language = Language::en;
    bool json = false;
    bool quiet = false;
    bool is_watched = false;   // Standard error is a terminal, and somebody may look at it.
    std::size_t columns = 80;  // Of that terminal.
    // So long somebody is waited for at a question; without it, for ever.
    std::optional<std::chrono::milliseconds> patience{};
    bool is_changing = false;  // What the command does stays done, if its answer is lost, too.
    bool is_checking = false;  // The command is the check that others advise.
};

/// Standard output and error of this process, in English until the command line is read.
Terminal process_terminal(std::string program);

/// The text without what could steer a terminal or break a line: control characters become spaces,
/// those that turn the direction of writing vanish, bytes that are no UTF-8 become "?".
std::string printable(std::string_view text);

}  // namespace egret::console
