#include "registry/rules/detail/protocol_check.h"

#include "registry/rules/detail/definition_reader.h"
#include "registry/rules/vaccine.h"

#include <algorithm>
#include <string>

namespace egret::rules::detail {
namespace {

using json::Section;

std::string item(const char* list, std::size_t number) {
    return std::string(list) + "[" + std::to_string(number) + "]";
}

/// There is a vaccine that both codes mean.
bool overlap(const std::string& one, const std::string& other) {
    return std::any_of(
        known_vaccines().begin(), known_vaccines().end(),
        [&](const Vaccine& vaccine) { return vaccine.is_a(one) && vaccine.is_a(other); });
}

void check_vaccines(Section& file, const std::string& path, const Schedule& schedule,
                    const TargetDose& dose) {
    const auto& all = dose.vaccines;
    const auto is_foreign = [&](const VaccineRule& rule) {
        return std::none_of(schedule.vaccines.begin(), schedule.vaccines.end(),
                            [&](const auto& code) { return overlap(rule.vaccine, code); });
    };
    if (std::any_of(all.begin(), all.end(), is_foreign))
        file.refuse(path + ".allowed", msg("rules.allowed_elsewhere"));
    const auto is_inadvertent = [&](const VaccineRule& rule) {
        return is_one_of(rule.vaccine, dose.inadvertent);
    };
    if (std::any_of(all.begin(), all.end(), is_inadvertent))
        file.refuse(path + ".inadvertent", msg("rules.allowed_and_inadvertent"));
    if (std::none_of(all.begin(), all.end(),
                     [](const VaccineRule& rule) { return rule.is_preferred; }))
        file.refuse(path + ".allowed", msg("rules.no_preferred_vaccine"));
}

/// What is too early must be early by something, and nobody is late who is too old.
void check_spans(Section& file, const std::string& path, const Window& window,
                 const std::optional<Period>& maximum) {
    if (window.minimum && !is_longer(*window.minimum, Period{}))
        file.refuse(path + ".minimum", msg("rules.no_span"));
    if (maximum && window.latest && is_longer(*window.latest, *maximum))
        file.refuse(path + ".latest", msg("rules.latest_after_maximum"));
}

/// A first dose needs an age on every day on which the protocol is in force.
void check_days(Section& file, const std::string& path, const InForce& valid,
                const std::vector<AgeRule>& rules) {
    const auto begins = [&](const AgeRule& rule) {
        return !rule.in_force.from || (valid.from && *rule.in_force.from <= *valid.from);
    };
    const auto ends = [&](const AgeRule& rule) {
        return !rule.in_force.to || (valid.to && *valid.to <= *rule.in_force.to);
    };
    if (std::none_of(rules.begin(), rules.end(), begins))
        file.refuse(path + ".ages", msg("rules.rows_begin_late"));
    if (std::none_of(rules.begin(), rules.end(), ends))
        file.refuse(path + ".ages", msg("rules.rows_end_early"));
}

void check_dose(Section& file, const std::string& path, const Protocol& protocol,
                const Series& series, std::size_t number) {
    const auto& dose = series.doses[number];
    check_vaccines(file, path, protocol.schedule, dose);
    if (number == 0) check_days(file, path, protocol.valid, dose.ages);
    for (std::size_t i = 0; i < dose.ages.size(); ++i) {
        // From birth on is an age, too.
        auto window = dose.ages[i].window;
        window.minimum.reset();
        check_spans(file, path + "." + item("ages", i), window, dose.ages[i].maximum);
    }
    for (std::size_t i = 0; i < dose.intervals.size(); ++i) {
        const auto& rule = dose.intervals[i];
        const auto at = path + "." + item("intervals", i);
        check_spans(file, at, rule.window, std::nullopt);
        if (rule.from_target < 1) continue;
        const auto& from = series.doses[static_cast<std::size_t>(rule.from_target) - 1];
        if (!from.skip_dose.empty() || !from.skip_next.empty())
            file.refuse(at + ".from_target", msg("rules.target_may_be_skipped"));
    }
}

bool share_sex(const std::vector<Sex>& one, const std::vector<Sex>& other) {
    return one.empty() || other.empty() || std::any_of(one.begin(), one.end(), [&](Sex sex) {
               return std::find(other.begin(), other.end(), sex) != other.end();
           });
}

/// The ages at which two series may be started don't meet.
bool start_apart(const Series& one, const Series& other) {
    const auto ends_first = [](const Series& a, const Series& b) {
        return a.max_age_to_start && b.min_age_to_start &&
               !is_longer(*a.max_age_to_start, *b.min_age_to_start);
    };
    return ends_first(one, other) || ends_first(other, one);
}

/// Who has no dose yet gets one answer of each group.
void check_defaults(Section& file, const std::vector<Series>& all) {
    for (std::size_t i = 1; i < all.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const auto& one = all[i];
            const auto& other = all[j];
            if (one.is_default && other.is_default && one.group == other.group &&
                share_sex(one.sexes, other.sexes) && !start_apart(one, other))
                file.refuse(item("series", i) + ".default", msg("rules.two_defaults"));
        }
    }
}

/// A round with days has some for each dose of the shortest ordinary series of its people.
void check_windows(Section& file, const std::string& path, const Schedule& schedule,
                   const Round& round) {
    std::size_t doses = 0;
    for (const auto& series : schedule.series) {
        if (series.is_risk || !share_sex(series.sexes, round.sexes)) continue;
        doses = doses == 0 ? series.doses.size() : std::min(doses, series.doses.size());
    }
    for (std::size_t number = 1; !round.windows.empty() && number <= doses; ++number) {
        const bool has_days =
            std::any_of(round.windows.begin(), round.windows.end(), [&](const DoseWindow& window) {
                return static_cast<std::size_t>(window.dose_number) == number;
            });
        if (!has_days)
            file.refuse(path + ".windows",
                        msg("rules.round_lacks_window", {{"dose", std::to_string(number)}}));
    }
}

void check_round(Section& file, const std::string& path, const Schedule& schedule,
                 const Round& round) {
    if (std::none_of(schedule.series.begin(), schedule.series.end(),
                     [&](const Series& series) { return share_sex(series.sexes, round.sexes); }))
        file.refuse(path + ".sexes", msg("rules.round_without_series"));
    check_windows(file, path, schedule, round);
    for (std::size_t i = 0; i < round.windows.size(); ++i) {
        for (const auto& other : round.windows) {
            const auto& window = round.windows[i];
            if (other.dose_number < window.dose_number && window.from < other.from)
                file.refuse(path + "." + item("windows", i) + ".from",
                            msg("rules.window_before_earlier"));
        }
    }
}

}  // namespace

void refuse_what_cannot_be_meant(Section& file, const Protocol& protocol) {
    if (file.failed()) return;  // What couldn't be read isn't there to be judged.
    const auto& all = protocol.schedule.series;
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = 0; j < all[i].doses.size(); ++j)
            check_dose(file, item("series", i) + "." + item("doses", j), protocol, all[i], j);
    }
    check_defaults(file, all);
    if (!protocol.eligibility) return;
    const auto& rounds = protocol.eligibility->rounds;
    for (std::size_t i = 0; i < rounds.size(); ++i)
        check_round(file, "eligibility." + item("rounds", i), protocol.schedule, rounds[i]);
}

}  // namespace egret::rules::detail
