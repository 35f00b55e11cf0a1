#pragma once

#include "registry/json/value.h"
#include "registry/rules/decision_json.h"
#include "registry/rules/screening/decision.h"

namespace egret::rules {

/// A decision as others read it, without the member `id`. `out_of_force` is there only if it is
/// out of force.
json::Object to_json(const ScreeningDecision& decision, const Say& say);

}  // namespace egret::rules
