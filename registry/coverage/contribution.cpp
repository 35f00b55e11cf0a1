#include "registry/coverage/contribution.h"

#include "registry/coverage/case_contribution.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

namespace egret::coverage {
namespace {

/// Half-open stretches of residence, each with the key under which she then counts.
template <class Visit>
void for_each_residence(const History& history, Visit visit) {
    for (std::size_t i = 0; i < history.residences.size(); ++i) {
        const bool is_last = i + 1 == history.residences.size();
        visit(history.residences[i], Interval{i == 0 ? no_start : history.residences[i].from,
                                              is_last ? no_end : history.residences[i + 1].from});
    }
}

Intervals days_resident(const History& history) {
    std::vector<Interval> days;
    for_each_residence(history, [&](const Residence& residence, const Interval& stretch) {
        if (residence.is_resident) days.push_back(stretch);
    });
    return Intervals(std::move(days));
}

Intervals days_with_flag(const History& history, std::string_view code) {
    std::vector<Interval> days;
    for (const auto& live : history.facts) {
        const auto* flag = std::get_if<Flag>(&live.fact.detail);
        if (!flag || flag->code != code || !is_completed(live.fact)) continue;
        days.push_back({flag->from ? flag->from->earliest() : no_start,
                        flag->to ? flag->to->latest().plus_days(1) : no_end});
    }
    return Intervals(std::move(days));
}

Intervals days_of_age(const History& history, const AgeRange& age) {
    if (!history.who.birth_date) return {};
    const auto birth = history.who.birth_date->earliest();
    return {{birthday(birth, age.from), birthday(birth, age.to + 1)}};
}

bool is_kind(CountedEvent event, const Fact& fact) {
    switch (event) {
        case CountedEvent::dose: return std::holds_alternative<Dose>(fact.detail);
        case CountedEvent::hpv_test: return std::holds_alternative<HpvTest>(fact.detail);
        case CountedEvent::cytology: return std::holds_alternative<Cytology>(fact.detail);
        case CountedEvent::via: return std::holds_alternative<Via>(fact.detail);
        case CountedEvent::breast_ultrasound:
            return std::holds_alternative<BreastUltrasound>(fact.detail);
        case CountedEvent::mammogram: return std::holds_alternative<Mammogram>(fact.detail);
    }
    return false;
}

template <class Scan>
void add_categories(std::vector<std::string_view>& to, const Scan& scan) {
    for (const auto* side : {&scan.left, &scan.right}) {
        if (*side && (*side)->birads) to.push_back(to_string(*(*side)->birads));
    }
}

/// Of a test.
std::vector<std::string_view> results_of(const Fact& fact) {
    std::vector<std::string_view> results;
    if (const auto* test = std::get_if<HpvTest>(&fact.detail)) {
        if (test->result) results.push_back(to_string(*test->result));
    } else if (const auto* cytology = std::get_if<Cytology>(&fact.detail)) {
        for (const auto result : cytology->results) results.push_back(to_string(result));
    } else if (const auto* via = std::get_if<Via>(&fact.detail)) {
        if (via->result) results.push_back(to_string(*via->result));
    } else if (const auto* ultrasound = std::get_if<BreastUltrasound>(&fact.detail)) {
        add_categories(results, *ultrasound);
    } else if (const auto* mammogram = std::get_if<Mammogram>(&fact.detail)) {
        add_categories(results, *mammogram);
    }
    return results;
}

bool has_counting_result(const CountingRule& rule, const Fact& fact) {
    const auto is_among = [](const std::vector<std::string>& codes, std::string_view result) {
        return std::find(codes.begin(), codes.end(), result) != codes.end();
    };
    const auto results = results_of(fact);
    if (!rule.results.empty() && std::none_of(results.begin(), results.end(), [&](auto result) {
            return is_among(rule.results, result);
        }))
        return false;
    return rule.results_except.empty() ||
           std::any_of(results.begin(), results.end(),
                       [&](auto result) { return !is_among(rule.results_except, result); });
}

bool fits(const CountingRule& rule, const LiveFact& live) {
    const auto& fact = live.fact;
    if (!is_kind(rule.event, fact) || !is_completed(fact)) return false;
    const auto* dose = std::get_if<Dose>(&fact.detail);
    if (!dose) return has_counting_result(rule, fact);
    if (!fact.at.date) return false;  // No figure could say by which age she had it.
    const bool is_substandard = dose->substandard.value_or(false) || live.is_spoilt;
    if (is_substandard && !rule.substandard_counts) return false;
    return rule.round.empty() || dose->round == rule.round;
}

/// True without an age.
bool is_before_age(const std::optional<int>& age, const History& history, Date day) {
    if (!age) return true;
    return history.who.birth_date && day < birthday(history.who.birth_date->earliest(), *age);
}

/// The days of the facts that the rule is about, in their order, each once.
std::vector<Date> days_of_facts(const CountingRule& rule, const History& history) {
    std::vector<Date> days;
    for (const auto& live : history.facts) {
        if (fits(rule, live)) days.push_back(clinical_day(live.fact, live.order));
    }
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    return days;
}

/// The day, if there is one, on which she got so far.
std::vector<Date> day_reached(const SeriesRule& rule, const SeriesByProtocol& series) {
    const auto found = series.find(rule.protocol);
    if (found == series.end()) return {};
    const auto& day = rule.reach == Reach::first ? found->second.first : found->second.complete;
    return day ? std::vector<Date>{*day} : std::vector<Date>{};
}

bool is_in_time_after(const std::optional<AfterFirst>& window, Date first, Date day) {
    return !window || (plus(first, window->from) <= day && day <= plus(first, window->to));
}

/// From which days on the rule counts her, before it is asked how long.
std::vector<Date> counting_days(const CountingRule& rule, const History& history,
                                const SeriesByProtocol& series) {
    auto days = rule.series ? day_reached(*rule.series, series) : days_of_facts(rule, history);
    if (days.empty()) return days;
    const auto first = days.front();
    if (!is_before_age(rule.first_before_age, history, first)) return {};
    if (rule.nth) {
        const auto index = static_cast<std::size_t>(*rule.nth) - 1;
        days = index < days.size() ? std::vector<Date>{days[index]} : std::vector<Date>{};
    }
    std::erase_if(days, [&](Date day) {
        return !is_before_age(rule.before_age, history, day) ||
               !is_in_time_after(rule.after_first, first, day);
    });
    return days;
}

/// The days on which she fits at least one of the rules.
Intervals days_fitting(const std::vector<CountingRule>& rules, const History& history,
                       const SeriesByProtocol& series) {
    std::vector<Interval> stretches;
    for (const auto& rule : rules) {
        for (const auto day : counting_days(rule, history, series)) {
            auto end = rule.lasts ? plus(day, *rule.lasts) : no_end;
            if (rule.lasts_calendar_year) end = Date::from_ymd(day.year() + 1, 1, 1);
            const auto from =
                rule.longer_ago_than ? plus(day, *rule.longer_ago_than).plus_days(1) : day;
            stretches.push_back({from, end});
        }
    }
    return Intervals(std::move(stretches));
}

/// From the first day of one year up to the last of another.
Intervals days_of_cohort(const History& history, const AgeRange& reached) {
    if (!history.who.birth_date) return {};
    const auto year = history.who.birth_date->earliest().year();
    return {
        {Date::from_ymd(year + reached.from, 1, 1), Date::from_ymd(year + reached.to + 1, 1, 1)}};
}

bool is_born_in(const History& history, const BirthRange& born) {
    if (!history.who.birth_date) return false;
    const auto birth = history.who.birth_date->earliest();
    return (!born.from || *born.from <= birth) && (!born.to || birth <= *born.to);
}

void add_part(Contribution& to, Part part, const Intervals& days, const History& history) {
    const int birth_month = history.who.birth_date ? birth_month_of(*history.who.birth_date) : 0;
    for_each_residence(history, [&](const Residence& residence, const Interval& stretch) {
        const Key key{residence.area, residence.facility, birth_month};
        for (const auto& interval : intersected(days, {stretch})) {
            to.push_back({part, key, interval.from, 1});
            if (interval.to != no_end) to.push_back({part, key, interval.to, -1});
        }
    });
}

}  // namespace

Intervals denominator_days(const Indicator& indicator, const History& history,
                           const SeriesByProtocol& series) {
    const auto& population = indicator.population;
    const auto sex = history.who.sex.value_or(Sex::unknown);
    const bool is_of_sex =
        population.sexes.empty() ||
        std::find(population.sexes.begin(), population.sexes.end(), sex) != population.sexes.end();
    if (!history.registered_on || !is_of_sex) return {};
    if (population.born && !is_born_in(history, *population.born)) return {};
    Intervals days{{*history.registered_on, history.died_on.value_or(no_end)}};
    const auto narrow = [&](const Intervals& to) { days = intersected(days, to); };
    if (!population.any_of.empty()) narrow(days_fitting(population.any_of, history, series));
    if (population.age) narrow(days_of_age(history, *population.age));
    if (population.age_reached_in_year)
        narrow(days_of_cohort(history, *population.age_reached_in_year));
    if (days.empty()) return days;
    narrow(days_resident(history));
    if (population.needs_cervix) narrow(complement(days_with_flag(history, "no_cervix")));
    if (!population.flag.empty()) narrow(days_with_flag(history, population.flag));
    return days;
}

Intervals numerator_days(const Indicator& indicator, const History& history,
                         const SeriesByProtocol& series, const Intervals& denominator) {
    if (denominator.empty()) return {};
    if (!indicator.none_of.empty())
        return intersected(complement(days_fitting(indicator.none_of, history, series)),
                           denominator);
    return intersected(days_fitting(indicator.any_of, history, series), denominator);
}

Contribution contribution_of(const Indicator& indicator, const History& history,
                             const SeriesByProtocol& series) {
    if (indicator.counts != Counts::women)
        return case_contribution_of(indicator, CaseFacts(history));
    Contribution contribution;
    const auto denominator = denominator_days(indicator, history, series);
    if (denominator.empty()) return contribution;
    add_part(contribution, Part::denominator, denominator, history);
    add_part(contribution, Part::numerator, numerator_days(indicator, history, series, denominator),
             history);
    return normalise(std::move(contribution));
}

Contribution numerator_of(const Indicator& indicator, const History& history,
                          const SeriesByProtocol& series) {
    if (indicator.counts != Counts::women) return case_numerator_of(indicator, CaseFacts(history));
    Contribution contribution;
    const auto& any_of = indicator.any_of;
    if (!any_of.empty() && days_fitting(any_of, history, series).empty()) return contribution;
    const auto denominator = denominator_days(indicator, history, series);
    add_part(contribution, Part::numerator, numerator_days(indicator, history, series, denominator),
             history);
    return normalise(std::move(contribution));
}

}  // namespace egret::coverage
