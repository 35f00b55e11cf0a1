#include "registry/rules/select_series.h"

#include "registry/rules/age.h"

#include <algorithm>
#include <map>
#include <string>

namespace egret::rules {
namespace {

using Candidates = std::vector<const Candidate*>;

Date age_day(const Candidate& candidate, const Period& age) {
    return day_of_age(candidate.question.birth, age, candidate.question.schedule.missing_day);
}

bool is_complete(const Candidate& candidate) {
    return candidate.forecast.status == VaccinationStatus::complete;
}

bool has_valid_dose(const Candidate& candidate) { return candidate.first_valid_day.has_value(); }

bool is_in_process(const Candidate& candidate) {
    return candidate.forecast.status == VaccinationStatus::not_complete &&
           has_valid_dose(candidate);
}

bool may_start_on(const Candidate& candidate, Date day) {
    const auto& series = *candidate.series;
    return (!series.min_age_to_start || age_day(candidate, *series.min_age_to_start) <= day) &&
           (!series.max_age_to_start || day < age_day(candidate, *series.max_age_to_start));
}

/// Contraindicated ones only if there are no others (SELECTB-24).
Candidates not_contraindicated(const Candidates& group) {
    Candidates kept;
    for (const auto* candidate : group) {
        if (candidate->forecast.status != VaccinationStatus::contraindicated)
            kept.push_back(candidate);
    }
    return kept.empty() ? group : kept;
}

/// The answer for somebody without a valid dose. Of several defaults, the one that she is of the
/// age to start now.
const Candidate* find_default(const Candidates& group) {
    const Candidate* found = nullptr;
    for (const auto* candidate : group) {
        if (!candidate->series->is_default) continue;
        if (!found || (!may_start_on(*found, found->question.on) &&
                       may_start_on(*candidate, candidate->question.on)))
            found = candidate;
    }
    return found;
}

/// SELECTSCORE-2: every risk series; an ordinary one only with a valid dose that was given before
/// the greatest age at which the series may be started.
Candidates scorable_of(const Candidates& group) {
    Candidates kept;
    const bool has_default = find_default(group) != nullptr;
    const bool has_dose = std::any_of(group.begin(), group.end(),
                                      [](const auto* one) { return has_valid_dose(*one); });
    for (const auto* candidate : group) {
        const auto& series = *candidate->series;
        const bool has_begun =
            has_valid_dose(*candidate) &&
            (!series.max_age_to_start ||
             *candidate->first_valid_day < age_day(*candidate, *series.max_age_to_start));
        if (series.is_risk || has_begun || (!has_dose && !has_default)) kept.push_back(candidate);
    }
    return kept;
}

/// A point rule: so many points for those that are best, less for the others, none for a tie.
template <class Measure>
void score_best(const Candidates& all, std::vector<int>& scores, int points, Measure measure) {
    using Key = decltype(measure(*all.front()));
    std::vector<Key> keys;
    for (const auto* candidate : all) keys.push_back(measure(*candidate));
    const auto best = *std::max_element(keys.begin(), keys.end());
    const bool is_tie = std::count(keys.begin(), keys.end(), best) > 1;
    for (std::size_t i = 0; i < all.size(); ++i)
        scores[i] += keys[i] != best ? -points : (is_tie ? 0 : points);
}

int open_targets(const Candidate& candidate) {
    return static_cast<int>(std::count_if(
        candidate.state.targets.begin(), candidate.state.targets.end(),
        [](const TargetState& target) { return target.status == TargetStatus::open; }));
}

/// Days before the far future, so that earlier is more; never to be finished is least.
int earliness(std::optional<Date> day) { return day ? -day->days() : -10'000'000; }

/// Table 8-6 and what belongs to it.
void score_complete(const Candidates& all, std::vector<int>& scores) {
    score_best(all, scores, 1, [](const Candidate& one) { return one.state.satisfied; });
}

/// Table 8-7: in process.
void score_in_process(const Candidates& all, std::vector<int>& scores) {
    std::vector<std::optional<Date>> finish;
    for (std::size_t i = 0; i < all.size(); ++i) {
        finish.push_back(finish_day(all[i]->question, all[i]->state));
        scores[i] += finish[i] ? 3 : -3;
    }
    score_best(all, scores, 2, [](const Candidate& one) { return one.state.satisfied; });
    score_best(all, scores, 2, [](const Candidate& one) { return -open_targets(one); });
    score_best(all, scores, 1,
               [](const Candidate& one) { return earliness(finish_day(one.question, one.state)); });
}

/// Table 8-8: without a valid dose.
void score_not_begun(const Candidates& all, std::vector<int>& scores) {
    score_best(all, scores, 1, [](const Candidate& one) {
        return earliness(one.forecast.has_dates ? std::optional(one.forecast.earliest)
                                                : std::nullopt);
    });
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& one = *all[i];
        scores[i] += finish_day(one.question, one.state) ? 1 : -1;
        const auto& oldest = one.series->max_age_to_start;
        const bool is_late = oldest && age_day(one, *oldest) <= one.question.on;
        scores[i] += is_late ? -1 : 1;
    }
}

const Candidate* most_points(const Candidates& all, const std::vector<int>& scores) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < all.size(); ++i) {
        if (scores[i] > scores[best] ||
            (scores[i] == scores[best] &&
             all[i]->series->preference < all[best]->series->preference))
            best = i;
    }
    return all[best];
}

