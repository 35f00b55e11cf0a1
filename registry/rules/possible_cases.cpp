#include "registry/rules/detail/possible_cases.h"

#include "registry/rules/age.h"

#include <algorithm>

namespace egret::rules::detail {
namespace {

constexpr std::size_t ends_max = 6;
/// A decision takes some microseconds: a nurse doesn't notice these.
constexpr std::size_t cases_max = 2000;

/// The spans and days of a schedule on which an answer may change.
struct Limits {
    std::vector<Period> ages{Period{}};
    std::vector<Period> intervals{Period{}};
    std::vector<Date> turns;

    static void add(std::vector<Period>& all, const std::optional<Period>& span) {
        if (span && std::find(all.begin(), all.end(), *span) == all.end()) all.push_back(*span);
    }

    static void add(std::vector<Period>& all, const Window& window) {
        for (const auto* span :
             {&window.absolute_minimum, &window.minimum, &window.recommended, &window.latest})
            add(all, *span);
    }

    void add(const InForce& days) {
        if (days.from) turns.push_back(*days.from);
        if (days.to) turns.push_back(days.to->plus_days(1));
    }

    void add(const std::vector<SkipCondition>& skips) {
        for (const auto& skip : skips) {
            add(intervals, skip.interval);
            add(ages, skip.from_age);
        }
    }

    void add(const TargetDose& target) {
        for (const auto& rule : target.ages) {
            add(ages, rule.window);
            add(ages, rule.maximum);
            add(rule.in_force);
        }
        for (const auto& rule : target.intervals) {
            add(intervals, rule.window);
            add(rule.in_force);
        }
        for (const auto& rule : target.vaccines) {
            add(ages, rule.from_age);
            add(ages, rule.until_age);
        }
        add(target.skip_dose);
        add(target.skip_next);
    }

