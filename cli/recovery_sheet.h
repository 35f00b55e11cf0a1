#pragma once

#include "cli/context.h"
#include "registry/keys/device_secret.h"
#include "registry/keys/recovery_code.h"

#include <iosfwd>
#include <string>

namespace egret::cli {

/// What stands on a recovery sheet.
struct Sheet {
    service::Clinic& clinic;
    std::string dir;  // The registry's folder, when all is done.
    const keys::RecoveryCode& code;
    const keys::DeviceBinding& device;
};

/// The sheet, to be printed and put into a safe: the code, what it is for, and what else is needed
/// after a loss.
void write_sheet(std::ostream& out, const Sheet& sheet, Language language);

/// Shows the sheet at the terminal, and has two groups of its code typed back, so that it is on
/// paper.
/// Errors: locked, if there is no terminal; conflict, if she gives up.
Result<Done> show_sheet(const Command& command, const Sheet& sheet);

}  // namespace egret::cli
