#pragma once

#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/clinic.h"
#include "registry/service/warning.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::service {

/// The site of what is or was owed to her under that number; nothing if there is no such thing, or
/// it has no site.
std::optional<ScreenedSite> site_of_action(const rules::Programme& programme,
                                           const History& history, const std::string& action,
                                           Date on);

/// What is odd about a fact that names something which is owed to her: no such thing is open
/// ("action_unknown"); it is of another site than is said ("action_of_other_site"); what is
/// recorded doesn't end it ("closes_nothing"); closing her case gives up all this
/// ("closing_gives_up"); it ends only when a second person agrees
/// ("second_person_needed"), and not by `author`, who took back the result that it is about
/// ("confirmed_by_same_person").
std::vector<Warning> closing_warnings(const rules::Programme& programme, const History& history,
                                      const Fact& fact, const UserId& author, Date on);

/// The warnings of a change of hers that was just recorded, and that a second person has to agree
/// to it ("taken_back"), where it took a positive result back or made it less.
std::vector<Warning> with_taken_back(Clinic& clinic, const WomanId& woman, const EventUid& change,
                                     std::vector<Warning> warnings);

}  // namespace egret::service
