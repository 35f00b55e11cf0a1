#pragma once

#include "cli/simulation/simulate.h"
#include "cli/world/plain_world.h"

#include <string>
#include <string_view>

namespace egret::simulation {

/// Every user's, in a world where nothing is secret.
inline constexpr std::string_view simulated_pin = "314159";

/// The README beside a world: what it is and how to ask it, in Chinese and English.
std::string leaflet(const world::WorldPlan& plan, const Simulated& made);

}  // namespace egret::simulation
