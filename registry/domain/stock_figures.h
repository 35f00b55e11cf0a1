#pragma once

#include "registry/domain/stock_book.h"

/// Figures of a product's stock at a facility in a period, after the indicators of WHO's digital
/// adaptation kit for immunizations.
namespace egret {

/// Both days included.
struct StockPeriod {
    Date from;
    Date to;
};

/// How many doses of how many.
struct StockShare {
    std::int64_t doses = 0;
    std::int64_t of = 0;

    friend bool operator==(const StockShare&, const StockShare&) = default;
};

/// Closed vial wastage (WHO IMMZ.IND.40): doses discarded in unopened vials (every reason but
/// `opened_vial`), of those available: in stock when the period began, and received in it.
StockShare closed_vial_wastage(const StockBook& book, const std::string& product,
                               const StockPeriod& period);

/// Open vial wastage (WHO IMMZ.IND.41): doses in opened vials that were not given, of those in
/// opened vials: given, or discarded for `opened_vial`. Zero of vials with one dose, unless
/// one was opened in vain.
StockShare open_vial_wastage(const StockBook& book, const std::string& product,
                             const StockPeriod& period);

/// Days at whose end the facility had no dose of the product that it might use: none left, or
/// expired, recalled, substandard or in quarantine. Days before the book first tells of the product
/// are not counted; nothing is known of them. For sites without a stock-out: WHO IMMZ.IND.42.
std::int64_t stock_out_days(const StockBook& book, const std::string& product,
                            const StockPeriod& period);

}  // namespace egret
