#pragma once

#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/warning.h"

#include <vector>

namespace egret::service {

/// What is odd about a fact that names something which is owed to her: no such thing is open
/// ("action_unknown"); what is recorded doesn't end it ("closes_nothing"); it ends only when a
/// second person agrees ("second_person_needed").
std::vector<Warning> closing_warnings(const rules::Programme& programme, const History& history,
                                      const Fact& fact, Date on);

}  // namespace egret::service
