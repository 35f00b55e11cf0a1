#include "registry/rules/detail/schedule_file.h"

#include "registry/rules/vaccine.h"

#include <algorithm>
#include <utility>

namespace egret::rules::detail {
namespace {

using json::Section;

constexpr int count_max = 9;  // Doses of a series, and what counts them.

bool is_vaccine(std::string_view code) { return find_vaccine(code) != nullptr; }

Window read_window(Section& section, DefinitionReader& reader) {
    Window window;
    window.absolute_minimum = reader.period(section, "absolute_minimum");
    window.minimum = reader.period(section, "minimum");
    window.recommended = reader.period(section, "recommended");
    window.latest = reader.period(section, "latest");
    const std::pair<const char*, const std::optional<Period>*> steps[] = {
        {"absolute_minimum", &window.absolute_minimum},
        {"minimum", &window.minimum},
        {"recommended", &window.recommended},
        {"latest", &window.latest},
    };
    const std::optional<Period>* before = nullptr;
    for (const auto& [name, step] : steps) {
        if (!*step) continue;
        if (before && is_longer(**before, **step))
            section.refuse(name, msg("rules.shorter_than_before"));
        before = step;
    }
    return window;
}

AgeRule read_age(Section section, DefinitionReader& reader, std::size_t target) {
    section.only({"absolute_minimum", "minimum", "recommended", "latest", "maximum", "older_counts",
                  "from", "to"});
    AgeRule rule;
    rule.window = read_window(section, reader);
    rule.maximum = reader.period(section, "maximum");
    if (rule.maximum && rule.window.minimum && !is_longer(*rule.maximum, *rule.window.minimum))
        section.refuse("maximum", msg("rules.shorter_than_before"));
    rule.counts_when_older = section.optional_truth("older_counts").value_or(false);
    if (rule.counts_when_older && !rule.maximum)
        section.refuse("older_counts", msg("rules.older_than_nothing"));
    if (target == 0 && !rule.window.minimum) section.refuse("minimum", msg("rules.no_age"));
    if (rule.window == Window{} && !rule.maximum) section.refuse("", msg("rules.empty_interval"));
    rule.in_force = reader.in_force(section);
    return rule;
}

IntervalRule read_interval(Section section, DefinitionReader& reader, std::size_t target) {
    section.only(
        {"from_target", "absolute_minimum", "minimum", "recommended", "latest", "from", "to"});
    IntervalRule rule;
    rule.window = read_window(section, reader);
    if (rule.window == Window{}) section.refuse("", msg("rules.empty_interval"));
    rule.from_target = section.optional_count("from_target", count_max).value_or(0);
    if (rule.from_target > static_cast<int>(target) ||
        (section.has("from_target") && rule.from_target == 0))
        section.refuse("from_target", msg("rules.later_target"));
    rule.in_force = reader.in_force(section);
    return rule;
}

/// Two rows for ages must not hold on the same day: the answer would depend on their order.
void refuse_overlap(Section& section, const std::vector<AgeRule>& rules) {
    for (std::size_t i = 1; i < rules.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const auto& a = rules[j].in_force;
            const auto& b = rules[i].in_force;
            const bool a_ends_first = a.to && b.from && *a.to < *b.from;
            const bool b_ends_first = b.to && a.from && *b.to < *a.from;
            if (!a_ends_first && !b_ends_first)
                section.refuse("ages[" + std::to_string(i) + "]", msg("rules.rows_overlap"));
        }
    }
}

/// Between two rows no day must be without one: nothing would be too young or too old on it.
void refuse_gap(Section& section, const std::vector<AgeRule>& rules) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto& from = rules[i].in_force.from;
        if (!from) continue;
        const auto ends_before = [&](const AgeRule& other) {
            return other.in_force.to && *other.in_force.to < *from;
        };
        const auto reaches = [&](const AgeRule& other) {
            return ends_before(other) && other.in_force.to->plus_days(1) == *from;
        };
        if (std::any_of(rules.begin(), rules.end(), ends_before) &&
            std::none_of(rules.begin(), rules.end(), reaches))
            section.refuse("ages[" + std::to_string(i) + "]", msg("rules.rows_gap"));
    }
}

VaccineRule read_allowed(Section section, DefinitionReader& reader) {
    section.only({"vaccine", "from_age", "until_age", "preferred"});
    VaccineRule rule;
    rule.vaccine = reader.vaccine(section, "vaccine");
    rule.from_age = reader.period(section, "from_age");
    rule.until_age = reader.period(section, "until_age");
    refuse_empty_ages(section, "until_age", rule.from_age, rule.until_age);
    rule.is_preferred = section.optional_truth("preferred").value_or(false);
    return rule;
}