    void add(const Series& series) {
        add(ages, series.min_age_to_start);
        add(ages, series.max_age_to_start);
        for (const auto& indication : series.indications) {
            add(ages, indication.from_age);
            add(ages, indication.until_age);
        }
        for (const auto& rule : series.left_open) add(ages, rule.from_age);
        for (const auto& target : series.doses) add(target);
    }
};

}  // namespace

PossibleCases::PossibleCases(const Protocol& protocol, const Subject& subject,
                             const std::vector<const GivenDose*>& doses, Date on)
    : missing_day_(protocol.schedule.missing_day), given_(doses), on_(on) {
    const auto add = [&](const PartialDate& date) {
        const auto last = std::min(date.latest(), std::max(on, date.earliest()));
        if (!date.is_exact()) open_.push_back(spans_.size());
        spans_.push_back({date.earliest(), last});
        days_.push_back(date.earliest());
    };
    add(*subject.birth_date);
    for (const auto* dose : doses) add(dose->date);
    if (is_exact()) return;
    Limits limits;
    for (const auto& series : protocol.schedule.series) limits.add(series);
    ages_ = std::move(limits.ages);
    intervals_ = std::move(limits.intervals);
    turns_ = std::move(limits.turns);
}

const ExactCase& PossibleCases::current_case() {
    case_.birth = days_[birth];
    case_.doses.clear();
    for (std::size_t i = 0; i < given_.size(); ++i)
        case_.doses.push_back({given_[i], std::max(days_[i + 1], case_.birth)});
    return case_;
}

void PossibleCases::visit_ends(const Visit& visit) {
    const auto count = std::size_t{1} << std::min(open_.size(), ends_max);
    for (std::size_t choice = 0; choice < count; ++choice) {
        for (std::size_t i = 0; i < open_.size(); ++i) {
            const auto& span = spans_[open_[i]];
            const bool is_last = i < ends_max && (choice >> i & 1U) != 0;
            days_[open_[i]] = is_last ? span.last : span.first;
        }
        if (!visit(current_case())) return;
    }
}

bool PossibleCases::visit_days(const Visit& visit) {
    tried_ = 0;
    is_stopped_ = false;
    return visit_from(0, visit);
}

bool PossibleCases::visit_from(std::size_t depth, const Visit& visit) {
    if (depth == open_.size()) {
        if (++tried_ > cases_max) return false;
        is_stopped_ = !visit(current_case());
        return true;
    }
    for (const auto day : days_to_try(depth)) {
        days_[open_[depth]] = day;
        if (!visit_from(depth + 1, visit)) return false;
        if (is_stopped_) break;
    }
    return true;
}

/// Every day, unless less tells all: the first days on which something is otherwise than the day
/// before, seen from the dates that are chosen or known; and seen from another open one, if that
/// one is the only one about which the order and distance of days is open.
std::vector<Date> PossibleCases::days_to_try(std::size_t depth) const {
    const auto date = open_[depth];
    const auto& span = spans_[date];
    std::vector<Date> days{span.first, span.last};
    std::vector<std::size_t> near;
    for (auto i = depth + 1; i < open_.size(); ++i) {
        if (may_cross(date, open_[i])) near.push_back(open_[i]);
    }
    bool tells_all = open_.size() > 1 && near.size() <= 1;
    for (auto i = depth + 1; i < open_.size() && !near.empty(); ++i) {
        if (open_[i] != near.front() && may_cross(near.front(), open_[i])) tells_all = false;
    }
    if (tells_all) {
        add_all_changes(date, depth, days);
        if (!near.empty()) {
            const auto other = near.front();
            std::vector<Date> begins{spans_[other].first, spans_[other].last};
            add_all_changes(other, depth, begins);
            for (const auto day : begins) add_changes(date, other, day, days);
        }
        std::erase_if(days, [&](Date day) { return day < span.first || span.last < day; });
    } else {
        for (auto day = span.first; day < span.last; day = day.plus_days(1)) days.push_back(day);
    }
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    return days;
}

/// The day that lies a span after `day`, on which date `from` lies: spans of age begin at birth.
Date PossibleCases::later(std::size_t from, Date day, const Period& span) const {
    return from == birth ? day_of_age(day, span, missing_day_) : plus(day, span, missing_day_);
}

/// The days on which `date` begins to lie a rule's span after `day` of `other`, or no longer lies
/// a span before it.
void PossibleCases::add_changes(std::size_t date, std::size_t other, Date day,
                                std::vector<Date>& days) const {
    const auto& span = spans_[date];
    if (date != birth) {
        for (const auto& rule : other == birth ? ages_ : intervals_)
            days.push_back(later(other, day, rule));
    }
    if (other == birth) return;
    for (const auto& rule : date == birth ? ages_ : intervals_) {
        if (day < later(date, span.first, rule) || later(date, span.last, rule) < day) continue;
        for (const auto reached : {day, day.plus_days(1)}) {
            auto first = span.first;
            auto end = span.last.plus_days(1);
            while (first < end) {
                const auto middle = first.plus_days((end.days() - first.days()) / 2);
                if (later(date, middle, rule) < reached)
                    first = middle.plus_days(1);
                else
                    end = middle;
            }
            days.push_back(first);
        }
    }
}

/// The same, seen from every date that is known or chosen before `depth`, from the day of the
/// question, and from the days on which rules change.
void PossibleCases::add_all_changes(std::size_t date, std::size_t depth,
                                    std::vector<Date>& days) const {
    const auto is_open = [&](std::size_t other) {
        return std::find(open_.begin() + static_cast<std::ptrdiff_t>(depth), open_.end(), other) !=
               open_.end();
    };
    for (std::size_t other = 0; other < spans_.size(); ++other) {
        if (other == date || is_open(other)) continue;
        add_changes(date, other, days_[other], days);
        // What comes next after the one dose may be too late for her age.
        if (date != birth && other != birth) continue;
        for (const auto& rule : other == birth ? ages_ : intervals_)
            add_changes(date, question(), later(other, days_[other], rule), days);
    }
    add_changes(date, question(), on_, days);
    for (const auto turn : turns_) add_changes(date, question(), turn, days);
}

/// Whether one of the two may lie on either side of a rule's span after the other.
bool PossibleCases::may_cross(std::size_t date, std::size_t other) const {
    const auto crosses = [&](std::size_t from, std::size_t to) {
        const auto& rules = from == birth ? ages_ : intervals_;
        return to != birth && std::any_of(rules.begin(), rules.end(), [&](const Period& rule) {
                   return later(from, spans_[from].first, rule) <= spans_[to].last &&
                          spans_[to].first <= later(from, spans_[from].last, rule);
               });
    };
    return crosses(date, other) || crosses(other, date);
}

}  // namespace egret::rules::detail
