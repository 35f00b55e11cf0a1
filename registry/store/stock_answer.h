#pragma once

#include "registry/domain/area.h"
#include "registry/domain/stock_figures.h"
#include "registry/store/coverage_store.h"
#include "registry/store/event_log.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::store {

/// By what figures of stock are told apart; what isn't named is summed up.
enum class StockBy { facility_and_product, facility, product };

struct StockQuestion {
    StockPeriod period;
    std::optional<AreaCode> area{};  // Only facilities that lie in it.
    std::string facility{};          // Only that one, if it isn't empty.
    StockBy by = StockBy::facility_and_product;
};

/// A facility of which it is known where it lies.
struct PlacedFacility {
    std::string code;
    std::string area;
};

struct StockCell {
    std::string facility;  // "" where facilities are summed up.
    std::string area;      // Of the facility; "" if it isn't known.
    std::string product;   // "" where products are summed up.
    StockFigures figures;
};

struct StockReply {
    StockQuestion question;
    std::vector<StockCell> cells;  // By facility, then by product.
    StockFigures total;
    std::vector<std::string> told;  // The facilities that stand behind it.
    /// Those that might, by code, but told nothing of their stock up to the period's end: whether
    /// they had any isn't known, so they are in no figure.
    std::vector<std::string> silent;
    Freshness freshness;
};

/// What the books of all facilities say, `placed` or not; one that isn't lies in no area. The
/// projections must be up to date.
StockReply answer_stock(EventLog& log, sqlite::Database& db,
                        const std::vector<PlacedFacility>& placed, const StockQuestion& question);

}  // namespace egret::store