template <class Test>
Candidates those(const Candidates& all, Test test) {
    Candidates kept;
    std::copy_if(all.begin(), all.end(), std::back_inserter(kept),
                 [&](const Candidate* one) { return test(*one); });
    return kept;
}

/// Tables 8-3 to 8-9: the one series of a group.
const Candidate* prioritized(const Candidates& whole_group) {
    const auto group = not_contraindicated(whole_group);
    const auto* fallback = find_default(group);
    const auto scorable = scorable_of(group);
    if (scorable.empty()) return fallback;
    if (scorable.size() == 1) return scorable.front();
    const auto complete = those(scorable, is_complete);
    const auto in_process = those(scorable, is_in_process);
    if (complete.size() == 1) return complete.front();
    if (complete.empty() && in_process.size() == 1) return in_process.front();
    std::vector<int> scores(scorable.size());
    if (!complete.empty()) {
        scores.resize(complete.size());
        score_complete(complete, scores);
        return most_points(complete, scores);
    }
    if (!in_process.empty()) {
        scores.resize(in_process.size());
        score_in_process(in_process, scores);
        return most_points(in_process, scores);
    }
    if (fallback) return fallback;
    score_not_begun(scorable, scores);
    return most_points(scorable, scores);
}

bool is_equivalent(const Candidate& one, const Candidate& other) {
    const auto& groups = one.series->equivalent_groups;
    return std::find(groups.begin(), groups.end(), other.series->group) != groups.end();
}

/// Table 8-14: does it hold beside the ones of the other groups?
bool is_best(const Candidate& one, const Candidates& all) {
    if (is_complete(one)) return true;
    for (const auto* other : all) {
        if (other == &one || !is_equivalent(one, *other)) continue;
        if (is_complete(*other) || (!one.series->is_risk && other->series->is_risk)) return false;
    }
    return true;
}

}  // namespace

std::vector<const Candidate*> select_series(const std::vector<Candidate>& candidates) {
    std::map<std::string, Candidates> groups;
    for (const auto& candidate : candidates) groups[candidate.series->group].push_back(&candidate);
    Candidates chosen;
    for (const auto& [name, group] : groups) {
        if (const auto* one = prioritized(group)) chosen.push_back(one);
    }
    Candidates best;
    for (const auto* one : chosen) {
        if (is_best(*one, chosen)) best.push_back(one);
    }
    std::stable_partition(best.begin(), best.end(),
                          [](const Candidate* one) { return one->series->is_risk; });
    return best;
}

}  // namespace egret::rules
