#include "registry/coverage/stock_indicator.h"

#include "embedded/stock_indicators.h"
#include "registry/base/ensure.h"
#include "registry/base/find_by_id.h"
#include "registry/coverage/indicator_file.h"

#include <algorithm>

namespace egret::coverage {

const std::vector<StockIndicator>& known_stock_indicators() {
    static const auto indicators = [] {
        std::vector<StockIndicator> all;
        for (const auto& file : embedded::stock_indicators()) {
            auto indicator = parse_stock_indicator(file.content);
            EGRET_ENSURE(indicator);  // A test reads each of them.
            all.push_back(*std::move(indicator));
        }
        std::sort(all.begin(), all.end(),
                  [](const StockIndicator& a, const StockIndicator& b) { return a.id < b.id; });
        return all;
    }();
    return indicators;
}

const StockIndicator* find_stock_indicator(std::string_view id) {
    return find_by_id(known_stock_indicators(), id).item;
}

}  // namespace egret::coverage
