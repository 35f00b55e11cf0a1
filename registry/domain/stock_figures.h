#pragma once

#include "registry/domain/codes.h"
#include "registry/domain/stock_book.h"

/// Figures of a product's stock at a facility in a period, after the indicators of WHO's digital
/// adaptation kit for immunizations.
namespace egret {

/// Both days included.
struct StockPeriod {
    Date from;
    Date to;

    friend bool operator==(const StockPeriod&, const StockPeriod&) = default;
};

/// How many of how many: doses, days or sites.
struct StockShare {
    std::int64_t part = 0;
    std::int64_t of = 0;

    StockShare& operator+=(const StockShare& other);

    friend bool operator==(const StockShare&, const StockShare&) = default;
};

/// What is measured. Each is a share: of several facilities or products it is the sum of the parts
/// by the sum of what they are parts of.
enum class StockMeasure : std::uint8_t {
    closed_vial_wastage,
    open_vial_wastage,
    stock_out_days,      // Days without, of the days that the book tells of.
    stock_availability,  // Sites without such a day, of sites; one of both for each product.
};

template <>
struct CodeList<StockMeasure> {
    static constexpr std::string_view name = "stock_measure";
    static constexpr auto entries = std::to_array<CodeEntry<StockMeasure>>({
        {StockMeasure::closed_vial_wastage, "closed_vial_wastage"},
        {StockMeasure::open_vial_wastage, "open_vial_wastage"},
        {StockMeasure::stock_out_days, "stock_out_days"},
        {StockMeasure::stock_availability, "stock_availability"},
    });
};

/// Closed vial wastage (WHO IMMZ.IND.40): doses discarded in unopened vials (every reason but
/// `opened_vial`), of those available: in stock when the period began, received in it,
/// or found by a count beyond what was reckoned.
StockShare closed_vial_wastage(const StockBook& book, const std::string& product,
                               const StockPeriod& period);

/// Open vial wastage (WHO IMMZ.IND.41): doses in opened vials that were not given, of those in
/// opened vials: given, or discarded for `opened_vial`. Zero of vials with one dose, unless
/// one was opened in vain.
StockShare open_vial_wastage(const StockBook& book, const std::string& product,
                             const StockPeriod& period);

/// Days at whose end the facility had no dose of the product that it might use: none left, or
/// expired, recalled, substandard or in quarantine; of the days of the period. Days before the book
/// first tells of the product are not counted; nothing is known of them. For sites without a
/// stock-out: WHO IMMZ.IND.42.
StockShare stock_out_days(const StockBook& book, const std::string& product,
                          const StockPeriod& period);

/// Everything that is measured of one product at one facility; of several, by adding.
struct StockFigures {
    StockShare closed_vial;
    StockShare open_vial;
    StockShare out_days;
    StockShare available;

    const StockShare& of(StockMeasure measure) const;

    /// False, if the book tells nothing of the product by the period's end.
    bool is_told() const noexcept { return out_days.of > 0; }

    StockFigures& operator+=(const StockFigures& other);

    friend bool operator==(const StockFigures&, const StockFigures&) = default;
};

StockFigures stock_figures(const StockBook& book, const std::string& product,
                           const StockPeriod& period);

}  // namespace egret
