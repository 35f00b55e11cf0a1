#include "registry/rules/detail/eligibility_file.h"

#include <algorithm>
#include <utility>

namespace egret::rules::detail {
namespace {

using json::Section;

constexpr int dose_number_max = 9;

std::optional<ResidenceBasis> find_basis(std::string_view code) {
    if (code == "school_enrolment") return ResidenceBasis::school_enrolment;
    if (code == "household_registration") return ResidenceBasis::household_registration;
    if (code == "residence") return ResidenceBasis::residence;
    return std::nullopt;
}

DoseWindow read_dose_window(Section section, DefinitionReader& reader, const Round& round,
                            std::size_t doses) {
    section.only({"dose", "from", "to"});
    DoseWindow window;
    window.dose_number = section.count("dose", dose_number_max);
    if (window.dose_number == 0 || static_cast<std::size_t>(window.dose_number) > doses)
        section.refuse("dose", msg("rules.window_without_dose"));
    if (std::any_of(round.windows.begin(), round.windows.end(), [&](const DoseWindow& other) {
            return other.dose_number == window.dose_number;
        }))
        section.refuse("dose", msg("definition.twice"));
    const auto days = reader.in_force(section);
    if (!days.from) section.refuse("from", msg("rules.expects_day"));
    if (!days.to) section.refuse("to", msg("rules.expects_day"));
    window.from = days.from.value_or(Date{});
    window.to = days.to.value_or(Date{});
    return window;
}

Round read_round(Section section, DefinitionReader& reader, std::vector<std::string>& taken,
                 std::size_t doses) {
    section.only({"id", "title", "area", "basis", "sexes", "born_from", "born_to", "from_age",
                  "until_age", "from", "to", "no_earlier_dose", "windows", "source"});
    Round round;
    round.id = read_id(section, taken);
    round.title = read_languages(section.section("title"));
    round.area = read_area(section);
    if (section.has("basis")) {
        const auto codes = section.codes(
            "basis", [](std::string_view code) { return find_basis(code).has_value(); });
        for (const auto& code : codes) round.basis.push_back(*find_basis(code));
        if (round.area.empty()) section.refuse("area", msg("rules.basis_needs_area"));
    }
    round.sexes = read_sexes(section);
    round.born_from = reader.date(section, "born_from");
    round.born_to = reader.date(section, "born_to");
    if (round.born_from && round.born_to && *round.born_to < *round.born_from)
        section.refuse("born_to", msg("rules.ends_before_it_begins"));
    round.from_age = reader.period(section, "from_age");
    round.until_age = reader.period(section, "until_age");
    refuse_empty_ages(section, "until_age", round.from_age, round.until_age);
    round.open = reader.in_force(section);
    round.needs_no_earlier_dose = section.optional_truth("no_earlier_dose").value_or(false);
    for (auto& window : section.sections("windows"))
        round.windows.push_back(read_dose_window(std::move(window), reader, round, doses));
    round.source = section.text("source");
    return round;
}

}  // namespace

Eligibility read_eligibility(Section section, DefinitionReader& reader, const Schedule& schedule) {
    std::size_t doses = 0;
    for (const auto& series : schedule.series) doses = std::max(doses, series.doses.size());
    section.only({"rounds"});
    Eligibility eligibility;
    std::vector<std::string> taken;
    for (auto& round : section.sections("rounds"))
        eligibility.rounds.push_back(read_round(std::move(round), reader, taken, doses));
    if (eligibility.rounds.empty()) section.refuse("rounds", msg("rules.no_round"));
    return eligibility;
}

}  // namespace egret::rules::detail
