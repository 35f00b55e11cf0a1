#include "registry/coverage/indicator.h"

#include "embedded/indicators.h"
#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/coverage/indicator_file.h"

#include <algorithm>

namespace egret::coverage {

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
    std::vector<std::string> ids;
    for (const auto& indicator : known_indicators()) {
        if (indicator.id == id) return &indicator;
        ids.push_back(indicator.id);
    }
    if (const auto meant = did_you_mean(id, ids)) {
        return Error{ErrorCode::not_found, "indicator",
                     msg("coverage.unknown_indicator_meant", {{"meant", *meant}})};
    }
    return Error{ErrorCode::not_found, "indicator", msg("coverage.unknown_indicator")};
}

}  // namespace egret::coverage
