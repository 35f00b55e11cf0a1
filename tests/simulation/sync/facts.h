#pragma once

#include "registry/base/random.h"
#include "registry/service/clinic.h"

#include <cstddef>
#include <vector>

namespace egret::sync_world {

/// A fact that is in a clinic's log, as the world knows it without looking there.
struct KnownFact {
    EventUid uid;
    WomanId subject;
    Fact fact;
};

/// What a clinic records next, of the women whom all clinics share: registered here and there,
/// linked and unlinked, moved, tested and vaccinated; and of what it knows, some is corrected or
/// voided.
std::vector<service::Draft> draw_facts(SeededRandom& random, const std::vector<KnownFact>& known,
                                       std::size_t count);

}  // namespace egret::sync_world
