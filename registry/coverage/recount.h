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
    bool is_resident = true;
};

/// One case of hers, as an indicator of cases or times finds it.
struct CountedCase {
    Date day;
    bool is_compared = false;  // One of those that the others are compared with.
    bool counts = false;
    bool is_documented = false;  // It doesn't count, and it is written why.
    std::optional<int> days;     // Of times.
};

/// What is believed of one woman: everything that is logged under any of her linked ids, in any
/// order, repeated or not.
class BelievedFacts {
public:
    /// `reached` must outlive it; may be empty for indicators that name no protocol.
    BelievedFacts(const std::vector<LoggedEvent>& events, const ReachedOn& reached,
                  const RecountLots& lots = RecountLots());

    Standing standing_on(const Indicator& indicator, Date day) const;

    /// Those of all days on which she is resident; none if she was never registered.
    std::vector<CountedCase> cases_of(const Indicator& indicator) const;

    /// Where she is on that day; where she was first, if nothing was said of it before.
    Standing place_of_case(Date day) const;

    struct Believed {
        Fact fact;
        Date day;
        std::string facility;
        EventUid uid;
        UserId author;
    };

private:
    bool belongs_on(const Indicator& indicator, Date day) const;
    bool is_in_cohort(const Population& population, Date day) const;
    bool fits_any(const std::vector<CountingRule>& rules, Date day) const;
    bool fits(const CountingRule& rule, Date day) const;
    std::optional<Date> day_reached(const SeriesRule& rule, Date until) const;
    Reached ask_rules(const std::string& protocol, Date day) const;
    bool has_flag_on(std::string_view code, Date day) const;
    Standing place_on(Date day) const;
    bool is_of_population(const Population& population, Date day) const;
    std::vector<const Believed*> cases_by(const CaseRule& rule, const Population& who) const;
    bool holds(const Conditions& conditions, const Believed& of) const;
    bool is_there(const TimedRule& rule, const Believed& of) const;
    std::vector<Date> days_found(const TimedRule& rule, const Believed& of) const;
    bool is_explained(const CaseDefinition& definition, const Believed& of) const;
    bool two_agree(const Believed& closing) const;
    std::optional<int> days_taken(const TimeRule& rule, const Believed& of) const;
    std::optional<Date> death_day() const;

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

    /// What is believed of one woman, worked out for several questions: add_facility() has no part
    /// in it.
    void add(const BelievedFacts& facts);

    Answer answer() const;

private:
    bool passes(const Standing& standing) const;
    std::vector<std::string> values_of(const Standing& standing) const;
    void add_case(const Standing& place, const CountedCase& one);

    /// What a cell holds.
    struct Counted {
        Figure figure;
        std::int64_t documented = 0;
        std::vector<int> days;  // That each of the times took.
    };

    Indicator indicator_;
    Query query_;
    ReachedOn reached_;
    RecountLots lots_;
    std::vector<std::map<std::vector<std::string>, Counted>> cells_;  // For each day asked.
};

}  // namespace egret::coverage
