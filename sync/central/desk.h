#pragma once

#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/domain/fact.h"
#include "registry/icu/time_zone.h"
#include "sync/central/sqlite_store.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::central {

/// The centre's own device, at which its officers work: what they say goes through the same log,
/// projections and feeds as what clinics send, under the clinic's code CENTRE, whose word the fold
/// heeds everywhere (registry/domain/authority.h).
///
/// Each call is one transaction: all of it is durable when it returns, or nothing of it is there.
/// All of them begin with the officer's name, and fail as forbidden, if it is no officer's who
/// works here; as invalid_input, if `because` is no reason in plain words.
class CentreDesk {
public:
    /// All must outlive it. `device`: load_centre_device.
    CentreDesk(SqliteStore& store, const DeviceId& device, const icu::TimeZone& zone,
               const Clock& clock, Random& random) noexcept
        : store_(store), device_(device), zone_(zone), clock_(clock), random_(random) {}

    /// Lets somebody work here. Errors: invalid_input, for a name that can't be; conflict, if
    /// somebody has it.
    Result<CentreUser> add_user(const std::string& name, CentreRole role);
    /// Errors: not_found.
    Result<Done> remove_user(const std::string& name);

    /// For whatever an officer may say: `decide` is called on one state of the store, and what it
    /// returns is carried out on that. Errors: those of `decide`; those of SqliteStore::act.
    Result<DeskDone> act(const std::string& officer, const DeskDecision& decide);

    /// Takes a fact back that a clinic or the centre said of a woman.
    /// Errors: not_found, if there is no such fact; forbidden, for one about stock, which is its
    /// clinic's, and for an erasure; conflict, if it is voided already, or is her only registration
    /// while other facts of hers hold.
    Result<DeskDone> void_fact(const std::string& officer, const EventUid& event,
                               const std::string& because);

private:
    SqliteStore& store_;
    DeviceId device_;
    const icu::TimeZone& zone_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace egret::central
