#pragma once

#include "registry/domain/stock_book.h"
#include "registry/service/warning.h"

#include <vector>

namespace egret::service {

/// So many doses of one lot are hardly ever meant: a slip of the hand. Our choice.
inline constexpr std::int64_t stock_quantity_odd = 100'000;

/// What is odd about what came, went or was counted. `before` is the book without it, `after` with
/// it, under `uid`.
std::vector<Warning> movement_warnings(const StockBook& before, const StockBook& after,
                                       const EventUid& uid, const Stock& stock);

/// What the book says against giving a dose on a day from the lot that it names.
std::vector<Warning> dose_lot_warnings(const StockBook& book, const Dose& dose, Date day);

/// That doses are taken off no lot any more ("doses_left_over"), since a record was changed.
std::vector<Warning> left_over_warnings(const StockBook& before, const StockBook& after);

}  // namespace egret::service
