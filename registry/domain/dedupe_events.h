#pragma once

#include "registry/domain/logged.h"

#include <vector>

namespace egret {

/// Puts what was logged into its order, and keeps of those with one uid the first: what came under
/// several numbers counts once.
void dedupe_events(std::vector<LoggedEvent>& events);

}  // namespace egret
