#pragma once

#include "tests/simulation/sync/centre.h"
#include "tests/simulation/sync/clinic.h"

#include <memory>
#include <set>
#include <vector>

namespace egret::sync_world {

/// Where a world ends: who lives in it, with all drained.
struct Ended {
    const Surroundings& world;
    SimCentre& centre;
    const std::vector<std::unique_ptr<SimClinic>>& machines;
};

/// How far each living machine is in its feeds: true, if nothing is left for anybody.
bool have_followed_feeds(const Ended& ended);

/// What must hold at the centre, and of each machine against it.
void look_at_all(const Ended& ended);

}  // namespace egret::sync_world
