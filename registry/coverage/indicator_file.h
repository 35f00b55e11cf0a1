#pragma once

#include "registry/base/result.h"
#include "registry/coverage/indicator.h"
#include "registry/coverage/stock_indicator.h"

#include <string_view>

namespace egret::coverage {

/// Reads the definition of an indicator, the JSON of schemas/indicators/.
///
/// Nothing is ignored: a definition that means something other than its author thinks is worse than
/// none.
/// Errors: invalid_input, with the path of what is wrong: a missing, unknown or wrong member;
/// what json::parse() refuses.
Result<Indicator> parse_indicator(std::string_view text);

/// The same for a definition with `"kind": "stock"`.
Result<StockIndicator> parse_stock_indicator(std::string_view text);

}  // namespace egret::coverage
