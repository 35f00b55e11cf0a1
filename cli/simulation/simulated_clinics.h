#pragma once

#include "cli/world/schedule.h"
#include "registry/base/random.h"
#include "registry/crypto/kdf.h"
#include "registry/crypto/random_bytes.h"
#include "registry/crypto/wipe.h"
#include "registry/service/clinic.h"
#include "sync/client/https_client.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace egret::simulation {

/// The clinics of a world: their registries, as many of them open as the system bears. When they
/// are gone, each registry is one file with everything in it.
class SimulatedClinics {
public:
    /// Registries go into folders of `folder`. `world`, `clock` and `way`'s centre outlive them.
    SimulatedClinics(const world::PlainWorld& world, std::string folder, const Clock& clock,
                     client::Connect way, const crypto::ScryptCost& pin_cost);

    /// Makes the clinic's registry and joins the centre.
    /// Errors: those of service::Clinic::create and client::ClinicLink::enrol.
    Result<Done> found(std::size_t clinic, const std::string& url, const std::string& code);

    /// A day's work, in one transaction.
    Result<Done> record(world::ClinicDay work);

    /// Hands over all that the centre doesn't have.
    /// Errors: what stopped it.
    Result<Done> sync(std::size_t clinic);

private:
    /// What opens a registry again, in a world where nothing is secret.
    struct Key {
        crypto::Secret bytes;
        UserId user;
    };

    struct Open {
        std::unique_ptr<service::Clinic> registry;
        std::uint64_t used = 0;
    };

    std::string folder_of(std::size_t clinic) const;
    service::World surroundings(std::size_t clinic);
    service::Clinic& at(std::size_t clinic);
    void keep(std::size_t clinic, std::unique_ptr<service::Clinic> registry);

    const world::PlainWorld& world_;
    std::string folder_;
    const Clock& clock_;
    client::Connect way_;
    crypto::ScryptCost pin_cost_;
    std::vector<SeededRandom> chances_;  // One a clinic: who is open does not matter.
    crypto::SystemRandom key_chance_;    // Keys are no part of what a seed gives again.
    std::map<std::size_t, Key> keys_;
    std::map<std::size_t, Open> open_;
    std::uint64_t uses_ = 0;
};

}  // namespace egret::simulation