SkipCondition read_skip(Section section, DefinitionReader& reader) {
    section.only({"interval", "more_than", "from_age", "vaccines"});
    SkipCondition condition;
    condition.interval = reader.period(section, "interval");
    condition.more_than = section.optional_count("more_than", count_max);
    condition.from_age = reader.period(section, "from_age");
    if (section.has("vaccines")) condition.vaccines = section.codes("vaccines", is_vaccine);
    if (!condition.interval && !condition.more_than)
        section.refuse("", msg("rules.empty_condition"));
    return condition;
}

/// What the doses of a series may be of, said once for all of them.
struct VaccineSets {
    std::vector<VaccineRule> allowed;
    std::vector<std::string> inadvertent;
};

VaccineSets read_sets(Section& section, DefinitionReader& reader, VaccineSets inherited) {
    if (section.has("allowed")) {
        inherited.allowed.clear();
        for (auto& rule : section.sections("allowed"))
            inherited.allowed.push_back(read_allowed(std::move(rule), reader));
    }
    if (section.has("inadvertent"))
        inherited.inadvertent = section.codes("inadvertent", is_vaccine);
    return inherited;
}

TargetDose read_dose(Section section, DefinitionReader& reader, std::size_t target,
                     const VaccineSets& of_series) {
    section.only({"ages", "intervals", "allowed", "inadvertent", "skip_dose", "skip_next"});
    TargetDose dose;
    for (auto& age : section.sections("ages"))
        dose.ages.push_back(read_age(std::move(age), reader, target));
    if (target == 0 && dose.ages.empty()) section.refuse("ages", msg("rules.no_age"));
    refuse_overlap(section, dose.ages);
    refuse_gap(section, dose.ages);
    for (auto& interval : section.sections("intervals"))
        dose.intervals.push_back(read_interval(std::move(interval), reader, target));
    if (target > 0 && dose.intervals.empty()) section.refuse("intervals", msg("rules.no_interval"));
    if (target > 0 &&
        std::none_of(dose.intervals.begin(), dose.intervals.end(),
                     [](const IntervalRule& rule) { return rule.window.minimum.has_value(); }))
        section.refuse("intervals", msg("rules.no_shortest_interval"));
    auto sets = read_sets(section, reader, of_series);
    if (sets.allowed.empty()) section.refuse("allowed", msg("rules.no_vaccine"));
    dose.vaccines = std::move(sets.allowed);
    dose.inadvertent = std::move(sets.inadvertent);
    for (auto& skip : section.sections("skip_dose"))
        dose.skip_dose.push_back(read_skip(std::move(skip), reader));
    for (auto& skip : section.sections("skip_next"))
        dose.skip_next.push_back(read_skip(std::move(skip), reader));
    return dose;
}

Indication read_indication(Section section, DefinitionReader& reader) {
    section.only({"flags", "from_age", "until_age"});
    Indication indication;
    indication.flags = read_flags(section);
    indication.from_age = reader.period(section, "from_age");
    indication.until_age = reader.period(section, "until_age");
    refuse_empty_ages(section, "until_age", indication.from_age, indication.until_age);
    return indication;
}

LeftOpen read_left_open(Section section, DefinitionReader& reader,
                        std::vector<std::string>& taken) {
    section.only({"id", "doses", "sexes", "from_age", "text"});
    LeftOpen rule;
    rule.id = read_id(section, taken);
    rule.doses = section.count("doses", count_max);
    rule.sexes = read_sexes(section);
    rule.from_age = reader.period(section, "from_age");
    rule.text = read_languages(section.section("text"));
    return rule;
}

void read_choice(Section& section, DefinitionReader& reader, Series& series) {
    series.group = section.text("group");
    if (!is_id(series.group)) section.refuse("group", msg("rules.protocol_id_shape"));
    if (section.has("equivalent_groups"))
        series.equivalent_groups =
            section.codes("equivalent_groups", [](std::string_view) { return true; });
    series.is_risk = section.optional_truth("risk").value_or(false);
    series.is_default = section.optional_truth("default").value_or(false);
    series.preference = section.optional_count("preference", count_max).value_or(0);
    series.min_age_to_start = reader.period(section, "min_age_to_start");
    series.max_age_to_start = reader.period(section, "max_age_to_start");
    refuse_empty_ages(section, "max_age_to_start", series.min_age_to_start,
                      series.max_age_to_start);
    for (auto& indication : section.sections("indications"))
        series.indications.push_back(read_indication(std::move(indication), reader));
    if (series.is_risk && series.indications.empty())
        section.refuse("indications", msg("rules.risk_needs_indication"));
    if (!series.is_risk && !series.indications.empty())
        section.refuse("indications", msg("rules.only_for_risk"));
    if (series.is_risk && series.is_default)
        section.refuse("default", msg("rules.risk_is_no_default"));
}

