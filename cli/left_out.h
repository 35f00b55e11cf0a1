#pragma once

#include "cli/context.h"

namespace egret::cli {

/// Says that an answer has more rows than the `shown` first ones, and how to see them: in a line of
/// its own after a table; with --json, where the answer is a list, as one line
/// {"more":{"shown","text"}} on standard error.
void say_left_out(const Command& command, std::size_t shown, const Message& how_to_see_more);

}  // namespace egret::cli
