#pragma once

#include "registry/domain/stock_book.h"
#include "registry/service/warning.h"

#include <vector>

namespace egret::service {

/// What is odd about an excursion, a recall or a decision. `book` has it already, under `uid`;
/// `before` is what it said until it is corrected, or null.
///
/// A later decision says otherwise ("decision_overruled"); a lot stays held, or substandard, by
/// another record ("lot_still_held"); the same was recorded before ("hold_twice").
std::vector<Warning> hold_warnings(const StockBook& book, const EventUid& uid, const Stock& stock,
                                   const Stock* before);

}  // namespace egret::service
