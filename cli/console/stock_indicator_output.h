#pragma once

#include "cli/console/table.h"
#include "cli/console/terminal.h"
#include "registry/coverage/stock_indicator.h"
#include "registry/json/value.h"

#include <string>
#include <vector>

/// Indicators of stock, as `indicators` shows them beside those of women (coverage_output.h).
namespace egret::console {

/// A row of the list of indicators: id, version, kind, doses, title.
std::vector<std::string> stock_indicator_row(const coverage::StockIndicator& indicator,
                                             Language language);
/// The same as an item of the list.
json::Object stock_indicator_item(const coverage::StockIndicator& indicator);

void print_stock_indicator(const coverage::StockIndicator& indicator, const Terminal& terminal);

}  // namespace egret::console
