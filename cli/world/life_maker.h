#pragma once

#include "cli/world/plain_world.h"

namespace egret::world {

/// Her life in that world, and how it is written down: late, mistyped and corrected, recorded by
/// mistake and voided.
Life make_life(const PlainWorld& world, std::uint64_t person);

}  // namespace egret::world
