#pragma once

#include "tests/support/facts.h"

#include <string>
#include <utility>
#include <vector>

/// Facts about vaccine stock, in short.
namespace egret::tests {

inline Stock moved(StockAction action, std::string lot, std::int64_t quantity,
                   std::string product = "egret:cecolin") {
    Stock stock;
    stock.action = action;
    stock.lot = std::move(lot);
    stock.quantity = quantity;
    stock.product = std::move(product);
    if (action == StockAction::issue) stock.to_facility = "C9";
    if (action == StockAction::discard) stock.reason = DiscardReason::broken;
    return stock;
}

inline Stock excursion(std::vector<std::string> lots, std::string_view from,
                       std::optional<LotDecision> decision = {}) {
    Stock stock;
    stock.action = StockAction::temperature_excursion;
    stock.lots = std::move(lots);
    stock.from = day(from);
    stock.decision = decision;
    return stock;
}

inline Stock recalled(std::vector<std::string> lots) {
    Stock stock;
    stock.action = StockAction::recall;
    stock.lots = std::move(lots);
    return stock;
}

inline Stock decided(const EventUid& about, LotDecision decision,
                     std::vector<std::string> lots = {}) {
    Stock stock;
    stock.action = StockAction::decision;
    stock.about = about;
    stock.decision = decision;
    stock.lots = std::move(lots);
    return stock;
}

}  // namespace egret::tests
