#pragma once

#include "registry/rules/detail/exact_decision.h"

#include <functional>
#include <vector>

namespace egret::rules::detail {

/// What somebody's dates may stand for, where they aren't all known to the day. A date stands for
/// no day after that of the question, a dose for none before her birth.
class PossibleCases {
public:
    /// What it is given must outlive it. The birth date must be known, if not to the day.
    PossibleCases(const Protocol& protocol, const Subject& subject,
                  const std::vector<const GivenDose*>& doses, Date on);

    /// Every date is known to the day: there is one case.
    bool is_exact() const noexcept { return open_.empty(); }

    /// Whether to go on.
    using Visit = std::function<bool(const ExactCase&)>;

    /// Every choice of first or last day, that of first days alone to begin with. Of more than six
    /// dates the first days of the later ones.
    void visit_ends(const Visit& visit);

    /// One case for each answer that may come of the days: of one open date every day; of several
    /// every day, or those days on which a rule's age or interval begins or ends, where they tell
    /// all. False, if there are too many to try them.
    bool visit_days(const Visit& visit);

private:
    /// The days that a date may stand for.
    struct Span {
        Date first;
        Date last;
    };

    bool visit_from(std::size_t depth, const Visit& visit);
    std::vector<Date> days_to_try(std::size_t depth) const;
    void add_changes(std::size_t date, std::size_t other, Date day, std::vector<Date>& days) const;
    void add_all_changes(std::size_t date, std::size_t depth, std::vector<Date>& days) const;
    Date later(std::size_t from, Date day, const Period& span) const;
    bool may_cross(std::size_t date, std::size_t other) const;
    const ExactCase& current_case();

    /// Dates by number: that of birth, then those of the doses, then the day of the question.
    static constexpr std::size_t birth = 0;
    std::size_t question() const noexcept { return spans_.size(); }

    MissingDay missing_day_;
    std::vector<const GivenDose*> given_;
    Date on_;
    std::vector<Period> ages_;       // Of every rule, and none at all.
    std::vector<Period> intervals_;  // As above.
    std::vector<Date> turns_;        // When rows come into force or go out of it.
    std::vector<Span> spans_;
    std::vector<std::size_t> open_;  // Those not known to the day.
    std::vector<Date> days_;         // As they are chosen.
    ExactCase case_;
    std::size_t tried_ = 0;
    bool is_stopped_ = false;
};

}  // namespace egret::rules::detail
