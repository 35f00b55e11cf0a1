#pragma once

#include "cli/context.h"
#include "registry/service/clinic.h"

#include <string>

namespace egret::cli {

/// Brings the outbox of the registry in `dir` to what the open registry says, and again when that
/// closes. Where it can't be done, a warning says so, and the command goes on: the next one does
/// it. `command` outlives the clinic.
void keep_outbox(const Command& command, const std::string& dir, service::Clinic& clinic);

}  // namespace egret::cli
