#pragma once

#include "cli/console/report.h"
#include "cli/context.h"
#include "registry/service/clinic.h"

#include <cstddef>

namespace egret::cli {

/// How many faults the log has, told by a bar while they are looked for.
std::size_t count_log_faults(const Command& command, service::Clinic& clinic);

/// How a command that wrote something from the log ends: what is written from a damaged one lacks
/// what can't be read there, which is said.
console::ExitStatus status_of_export(const Command& command, service::Clinic& clinic);

}  // namespace egret::cli
