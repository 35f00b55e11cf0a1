#pragma once

#include "registry/rules/screening/state.h"

#include <vector>

namespace egret::rules::detail {

/// The state functions that look back over more than one visit.
std::vector<StateFunction> history_functions();

}  // namespace egret::rules::detail
