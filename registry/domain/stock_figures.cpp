#include "registry/domain/stock_figures.h"

#include <algorithm>

namespace egret {

StockShare& StockShare::operator+=(const StockShare& other) {
    part += other.part;
    of += other.of;
    return *this;
}

StockShare closed_vial_wastage(const StockBook& book, const std::string& product,
                               const StockPeriod& period) {
    StockShare share;
    for (const auto& lot : book.lots(period.from.plus_days(-1))) {
        if (lot.product == product)
            share.of += std::max<std::int64_t>(lot.balance, 0) + lot.at_sessions;
    }
    for (const auto& line : book.lines_of_product(product, period.from, period.to)) {
        // What came back from a session was there already; what a count found, too, but unknown.
        if (line.action == StockAction::receipt) share.of += line.quantity - line.from_session;
        if (line.action == StockAction::count)
            share.of += std::max<std::int64_t>(line.difference, 0);
        if (line.action == StockAction::discard && line.reason != DiscardReason::opened_vial)
            share.part += line.quantity;
    }
    return share;
}

StockShare open_vial_wastage(const StockBook& book, const std::string& product,
                             const StockPeriod& period) {
    StockShare share;
    for (const auto& line : book.lines_of_product(product, period.from, period.to)) {
        const bool is_wasted =
            line.action == StockAction::discard && line.reason == DiscardReason::opened_vial;
        if (is_wasted) share.part += line.quantity;
        if (is_wasted || !line.action) share.of += line.quantity;
    }
    return share;
}

StockShare stock_out_days(const StockBook& book, const std::string& product,
                          const StockPeriod& period) {
    StockShare share;
    const auto begin = book.begins_on(product);
    if (!begin) return share;
    for (auto day = std::max(period.from, *begin); day <= period.to; day = day.plus_days(1)) {
        ++share.of;
        if (book.usable(product, day) == 0) ++share.part;
    }
    return share;
}

const StockShare& StockFigures::of(StockMeasure measure) const {
    switch (measure) {
        case StockMeasure::closed_vial_wastage: return closed_vial;
        case StockMeasure::open_vial_wastage: return open_vial;
        case StockMeasure::stock_out_days: return out_days;
        case StockMeasure::stock_availability: break;
    }
    return available;
}

StockFigures& StockFigures::operator+=(const StockFigures& other) {
    closed_vial += other.closed_vial;
    open_vial += other.open_vial;
    out_days += other.out_days;
    available += other.available;
    return *this;
}

StockFigures stock_figures(const StockBook& book, const std::string& product,
                           const StockPeriod& period) {
    StockFigures figures;
    figures.closed_vial = closed_vial_wastage(book, product, period);
    figures.open_vial = open_vial_wastage(book, product, period);
    figures.out_days = stock_out_days(book, product, period);
    if (figures.is_told()) figures.available = {figures.out_days.part == 0 ? 1 : 0, 1};
    return figures;
}

}  // namespace egret
