#pragma once

#include "registry/domain/history.h"

namespace egret::service {

/// Whether a completed fact of that kind and day is in her history, which nobody has twice on one
/// day by intention: it may have been typed twice. What several of one day may say is the same only
/// if all of it is. Two persons may close or cease alike, for then the second agrees.
bool is_recorded_already(const UserId& author, const History& history, const Fact& fact);

}  // namespace egret::service
