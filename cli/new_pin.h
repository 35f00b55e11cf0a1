#pragma once

#include "cli/console/typed_secret.h"
#include "cli/context.h"

#include <string>
#include <string_view>

namespace egret::cli {

/// A PIN that somebody may have, typed twice or from the file that `variable` names.
/// Errors: those of console::Prompt::new_secret and keys::check_new_pin.
Result<console::TypedSecret> ask_new_pin(const Command& command, const std::string& name,
                                         std::string_view variable);

}  // namespace egret::cli
