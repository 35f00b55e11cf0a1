#pragma once

#include "cli/console/parsed.h"
#include "cli/console/terminal.h"
#include "sync/central/centre.h"

#include <string>

namespace egret::daemon {

/// The folder that --data names, or EGRET_DATA.
/// Errors: invalid_input, if neither does.
Result<std::string> data_folder(const console::Parsed& parsed, const console::Terminal& terminal);

/// The centre in that folder.
/// Errors: those of data_folder and Centre::open.
Result<central::Centre> open_centre(
    const console::Parsed& parsed, const console::Terminal& terminal,
    store::StaleProjections stale = store::StaleProjections::rebuild);

}  // namespace egret::daemon
