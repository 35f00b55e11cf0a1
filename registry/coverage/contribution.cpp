#include "registry/coverage/contribution.h"

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

Intervals days_without_cervix(const History& history) {
    std::vector<Interval> days;
    for (const auto& live : history.facts) {
        const auto* flag = std::get_if<Flag>(&live.fact.detail);
        if (!flag || flag->code != "no_cervix" || !is_completed(live.fact)) continue;
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

/// The kind of event that the fact is, and its results; nothing for facts that never count.
struct Countable {
    CountedEvent event;
    std::vector<std::string_view> results;
    bool is_substandard = false;
};

std::optional<Countable> countable(const Fact& fact) {
    if (!is_completed(fact)) return std::nullopt;
    if (const auto* dose = std::get_if<Dose>(&fact.detail))
        return Countable{CountedEvent::dose, {}, dose->substandard.value_or(false)};
    if (const auto* test = std::get_if<HpvTest>(&fact.detail)) {
        Countable counted{CountedEvent::hpv_test, {}};
        if (test->result) counted.results.push_back(to_string(*test->result));
        return counted;
    }
    if (const auto* cytology = std::get_if<Cytology>(&fact.detail)) {
        Countable counted{CountedEvent::cytology, {}};
        for (const auto result : cytology->results) counted.results.push_back(to_string(result));
        return counted;
    }
    if (const auto* via = std::get_if<Via>(&fact.detail)) {
        Countable counted{CountedEvent::via, {}};
        if (via->result) counted.results.push_back(to_string(*via->result));
        return counted;
    }
    return std::nullopt;
}

bool fits(const CountingRule& rule, const Countable& counted) {
    if (rule.event != counted.event) return false;
    if (counted.is_substandard && !rule.substandard_counts) return false;
    const auto is_among = [](const std::vector<std::string>& codes, std::string_view result) {
        return std::find(codes.begin(), codes.end(), result) != codes.end();
    };
    const auto& results = counted.results;
    if (!rule.results.empty() && std::none_of(results.begin(), results.end(), [&](auto result) {
            return is_among(rule.results, result);
        }))
        return false;
    return rule.results_except.empty() ||
           std::any_of(results.begin(), results.end(),
                       [&](auto result) { return !is_among(rule.results_except, result); });
}

bool is_early_enough(const CountingRule& rule, const History& history, Date day) {
    if (!rule.before_age) return true;
    return history.who.birth_date &&
           day < birthday(history.who.birth_date->earliest(), *rule.before_age);
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

Intervals denominator_days(const Indicator& indicator, const History& history) {
    const auto& population = indicator.population;
    const auto sex = history.who.sex.value_or(Sex::unknown);
    const bool is_of_sex =
        population.sexes.empty() ||
        std::find(population.sexes.begin(), population.sexes.end(), sex) != population.sexes.end();
    if (!history.registered_on || !is_of_sex) return {};
    Intervals days{{*history.registered_on, history.died_on.value_or(no_end)}};
    days = intersected(days, days_resident(history));
    if (population.needs_cervix) days = intersected(days, complement(days_without_cervix(history)));
    if (population.age) days = intersected(days, days_of_age(history, *population.age));
    return days;
}

Intervals numerator_days(const Indicator& indicator, const History& history,
                         const Intervals& denominator) {
    if (denominator.empty()) return {};
    std::vector<Interval> days;
    for (const auto& live : history.facts) {
        const auto counted = countable(live.fact);
        if (!counted) continue;
        const auto day = clinical_day(live.fact, live.order);
        for (const auto& rule : indicator.any_of) {
            if (!fits(rule, *counted) || !is_early_enough(rule, history, day)) continue;
            days.push_back({day, rule.lasts ? plus(day, *rule.lasts) : no_end});
        }
    }
    return intersected(Intervals(std::move(days)), denominator);
}

Contribution contribution_of(const Indicator& indicator, const History& history) {
    Contribution contribution;
    const auto denominator = denominator_days(indicator, history);
    add_part(contribution, Part::denominator, denominator, history);
    add_part(contribution, Part::numerator, numerator_days(indicator, history, denominator),
             history);
    return normalise(std::move(contribution));
}

}  // namespace egret::coverage
