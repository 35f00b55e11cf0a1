#pragma once

#include "registry/base/date.h"
#include "registry/coverage/indicator.h"
#include "registry/coverage/query.h"
#include "registry/coverage/recount_lots.h"
#include "registry/coverage/series.h"
#include "registry/domain/history.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace egret::coverage {

/// The oracle: the same figures as the cube's, counted from the logged facts by code of its own,
/// woman by woman and day by day. Slow, and kept plain enough to be checked by reading.
///
/// It shares with the rest what a question and a definition are, and nothing of how they are
/// answered: neither fold() nor intervals, deltas or sums. Whether a protocol counts a dose is part
/// of the definition: that it asks the rules, for every day of a dose by itself.

/// What one woman is on one day.
struct Standing {
    bool in_denominator = false;
    bool in_numerator = false;
    std::string area;
    std::string facility;
    std::optional<PartialDate> birth;
};

/// What is believed of one woman: everything that is logged under any of her linked ids, in any
/// order, repeated or not.
class BelievedFacts {
public:
    /// `reached` must outlive it; may be empty for indicators that name no protocol.
    BelievedFacts(const std::vector<LoggedEvent>& events, const ReachedOn& reached,
                  const RecountLots& lots = RecountLots());

    Standing standing_on(const Indicator& indicator, Date day) const;

private:
    struct Believed {
        Fact fact;
        Date day;
        std::string facility;
    };

    bool belongs_on(const Indicator& indicator, Date day) const;
    bool is_in_cohort(const Population& population, Date day) const;
    bool fits_any(const std::vector<CountingRule>& rules, Date day) const;
    bool fits(const CountingRule& rule, Date day) const;
    std::optional<Date> day_reached(const SeriesRule& rule, Date until) const;
    Reached ask_rules(const std::string& protocol, Date day) const;
    bool has_flag_on(std::string_view code, Date day) const;

    const ReachedOn* reached_;
    mutable std::map<std::pair<std::string, Date>, Reached> asked_;  // What the rules said.
    std::vector<Believed> facts_;                                    // In the order of the logs.
    std::optional<PartialDate> birth_;
    Sex sex_ = Sex::unknown;
};

/// Counts women, one after the other.
class Recount {
public:
    /// `reached` may be empty if the indicator names no protocol.
    Recount(Indicator indicator, Query query, ReachedOn reached);

    /// Everything that is logged of one facility: all of them before the first woman.
    void add_facility(const std::vector<LoggedEvent>& events);

    /// Everything that is logged of one woman.
    void add(const std::vector<LoggedEvent>& events);

    Answer answer() const;

private:
    bool passes(const Standing& standing) const;

    Indicator indicator_;
    Query query_;
    ReachedOn reached_;
    RecountLots lots_;
    std::vector<std::map<std::vector<std::string>, Figure>> cells_;  // For each day asked.
};

}  // namespace egret::coverage
