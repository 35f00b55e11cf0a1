#pragma once

#include "tests/simulation/sync/clinic.h"
#include "tests/simulation/sync/founded.h"
#include "tests/simulation/sync/plan.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace egret::sync_world {

struct Outcome {
    Hash trace{};
    std::deque<std::string> last_lines;
    std::vector<std::string> findings;  // What must not be. Empty: all is well.
    std::uint64_t facts = 0;
    std::uint64_t clinic_cuts = 0;
    std::uint64_t centre_cuts = 0;
    std::uint64_t requests = 0;  // That the centre heard.
    std::uint64_t losses = 0;    // Requests that came to nothing for who sent them.
    int rounds = 0;              // Until the centre had all, once nothing failed any more.
};

/// Lives through all that is planned; then nothing fails any more, and within `rounds_max` syncs of
/// each clinic the centre must have everything, once.
Outcome live(const Founded& founded, const Plan& plan);

inline constexpr int rounds_max = 12;

}  // namespace egret::sync_world
