#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/protocol.h"

#include <string>

namespace egret::rules::detail {

/// What a reader must know first: the protocol doesn't hold yet on that day, or no longer.
std::optional<Why> why_out_of_force(const std::string& id, const InForce& valid, Date on);

}  // namespace egret::rules::detail
