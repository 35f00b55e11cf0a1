#pragma once

#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/warning.h"

#include <vector>

namespace egret::service {

/// What is odd about a senior review of her breasts beside what is asked for by its day: nothing
/// asks for one ("review_unasked"), or it sets something else aside ("review_sets_aside"), since a
/// review names no breast.
std::vector<Warning> review_warnings(const rules::Programme& programme, const History& history,
                                     const Fact& fact, Date on);

}  // namespace egret::service
