#pragma once

#include "registry/coverage/delta.h"
#include "registry/coverage/indicator.h"
#include "registry/domain/history.h"

#include <cstdint>
#include <vector>

namespace egret::coverage {

/// One fact that a case can be made of, with what rules ask of it.
struct CaseFact {
    CaseEvent event = CaseEvent::visit;
    Date day;
    CodeSet results;
    CodeSet types;
    std::optional<ScreenedSite> site;
    const LiveFact* live = nullptr;
};

/// What is known of one woman as cases see it: made once for all indicators. The history outlives
/// it.
class CaseFacts {
public:
    explicit CaseFacts(const History& history);

    const History& history() const noexcept { return *history_; }

    /// By day, then by order.
    const std::vector<CaseFact>& facts() const noexcept { return facts_; }

    bool has(CaseEvent event) const noexcept {
        return (events_ >> static_cast<unsigned>(event) & 1) != 0;
    }

private:
    const History* history_;
    std::vector<CaseFact> facts_;
    std::uint32_t events_ = 0;  // A bit for each kind that is there.
};

/// What she adds to an indicator of cases or times: +1 on the day of a case, never -1, so that the
/// sum up to one day less the sum up to another is the figure of the period between them.
/// Normalised. Next to nothing to do for those who have no such fact.
Contribution case_contribution_of(const Indicator& indicator, const CaseFacts& facts);

/// The same without the denominator.
Contribution case_numerator_of(const Indicator& indicator, const CaseFacts& facts);

}  // namespace egret::coverage
