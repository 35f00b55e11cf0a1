#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "sync/central/centre.h"
#include "sync/central/enrolment_service.h"
#include "sync/client/https_client.h"
#include "sync/server/centre_server.h"

#include <memory>
#include <string>

namespace egret::simulation {

/// A centre with all its endpoints, and nobody listening.
class SimulatedCentre {
public:
    /// Makes the data folder. `clock` and `random` outlive the centre.
    /// Errors: those of central::CentreInMaking.
    static Result<std::unique_ptr<SimulatedCentre>> create(const std::string& folder,
                                                           const Clock& clock, Random& random);

    SimulatedCentre(central::Centre centre, const Clock& clock, Random& random);

    SimulatedCentre(const SimulatedCentre&) = delete;
    SimulatedCentre& operator=(const SimulatedCentre&) = delete;

    /// A new clinic, and the code for its machine.
    /// Errors: those of central::EnrolmentService::add_clinic.
    Result<central::Invitation> invite(const central::NewClinic& clinic);

    /// How a clinic's link reaches it. Outlived by the centre.
    client::Connect way();

    std::string url() { return centre_.url(); }

private:
    const Clock& clock_;
    Random& random_;
    central::Centre centre_;
    http::Translate translate_;
    http::Log log_;
    server::CentreServer server_;
};

}  // namespace egret::simulation
