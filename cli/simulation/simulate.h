#pragma once

#include "cli/world/plain_world.h"
#include "registry/base/progress.h"
#include "registry/base/result.h"
#include "registry/keys/device_secret.h"

#include <cstdint>
#include <string>

/// Worlds of registries: invented people's lives, recorded, sealed, sent and counted by the same
/// code that clinics and the centre run.
namespace egret::simulation {

struct SimulationPlan {
    world::WorldPlan world;
    std::string out;                                 // The folder to be made.
    crypto::ScryptCost pin_cost = keys::guess_cost;  // Of the users' PINs.
};

struct Simulated {
    std::uint64_t persons = 0;
    std::uint64_t facts = 0;  // Typed in at clinics, corrections and voids among them.
    std::uint64_t syncs = 0;
};

/// Makes the folder `plan.out` with
///
///   centre/        a centre's data folder, which has everything
///   clinics/C001/  the registry of each clinic with its keys, all of it sent
///   persons.jsonl  what is true of everybody, as person files: made by the world, not read back
///   pin            the PIN of every user
///   README         what this is and how to ask it
///
/// or nothing. The same plan gives the same facts, bit by bit; keys differ.
/// The days are those of the world: no clock is read. Costs about a millisecond a fact.
///
/// Errors: invalid_input, for numbers of people, clinics or years that can't be; conflict, if there
/// is something at `out` already, but an empty folder; unavailable, if the folder can't be made.
/// Throws when the disk fails or is full; then nothing is left.
Result<Simulated> simulate(const SimulationPlan& plan, Progress& progress);

}  // namespace egret::simulation
