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

    /// Says what a clinic's fact should have said. `replacement` is the whole fact, of the same
    /// kind. Errors: as void_fact; invalid_input with the member's path; conflict, if it says so
    /// already.
    Result<DeskDone> correct(const std::string& officer, const EventUid& event, Fact replacement,
                             const std::string& because);

    /// The two are one woman. Errors: not_found, for one of whom nothing is known; conflict, if
    /// they are linked already.
    Result<DeskDone> link(const std::string& officer, const WomanId& one, const WomanId& other,
                          const std::string& because);
    /// They are not. Errors: not_found; conflict, if they aren't linked.
    Result<DeskDone> unlink(const std::string& officer, const WomanId& one, const WomanId& other,
                            const std::string& because);
    /// From today on she is in that clinic's care. Errors: not_found, if she isn't registered, or
    /// no clinic of the programme has that code; conflict, if she is in its care.
    Result<DeskDone> transfer(const std::string& officer, const WomanId& woman,
                              const std::string& to_clinic, const std::string& because);

    /// Everything that is known of her goes, here and at clinics, for good: what she had changed in
    /// figures that are out stays, and names nobody. With `joined` under all ids that are linked as
    /// hers; else a woman who has several is left as she is.
    /// Errors: not_found, if nothing is known of her; conflict, if she is erased (what a power cut
    /// had left undone is done then), or has several ids.
    Result<DeskErased> erase(const std::string& officer, const WomanId& woman, bool joined,
                             const std::string& because);

    /// From now on that fact counts as if the centre had said it: one that was refused when it came
    /// since its content breaks the rules of its kind, one that its maker has no say in, and one
    /// that an officer refused. What was known before stays what it was.
    /// Errors: not_found; forbidden, for an erasure, which the centre says itself; conflict, if it
    /// counts, or can't be read.
    Result<DeskDone> accept(const std::string& officer, const EventUid& event,
                            const std::string& because);
    /// From now on it counts for nothing: one of these. Errors: not_found; conflict, if it is
    /// refused, or was never set aside: then it is voided (void_fact).
    Result<DeskDone> refuse(const std::string& officer, const EventUid& event,
                            const std::string& because);

private:
    SqliteStore& store_;
    DeviceId device_;
    const icu::TimeZone& zone_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace egret::central
