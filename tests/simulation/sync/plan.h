#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace egret::sync_world {

/// What the line does to requests and answers. Each is a probability.
struct LineRates {
    double unreachable = 0;
    double request_cut = 0;   // The line breaks amid the body: no server takes a part of one.
    double request_lost = 0;  // Nothing is heard until the time is over.
    double answer_lost = 0;
    double duplicated = 0;  // The request comes once more, later, with nobody waiting.
    double late = 0;        // On its way for longer than anybody waits.
    std::int64_t bytes_per_s = 1'000'000;
    std::int64_t turn_ms = 40;

    friend bool operator==(const LineRates&, const LineRates&) = default;
};

enum class What : std::uint8_t {
    record,      // So many facts.
    sync,        // With the registry open.
    nightly,     // While it is locked.
    close,       // Everybody goes home.
    cut_power,   // At the clinic, at so many operations of its disk from now on; 0: now.
    fill_disk,   // The clinic's is full at so many writes from now on, once.
    fail_disk,   // It fails at so many operations from now on, once.
    jump_clock,  // The clinic's clock is so many ms off from now on.
    back_up,     // Somebody keeps a copy of the clinic's whole folder.
    put_back,    // The disk breaks, and the last such copy takes its place.
    cut_centre,  // As cut_power, at the centre.
    fill_centre,
    fail_centre,
};

struct Action {
    std::int64_t at_ms = 0;  // Since the world began.
    What what = What::record;
    std::size_t who = 0;
    std::int64_t amount = 0;
    std::size_t number = 0;  // In the plan as it was drawn: what is left to chance follows from it.
};

/// What happens in one world. All else that is left to chance follows from the seed, and of an
/// action from the seed and its place here.
struct Plan {
    std::uint64_t seed = 0;
    std::size_t clinics = 0;
    LineRates line;
    std::vector<Action> actions;  // In the order of time.
    bool is_unsynced = false;     // Nobody waits for the disk: to see that this is found.
};

inline constexpr std::size_t clinics_max = 12;

/// "record", and so on.
const char* name_of(What what);

/// Each fault is left out in half of all plans, and has a strength of its own in the others.
Plan draw_plan(std::uint64_t seed);

}  // namespace egret::sync_world
