#include "registry/domain/stock_figures.h"

#include <algorithm>

namespace egret {

StockShare closed_vial_wastage(const StockBook& book, const std::string& product,
                               const StockPeriod& period) {
    StockShare share;
    for (const auto& lot : book.lots(period.from.plus_days(-1))) {
        if (lot.product == product)
            share.of += std::max<std::int64_t>(lot.balance, 0) + lot.at_sessions;
    }
    for (const auto& line : book.lines_of_product(product, period.from, period.to)) {
        // What came back from a session was there already.
        if (line.action == StockAction::receipt && !line.session) share.of += line.quantity;
        if (line.action == StockAction::discard && line.reason != DiscardReason::opened_vial)
            share.doses += line.quantity;
    }
    return share;
}

StockShare open_vial_wastage(const StockBook& book, const std::string& product,
                             const StockPeriod& period) {
    StockShare share;
    for (const auto& line : book.lines_of_product(product, period.from, period.to)) {
        const bool is_wasted =
            line.action == StockAction::discard && line.reason == DiscardReason::opened_vial;
        if (is_wasted) share.doses += line.quantity;
        if (is_wasted || !line.action) share.of += line.quantity;
    }
    return share;
}

std::int64_t stock_out_days(const StockBook& book, const std::string& product,
                            const StockPeriod& period) {
    const auto begin = book.begins_on(product);
    if (!begin) return 0;
    std::int64_t days = 0;
    for (auto day = std::max(period.from, *begin); day <= period.to; day = day.plus_days(1)) {
        if (book.usable(product, day) == 0) ++days;
    }
    return days;
}

}  // namespace egret
