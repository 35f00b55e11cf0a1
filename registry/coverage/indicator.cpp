#include "registry/coverage/indicator.h"

#include "embedded/indicators.h"
#include "registry/base/ensure.h"
#include "registry/base/find_by_id.h"
#include "registry/base/text.h"
#include "registry/coverage/indicator_file.h"
#include "registry/coverage/stock_indicator.h"

#include <algorithm>

namespace egret::coverage {

bool have_same_denominator(const Indicator& a, const Indicator& b) {
    if (a.counts != b.counts || a.population != b.population) return false;
    if (a.counts == Counts::women) return true;
    return a.counts == Counts::cases && a.cases->cases == b.cases->cases;
}

std::vector<std::string> protocols_of(const Indicator& indicator) {
    std::vector<std::string> all;
    for (const auto* rules :
         {&indicator.population.any_of, &indicator.any_of, &indicator.none_of}) {
        for (const auto& rule : *rules) {
            if (rule.series) all.push_back(rule.series->protocol);
        }
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

const std::vector<Indicator>& known_indicators() {
    static const auto indicators = [] {
        std::vector<Indicator> all;
        for (const auto& file : embedded::indicators()) {
            auto indicator = parse_indicator(file.content);
            EGRET_ENSURE(indicator);  // A test reads each of them.
            all.push_back(*std::move(indicator));
        }
        std::sort(all.begin(), all.end(),
                  [](const Indicator& a, const Indicator& b) { return a.id < b.id; });
        return all;
    }();
    return indicators;
}

Result<const Indicator*> find_indicator(std::string_view id) {
    if (const auto* found = find_by_id(known_indicators(), id).item) return found;
    if (find_stock_indicator(id))
        return Error{ErrorCode::not_found, "indicator", msg("coverage.stock_indicator")};
    std::vector<std::string> ids;
    for (const auto& indicator : known_indicators()) ids.push_back(indicator.id);
    for (const auto& indicator : known_stock_indicators()) ids.push_back(indicator.id);
    if (const auto meant = did_you_mean(id, ids)) {
        return Error{ErrorCode::not_found, "indicator",
                     msg("coverage.unknown_indicator_meant", {{"meant", *meant}})};
    }
    return Error{ErrorCode::not_found, "indicator", msg("coverage.unknown_indicator")};
}

}  // namespace egret::coverage
