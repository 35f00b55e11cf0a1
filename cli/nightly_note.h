#pragma once

#include "registry/base/clock.h"
#include "registry/base/message.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

/// What is kept of the nights in which a clinic's records went to the centre by themselves.
namespace egret::cli {

/// When the nightly run is to be, as `egret nightly install` set it up.
struct NightlyPlan {
    int minute = 0;    // Of the day.
    std::string zone;  // Whose clock that is of: the clinic's, "Asia/Shanghai".
    Instant since{};

    friend bool operator==(const NightlyPlan&, const NightlyPlan&) = default;
};

/// The last run that began.
struct NightlyRun {
    Instant started{};
    std::optional<Instant> ended{};  // Nothing: it is at work, or was cut off.
    Message outcome{};               // Once it has ended.
    int exit = 0;                    // As `egret sync`.
    std::uint64_t left = 0;          // Records, once it has ended.

    friend bool operator==(const NightlyRun&, const NightlyRun&) = default;
};

struct NightlyNote {
    std::optional<NightlyPlan> plan;
    std::optional<NightlyRun> run;
    // When all that was ready was handed over last: by night, or by `egret sync`.
    std::optional<Instant> handed_over;

    friend bool operator==(const NightlyNote&, const NightlyNote&) = default;
};

inline constexpr auto nightly_file_name = "nightly.status";

// The run begins at some minute of these, so that not all clinics call at once.
inline constexpr std::chrono::hours nightly_spread{2};
// After its first minute it may be tried so long, until that night is given up.
inline constexpr std::chrono::hours nightly_patience{5};
inline constexpr int nightly_minute_usual = 22 * 60;

enum class NoteFound { none, whole, damaged };

struct KeptNote {
    NoteFound found = NoteFound::none;
    NightlyNote note{};  // If it is whole.
};

/// Reads the file nightly.status in the registry's folder. It is JSON, times in UTC:
/// {"version":1,"at","zone","installed","started","ended","outcome","arguments","exit","left",
/// "handed_over"}; what isn't known is null.
KeptNote load_nightly_note(const std::string& dir);

/// Replaces it in one step. Throws std::system_error if the disk fails or is full.
void save_nightly_note(const std::string& dir, const NightlyNote& note);

/// Takes it away, if it is there.
void remove_nightly_note(const std::string& dir);

/// The nights that are over since all was last handed over, or since the nightly run was set up:
/// each of them failed or was missed. 0, if nothing is known that was before `now`.
int bad_nights(const NightlyNote& note, Instant now);

/// From when they are counted: the last that is known and not after `now`.
std::optional<Instant> counted_from(const NightlyNote& note, Instant now);

/// Moments that are still to come were noted by a clock that has been put back: they become `now`,
/// so that nights are counted again. True if there was one.
bool settle_clock(NightlyNote& note, Instant now);

/// When the run begins at the earliest that comes next or is due just now; nothing without a plan.
std::optional<Instant> next_night(const NightlyNote& note, Instant now);

/// "2026-03-01 14:05" by the clinic's clock, or with " UTC", if there is no plan.
std::string local_text_of(const NightlyNote& note, Instant at);

}  // namespace egret::cli
