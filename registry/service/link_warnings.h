#pragma once

#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/warning.h"

#include <vector>

namespace egret::service {

/// What becomes of what is owed to her when two records are one: what one of them asks for ends by
/// what the other tells ("link_ends_actions"), and something is asked for that neither asked for
/// alone ("link_opens_actions").
std::vector<Warning> link_warnings(const rules::Programme& programme, const History& one,
                                   const History& other, const History& both, Date on);

}  // namespace egret::service
