#pragma once

#include "registry/base/random.h"
#include "registry/service/clinic.h"
#include "tests/simulation/sync/model.h"

#include <cstddef>
#include <string>
#include <vector>

namespace egret::sync_world {

/// Of whom and what somebody may speak.
struct Around {
    const Model& model;
    const std::vector<EventUid>& own;         // In this machine's log.
    const std::vector<std::string>& clinics;  // Codes.
};

struct Drawn {
    service::Draft draft;
    bool is_bad = false;
};

/// What a clinic records next, of the women whom all clinics share: registered here and there,
/// linked and unlinked, transferred and referred, tested and vaccinated; and of what is known, here
/// or elsewhere, some is corrected or voided. A few break the rules of their kind.
std::vector<Drawn> draw_facts(SeededRandom& random, const Around& around, std::size_t count);

/// In a name of every woman who is registered.
inline constexpr auto canary = "王小丽";

}  // namespace egret::sync_world
