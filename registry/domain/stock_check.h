#pragma once

#include "registry/base/result.h"
#include "registry/domain/fact.h"

namespace egret {

/// Doses in one movement: a province's store has fewer.
inline constexpr std::int64_t stock_quantity_max = 10'000'000;

/// True, if facts of that action have that member beside those of all facts: "lot".
bool stock_has_member(StockAction action, std::string_view member);

/// Holds a stock fact to its action: what it needs is there, and nothing that belongs to another.
/// Part of check().
/// Errors: invalid_input with the member's path.
Result<Done> check_stock(const Circumstances& at, Stock& stock);

}  // namespace egret
