#pragma once

#include <cstdint>
#include <cstdlib>
#include <sstream>

namespace egret::tests {

/// How many women, and which: 10,000 of seed 1, if nobody says otherwise.
struct SimulationSize {
    std::uint64_t women = 10'000;
    std::uint64_t seed = 1;
};

/// From EGRET_SIMULATION="WOMEN SEED" in the environment.
inline SimulationSize simulation_size() {
    SimulationSize size;
    if (const char* said = std::getenv("EGRET_SIMULATION")) {
        std::istringstream words(said);
        words >> size.women >> size.seed;
    }
    return size;
}

}  // namespace egret::tests
