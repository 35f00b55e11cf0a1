#pragma once

#include "registry/base/date.h"

#include <cstdint>
#include <optional>

namespace egret::service {

/// What somebody said that today is, and what the machine's clock showed then.
struct ConfirmedDay {
    Date day;
    Date machine;

    friend bool operator==(const ConfirmedDay&, const ConfirmedDay&) = default;
};

/// Everything that tells which day it is.
struct DayEvidence {
    Date machine;                    // What the machine's clock shows, in the clinic's zone.
    Date build;                      // Of the program; day 0 for worlds that are simulated.
    std::optional<Date> centre{};    // The last day that the centre signed.
    std::optional<Date> recorded{};  // On which a fact was recorded, since it was confirmed.
    std::optional<ConfirmedDay> confirmed{};
    bool went_back = false;  // The clock shows less than when it was confirmed, or recorded since.
};

/// What the machine's clock is worth.
enum class ClockState : std::uint8_t {
    agrees,
    corrected,  // It is wrong, but somebody said by how much.
    behind,     // It shows a day before one that is known: today is the known one.
    ahead,      // It has jumped: nobody knows the day until somebody confirms it.
};

struct ClinicDay {
    Date today;  // If the clock is behind or ahead: the last day that is known.
    Date known;  // No day before it can be today.
    Date machine;
    ClockState clock = ClockState::agrees;
    bool is_by_option = false;  // `today` was said with --today, for this run.
};

/// The clinic's day. A clock that is behind never makes it earlier than what is known, and one that
/// jumped ahead by more than limits::clock_jump_days never makes it later, until it is confirmed.
/// A confirmed day stands in place of what was recorded before.
ClinicDay judge_day(const DayEvidence& evidence);

}  // namespace egret::service
