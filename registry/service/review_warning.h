#pragma once

#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/warning.h"

#include <optional>

namespace egret::service {

/// That by its day no image of hers asks for a senior review of her breasts ("review_unasked").
std::optional<Warning> review_warning(const rules::Programme& programme, const History& history,
                                      const Fact& fact, Date on);

}  // namespace egret::service
