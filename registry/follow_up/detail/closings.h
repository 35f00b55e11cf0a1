#pragma once

#include "registry/follow_up/loops.h"

namespace egret::follow_up::detail {

/// If the loop is open: whether somebody gave it up, with what reason, and whether that holds.
void apply_closings(const Question& question, Loop& loop);

}  // namespace egret::follow_up::detail
