#pragma once

#include "registry/coverage/contribution.h"
#include "registry/coverage/recount.h"
#include "registry/store/series_days.h"

/// Counting both ways with what the rules say of doses, as the store does it.
namespace egret::tests {

inline coverage::SeriesByProtocol series_of(const History& history) {
    static const auto protocols = store::protocols_of(coverage::known_indicators());
    return store::series_of(protocols, history);
}

inline coverage::Contribution contribution_of(const coverage::Indicator& indicator,
                                              const History& history) {
    return coverage::contribution_of(indicator, history, series_of(history));
}

inline coverage::Recount recount_of(const coverage::Indicator& indicator,
                                    const coverage::Query& query) {
    return {indicator, query, store::reached_by_rules()};
}

}  // namespace egret::tests
