#pragma once

#include "tests/simulation/sync/world.h"

namespace egret::sync_world {

/// The same world with less in it, in which still something is found: fewer actions, and a line
/// that loses nothing, if it isn't that. Lives through it `lives_max` times at most.
Plan shrink(const Founded& founded, Plan failing, int lives_max = 150);

}  // namespace egret::sync_world
