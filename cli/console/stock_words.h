#pragma once

#include "cli/console/parsed.h"
#include "registry/base/date.h"
#include "registry/base/result.h"
#include "registry/domain/stock_figures.h"

#include <optional>
#include <string>

/// What both programs have in common of `stock wastage`.
namespace egret::console {

/// The days that --from and --to ask for: a year up to `today`, as far as they say nothing else.
/// Errors: invalid_input, if they are turned round, or to come: nobody knows yet of what there will
/// be no dose.
Result<StockPeriod> stock_period(const Parsed& parsed, Date today);

/// "2/50 (4.0%)"; without a percentage of nothing.
std::string share_text(const StockShare& share);

/// With one decimal: "4.0". Nothing of nothing.
std::optional<std::string> percent_of(const StockShare& share);

}  // namespace egret::console
