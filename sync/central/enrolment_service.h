#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "sync/central/centre_keys.h"
#include "sync/central/store.h"
#include "sync/core/enrolment.h"

#include <optional>
#include <string>
#include <string_view>

namespace egret::central {

/// What a clinic needs to join.
struct Invitation {
    Clinic clinic;
    std::string code;  // For people: with the hash of the programme's root.
    Instant expires;
};

/// Lets clinics and their machines in. May be used from several threads.
class EnrolmentService {
public:
    /// All must outlive it.
    EnrolmentService(CentralStore& store, const CentreKeys& keys, const Clock& clock,
                     Random& random) noexcept
        : store_(store), keys_(keys), clock_(clock), random_(random) {}

    /// A new clinic, and the code for its first machine.
    /// Errors: invalid_input, if the name is empty or too long, or the area is no area's code;
    /// conflict, if a clinic has that name and area; those of CentralStore::add_clinic.
    Result<Invitation> add_clinic(const NewClinic& clinic);

    /// Another code for a clinic: for another machine, or because the first one ran out.
    /// Errors: those of CentralStore::find_clinic.
    Result<Invitation> invite(const std::string& clinic_code);

    /// Makes a machine a device of the clinic that its code is for: checks the code, draws an id,
    /// issues a certificate for its TLS key. A code works once; the same request again, because the
    /// answer was lost on the way, finds the device that it made.
    /// Errors: unauthorized, if the code is wrong, used, run out or out of tries; invalid_input, if
    /// the signing request is none.
    Result<sync::EnrolmentReply> enrol(const sync::EnrolmentRequest& request);

private:
    Result<sync::EnrolmentReply> reply_for(const Device& device, const Clinic& clinic,
                                           const std::string& csr_pem);
    std::optional<Device> find_made_before(std::string_view locator, const Hash& secret_hash,
                                           const DeviceKeys& keys);

    CentralStore& store_;
    const CentreKeys& keys_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace egret::central
