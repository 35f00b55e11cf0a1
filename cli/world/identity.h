#pragma once

#include "cli/world/plain_world.h"
#include "registry/base/random.h"
#include "registry/domain/woman.h"

#include <cstdint>

namespace egret::world {

/// Who somebody is and what follows from it for all else.
struct Identity {
    Demographics who;
    Sex sex = Sex::female;
    Date birth;
};

/// By chance, but for the resident number: no two people of a world have the same.
Identity make_identity(const PlainWorld& world, std::uint64_t person, SeededRandom& random);

/// What only some tell: phones, a guardian and a school for those who are children on `on`.
void add_contacts(Identity& identity, Date on, SeededRandom& random);

}  // namespace egret::world