Series read_series(Section section, DefinitionReader& reader, const VaccineSets& of_file,
                   std::vector<std::string>& taken) {
    section.only({"id", "title", "sexes", "group", "equivalent_groups", "risk", "default",
                  "preference", "min_age_to_start", "max_age_to_start", "indications", "left_open",
                  "allowed", "inadvertent", "doses"});
    Series series;
    series.id = read_id(section, taken);
    series.title = read_languages(section.section("title"));
    series.sexes = read_sexes(section);
    read_choice(section, reader, series);
    std::vector<std::string> rules;
    for (auto& rule : section.sections("left_open"))
        series.left_open.push_back(read_left_open(std::move(rule), reader, rules));
    const auto sets = read_sets(section, reader, of_file);
    for (auto& dose : section.sections("doses"))
        series.doses.push_back(read_dose(std::move(dose), reader, series.doses.size(), sets));
    if (series.doses.empty() || series.doses.size() > count_max)
        section.refuse("doses", msg("rules.no_dose"));
    for (std::size_t i = 0; i < series.left_open.size(); ++i) {
        if (series.left_open[i].doses >= static_cast<int>(series.doses.size()))
            section.refuse("left_open[" + std::to_string(i) + "].doses",
                           msg("rules.open_after_last"));
    }
    return series;
}

/// Every group that somebody may be in must have an answer for those without a dose.
void refuse_missing_default(Section& file, const std::vector<Series>& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& one = all[i];
        const auto path = "series[" + std::to_string(i) + "]";
        for (std::size_t j = 0; j < one.equivalent_groups.size(); ++j) {
            if (std::none_of(all.begin(), all.end(), [&](const Series& other) {
                    return other.group == one.equivalent_groups[j];
                }))
                file.refuse(path + ".equivalent_groups[" + std::to_string(j) + "]",
                            msg("rules.unknown_group"));
        }
        if (!one.is_risk && std::none_of(all.begin(), all.end(), [&](const Series& other) {
                return other.group == one.group && other.is_default;
            }))
            file.refuse(path + ".default", msg("rules.group_needs_default"));
    }
}

void read_manner(Section& file, Schedule& schedule) {
    const auto missing_day = file.text("missing_day");
    if (missing_day == "clamp")
        schedule.missing_day = MissingDay::clamp;
    else if (missing_day != "roll")
        file.refuse("missing_day", msg("definition.unknown_code"));
    const auto overdue = file.text("overdue");
    if (overdue == "on_latest")
        schedule.overdue_shift_days = 0;
    else if (overdue != "day_before_latest")
        file.refuse("overdue", msg("definition.unknown_code"));
    const auto counts = file.text("counts");
    if (counts == "recorded")
        schedule.counts_recorded = true;
    else if (counts != "valid")
        file.refuse("counts", msg("definition.unknown_code"));
}

void read_remarks(Section& file, DefinitionReader& reader, Schedule& schedule) {
    std::vector<std::string> taken;
    for (auto& section : file.sections("contraindications")) {
        section.only({"id", "flags", "clinician_decides", "text"});
        Contraindication rule;
        rule.id = read_id(section, taken);
        rule.flags = read_flags(section);
        rule.clinician_decides = section.optional_truth("clinician_decides").value_or(false);
        rule.text = read_languages(section.section("text"));
        schedule.contraindications.push_back(std::move(rule));
    }
    taken.clear();
    for (auto& section : file.sections("guidance")) {
        section.only({"id", "from_age", "until_age", "begun_from_age", "text"});
        Guidance remark;
        remark.id = read_id(section, taken);
        remark.from_age = reader.period(section, "from_age");
        remark.until_age = reader.period(section, "until_age");
        refuse_empty_ages(section, "until_age", remark.from_age, remark.until_age);
        remark.begun_from_age = reader.period(section, "begun_from_age");
        remark.text = read_languages(section.section("text"));
        schedule.guidance.push_back(std::move(remark));
    }
}

}  // namespace

Schedule read_schedule(Section& file, DefinitionReader& reader) {
    Schedule schedule;
    read_manner(file, schedule);
    schedule.vaccines = file.codes("vaccines", is_vaccine);
    VaccineSets sets;
    for (auto& rule : file.sections("allowed"))
        sets.allowed.push_back(read_allowed(std::move(rule), reader));
    std::vector<std::string> taken;
    for (auto& section : file.sections("series"))
        schedule.series.push_back(read_series(std::move(section), reader, sets, taken));
    if (schedule.series.empty()) file.refuse("series", msg("rules.no_series_defined"));
    refuse_missing_default(file, schedule.series);
    read_remarks(file, reader, schedule);
    return schedule;
}

}  // namespace egret::rules::detail
