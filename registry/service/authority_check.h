#pragma once

#include "registry/service/clinic.h"

#include <vector>

/// Refuses at entry what would have no effect wherever it is read (registry/domain/authority.h).
namespace egret::service {

/// Whether the caller may void or correct that. Errors: forbidden.
Result<Done> check_may_void(const Clinic& clinic, const Caller& caller, const LoggedEvent& target);
Result<Done> check_may_correct(const Clinic& clinic, const Caller& caller,
                               const LoggedEvent& target);

/// The same of a fact that holds.
LoggedEvent as_logged(const WomanId& subject, const LiveFact& live);

/// Whether this clinic may link and unlink the two. Errors: forbidden.
Result<Done> check_may_join(Clinic& clinic, const WomanId& one, const WomanId& other);

/// Whether this clinic may transfer her so; done, if the fact is something else.
/// Errors: forbidden.
Result<Done> check_may_transfer(Clinic& clinic, const History& history, const Fact& fact);

/// `event` and what corrects the fact now, the last first: what a correction made now replaces.
std::vector<EventUid> seen_versions(const History& history, const EventUid& fact,
                                    const EventUid& event);

}  // namespace egret::service
