#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/protocol.h"

namespace egret::rules::detail {

/// What a reader must know first: the protocol doesn't hold yet on that day, or no longer.
std::optional<Why> why_out_of_force(const Protocol& protocol, Date on);

}  // namespace egret::rules::detail
