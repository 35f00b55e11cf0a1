#pragma once

#include "cli/console/fault_report.h"
#include "cli/context.h"
#include "registry/service/clinic.h"

#include <string>
#include <vector>

namespace egret::cli {

/// What is wrong with who can open the registry in `dir`: "keys_other", "keys_no_lead",
/// "keys_unknown_user", "keys_no_programme". That its seal is right was seen when it was unlocked.
/// Errors: those of keys::KeyFile::load.
Result<std::vector<store::StoreFault>> check_keys(service::Clinic& clinic, const std::string& dir);

/// What is as it should be, and yet lets others read: where the machine's
/// secret is, swap, rights of the registry's folder and its keys.
/// Errors: those of keys::KeyFile::load.
Result<std::vector<console::CheckWarning>> find_weaknesses(const Command& command,
                                                           const std::string& dir);

}  // namespace egret::cli
