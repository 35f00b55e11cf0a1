#pragma once

#include "cli/console/report.h"
#include "cli/console/terminal.h"

#include <istream>

namespace egret::console {

/// `report check`: reads published figures (published_figures.h) and says of each whether it
/// follows from the numbers beside it: a table, or with --json {"rows", "unread", "counts"}.
/// Refused, if one doesn't, or couldn't be read. Errors: as check_published.
Result<ExitStatus> check_figures(std::istream& file, const Terminal& terminal);

}  // namespace egret::console
