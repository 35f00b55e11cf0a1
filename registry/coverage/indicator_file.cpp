#include "registry/coverage/indicator_file.h"

#include "registry/domain/result_codes.h"
#include "registry/json/parse.h"
#include "registry/json/section.h"
#include "registry/json/value.h"

#include <algorithm>
#include <utility>

namespace egret::coverage {
namespace {

using json::Section;

BothLanguages read_languages(Section section) {
    section.only({"zh", "en"});
    auto zh = section.text("zh");
    return {std::move(zh), section.text("en")};
}

constexpr int age_max = 150;

Population read_population(Section section) {
    section.only({"sex", "cervix", "age"});
    Population population;
    if (section.has("sex")) {
        const auto codes = section.codes(
            "sex", [](std::string_view text) { return find_code<Sex>(text).has_value(); });
        for (const auto& code : codes) population.sexes.push_back(*find_code<Sex>(code));
    }
    population.needs_cervix = section.optional_truth("cervix").value_or(false);
    if (section.has("age")) {
        auto age = section.section("age");
        age.only({"from", "to"});
        const auto from = age.count("from", age_max);
        population.age = AgeRange{from, age.count("to", age_max)};
        if (population.age->to < population.age->from)
            age.refuse("to", msg("indicator.empty_range"));
    }
    return population;
}

std::optional<CountedEvent> find_counted_event(std::string_view text) {
    if (text == "dose") return CountedEvent::dose;
    if (text == "hpv_test") return CountedEvent::hpv_test;
    if (text == "cytology") return CountedEvent::cytology;
    if (text == "via") return CountedEvent::via;
    return std::nullopt;
}

bool is_result_of(CountedEvent event, std::string_view code) {
    switch (event) {
        case CountedEvent::dose: return false;
        case CountedEvent::hpv_test: return find_code<HpvResult>(code).has_value();
        case CountedEvent::cytology: return find_code<CytologyResult>(code).has_value();
        case CountedEvent::via: return find_code<ViaResult>(code).has_value();
    }
    return false;
}

Period read_period(Section section) {
    section.only({"years", "months"});
    Period period;
    period.years = section.optional_count("years", age_max).value_or(0);
    period.months = section.optional_count("months", 12 * age_max).value_or(0);
    if (period == Period{}) section.refuse("", msg("indicator.empty_period"));
    return period;
}

CountingRule read_rule(Section section) {
    section.only({"event", "before_age", "lasts", "substandard", "results", "results_except"});
    CountingRule rule;
    const auto event = find_counted_event(section.text("event"));
    if (!event) {
        section.refuse("event", msg("indicator.unknown_event"));
        return rule;
    }
    rule.event = *event;
    rule.before_age = section.optional_count("before_age", age_max);
    // How long it lasts must be said: `null` is for ever.
    if (!section.has("lasts")) section.refuse("lasts", msg("indicator.expects_period"));
    if (section.find("lasts")) rule.lasts = read_period(section.section("lasts"));
    if (section.has("substandard") && rule.event != CountedEvent::dose)
        section.refuse("substandard", msg("indicator.only_for_doses"));
    rule.substandard_counts = section.optional_truth("substandard").value_or(true);
    const auto is_code = [&](std::string_view code) { return is_result_of(rule.event, code); };
    if (section.has("results")) rule.results = section.codes("results", is_code);
    if (section.has("results_except"))
        rule.results_except = section.codes("results_except", is_code);
    return rule;
}

std::vector<CountingRule> read_rules(Section section) {
    section.only({"any_of"});
    std::vector<CountingRule> rules;
    const auto* any_of = section.find("any_of");
    if (!any_of || !any_of->is_array() || any_of->as_array().empty()) {
        section.refuse("any_of", msg("indicator.expects_rules"));
        return rules;
    }
    for (auto& rule : section.sections("any_of")) rules.push_back(read_rule(std::move(rule)));
    return rules;
}

bool is_indicator_id(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

}  // namespace

Result<Indicator> parse_indicator(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) return document.error();
    std::optional<Error> error;
    Section file(&*document, "", error);
    file.only({"id", "version", "title", "description", "source", "imprecise_dates", "denominator",
               "numerator"});
    Indicator indicator;
    indicator.id = file.text("id");
    if (!is_indicator_id(indicator.id)) file.refuse("id", msg("indicator.id_shape"));
    indicator.version = file.text("version");
    indicator.title = read_languages(file.section("title"));
    indicator.description = read_languages(file.section("description"));
    indicator.source = read_languages(file.section("source"));
    // The only choice so far; it is written down so that another can be added.
    if (file.text("imprecise_dates") != "earliest")
        file.refuse("imprecise_dates", msg("definition.unknown_code"));
    indicator.population = read_population(file.section("denominator"));
    indicator.any_of = read_rules(file.section("numerator"));
    if (error) return *std::move(error);
    return indicator;
}

}  // namespace egret::coverage
