#pragma once

#include "cli/context.h"
#include "cli/nightly_note.h"
#include "cli/nightly_timer.h"
#include "registry/json/value.h"

#include <cstdint>
#include <optional>
#include <string>

namespace egret::cli {

/// What can be told of the nights without opening the registry.
struct Nights {
    KeptNote kept;
    TimerState timer = TimerState::none;
    std::optional<std::uint64_t> left;  // Records that wait; nothing, if nobody knows.
    bool is_enrolled = true;
    Instant now{};
};

/// By this machine's clock, or the day of the program's build, if it shows less.
Instant nightly_now(const Command& command);

/// `left` is what is known already of the records that wait.
Nights look_at_nights(const Command& command, const std::string& dir,
                      std::optional<std::uint64_t> left = std::nullopt);

/// One line for a nurse: how the last night was, what is left, when the next is or what to do.
std::string nightly_line(const Nights& nights, Language language);

/// The same for programs: {set_up, at, zone, started, ended, outcome, exit, left, handed_over,
/// next, bad_nights}.
json::Object nightly_json(const Nights& nights);

/// One line on standard error, if two nights in a row failed or were missed; not where the clinic's
/// clock is in doubt. Said to whoever opens the registry by her PIN, and not for each command that
/// an agent does.
void warn_of_nights(const Command& command, const std::string& dir, service::Clinic& clinic);

/// All that was ready has gone to the centre: nights before that are not counted any more. Nothing,
/// where no night ever was.
void note_handed_over(const Command& command, const std::string& dir);

}  // namespace egret::cli
