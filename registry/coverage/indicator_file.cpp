#include "registry/coverage/indicator_file.h"

#include "registry/coverage/case_file.h"
#include "registry/domain/flag_code.h"
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
constexpr int nth_max = 9;

std::optional<CountedEvent> find_counted_event(std::string_view text) {
    if (text == "dose") return CountedEvent::dose;
    if (text == "hpv_test") return CountedEvent::hpv_test;
    if (text == "cytology") return CountedEvent::cytology;
    if (text == "via") return CountedEvent::via;
    if (text == "breast_ultrasound") return CountedEvent::breast_ultrasound;
    if (text == "mammogram") return CountedEvent::mammogram;
    return std::nullopt;
}

bool is_result_of(CountedEvent event, std::string_view code) {
    switch (event) {
        case CountedEvent::dose: return false;
        case CountedEvent::hpv_test: return find_code<HpvResult>(code).has_value();
        case CountedEvent::cytology: return find_code<CytologyResult>(code).has_value();
        case CountedEvent::via: return find_code<ViaResult>(code).has_value();
        case CountedEvent::breast_ultrasound:
        case CountedEvent::mammogram: return find_code<BiRads>(code).has_value();
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

// That something lasts to the end of its calendar year is a word; all other times are periods.
constexpr std::string_view calendar_year = "calendar_year";

void read_lasts(Section& section, CountingRule& rule) {
    // How long it lasts must be said: `null` is for ever.
    if (!section.has("lasts")) section.refuse("lasts", msg("indicator.expects_period"));
    const auto* lasts = section.find("lasts");
    if (!lasts) return;
    if (lasts->is_text() && lasts->as_text() == calendar_year) {
        rule.lasts_calendar_year = true;
    } else {
        rule.lasts = read_period(section.section("lasts"));
    }
}

SeriesRule read_series(Section section) {
    section.only({"protocol", "reaches"});
    SeriesRule series;
    series.protocol = section.text("protocol");
    const auto reaches = section.text("reaches");
    if (reaches != "first" && reaches != "complete")
        section.refuse("reaches", msg("definition.unknown_code"));
    series.reach = reaches == "first" ? Reach::first : Reach::complete;
    return series;
}

AfterFirst read_after_first(Section section) {
    section.only({"from", "to"});
    AfterFirst window{read_period(section.section("from")), read_period(section.section("to"))};
    // From any day of the year on.
    const auto day = Date::from_ymd(2001, 1, 1);
    if (plus(day, window.to) < plus(day, window.from))
        section.refuse("to", msg("indicator.empty_window"));
    return window;
}

void read_dose_members(Section& section, CountingRule& rule) {
    for (const auto* name : {"substandard", "round", "after_first", "series"}) {
        if (section.has(name) && rule.event != CountedEvent::dose)
            section.refuse(name, msg("indicator.only_for_doses"));
    }
    // A protocol says itself which doses count.
    for (const auto* name : {"substandard", "nth", "first_before_age", "round", "after_first"}) {
        if (section.has(name) && section.has("series"))
            section.refuse(name, msg("indicator.not_with_series"));
    }
    rule.substandard_counts = section.optional_truth("substandard").value_or(true);
    rule.nth = section.optional_count("nth", nth_max);
    if (rule.nth == 0) section.refuse("nth", msg("definition.expects_count"));
    rule.first_before_age = section.optional_count("first_before_age", age_max);
    rule.round = section.optional_text("round").value_or("");
    if (section.has("after_first"))
        rule.after_first = read_after_first(section.section("after_first"));
    if (section.has("series")) rule.series = read_series(section.section("series"));
}

CountingRule read_rule(Section section) {
    section.only({"event", "before_age", "lasts", "longer_ago_than", "substandard", "nth",
                  "first_before_age", "round", "after_first", "series", "results",
                  "results_except"});
    CountingRule rule;
    const auto event = find_counted_event(section.text("event"));
    if (!event) {
        section.refuse("event", msg("indicator.unknown_event"));
        return rule;
    }
    rule.event = *event;
    rule.before_age = section.optional_count("before_age", age_max);
    read_lasts(section, rule);
    if (section.has("longer_ago_than"))
        rule.longer_ago_than = read_period(section.section("longer_ago_than"));
    read_dose_members(section, rule);
    const auto is_code = [&](std::string_view code) { return is_result_of(rule.event, code); };
    if (section.has("results")) rule.results = section.codes("results", is_code);
    if (section.has("results_except"))
        rule.results_except = section.codes("results_except", is_code);
    return rule;
}

std::vector<CountingRule> read_rules(Section& section, std::string_view name) {
    std::vector<CountingRule> rules;
    const auto* list = section.find(name);
    if (!list || !list->is_array() || list->as_array().empty()) {
        section.refuse(name, msg("indicator.expects_rules"));
        return rules;
    }
    for (auto& rule : section.sections(name)) rules.push_back(read_rule(std::move(rule)));
    return rules;
}

AgeRange read_ages(Section section) {
    section.only({"from", "to"});
    const auto from = section.count("from", age_max);
    const AgeRange ages{from, section.count("to", age_max)};
    if (ages.to < ages.from) section.refuse("to", msg("indicator.empty_range"));
    return ages;
}

std::optional<Date> read_day(Section& section, std::string_view name) {
    const auto text = section.optional_text(name);
    if (!text) return std::nullopt;
    const auto day = Date::parse(*text);
    if (!day) {
        section.refuse(name, day.error().message);
        return std::nullopt;
    }
    return *day;
}

BirthRange read_born(Section section) {
    section.only({"from", "to"});
    const BirthRange born{read_day(section, "from"), read_day(section, "to")};
    if (!born.from && !born.to) section.refuse("", msg("indicator.no_birth_day"));
    if (born.from && born.to && *born.to < *born.from)
        section.refuse("to", msg("indicator.born_backwards"));
    return born;
}

/// The same for all that is counted: its words, and who belongs on the day.
void read_population(Section& section, Indicator& indicator) {
    indicator.denominator_text = read_languages(section.section("text"));
    auto& population = indicator.population;
    if (section.has("sex")) {
        const auto codes = section.codes(
            "sex", [](std::string_view text) { return find_code<Sex>(text).has_value(); });
        for (const auto& code : codes) population.sexes.push_back(*find_code<Sex>(code));
    }
    if (section.has("age")) population.age = read_ages(section.section("age"));
    if (section.has("born")) population.born = read_born(section.section("born"));
    population.flag = section.optional_text("flag").value_or("");
    if (!population.flag.empty() && !is_flag_code(population.flag))
        section.refuse("flag", msg("definition.unknown_code"));
}

void read_denominator(Section section, Indicator& indicator) {
    section.only({"text", "sex", "cervix", "age", "age_reached_in_year", "born", "flag", "any_of"});
    read_population(section, indicator);
    auto& population = indicator.population;
    population.needs_cervix = section.optional_truth("cervix").value_or(false);
    if (section.has("age_reached_in_year"))
        population.age_reached_in_year = read_ages(section.section("age_reached_in_year"));
    if (section.has("any_of")) population.any_of = read_rules(section, "any_of");
}

void read_numerator(Section section, Indicator& indicator) {
    section.only({"text", "any_of", "none_of"});
    indicator.numerator_text = read_languages(section.section("text"));
    if (!section.has("none_of")) {
        indicator.any_of = read_rules(section, "any_of");
    } else if (section.has("any_of")) {
        section.refuse("none_of", msg("indicator.any_or_none"));
    } else {
        indicator.none_of = read_rules(section, "none_of");
    }
}

/// What the file says of doses must be what its rules do: a reader of the first line relies on it.
void read_doses(Section& file, Indicator& indicator) {
    bool has_dose = false;
    bool has_plain = false;
    for (const auto* rules : {&indicator.any_of, &indicator.none_of}) {
        for (const auto& rule : *rules) {
            if (rule.event != CountedEvent::dose) continue;
            has_dose = true;
            has_plain = has_plain || !rule.series;
        }
    }
    const auto said = file.optional_text("doses");
    if (!has_dose && !said) return;
    if (!has_dose) return file.refuse("doses", msg("indicator.no_doses_counted"));
    if (!said || (*said != "any" && *said != "valid"))
        return file.refuse("doses", msg("indicator.expects_doses"));
    indicator.doses = *said == "any" ? DosesCounted::any : DosesCounted::valid;
    const bool names_protocol = !protocols_of(indicator).empty();
    if (*said == "any" ? names_protocol : has_plain)
        file.refuse("doses", msg("indicator.other_doses_counted"));
}

bool is_indicator_id(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

/// What every definition says of itself.
template <class Definition>
void read_words(Section& file, Definition& indicator) {
    indicator.id = file.text("id");
    if (!is_indicator_id(indicator.id)) file.refuse("id", msg("indicator.id_shape"));
    indicator.version = file.text("version");
    indicator.title = read_languages(file.section("title"));
    indicator.description = read_languages(file.section("description"));
    indicator.source = read_languages(file.section("source"));
}

void read_dates(Section& file) {
    // The only choice so far; it is written down so that another can be added.
    if (file.text("imprecise_dates") != "earliest")
        file.refuse("imprecise_dates", msg("definition.unknown_code"));
}

/// A definition without "counts".
void read_women(Section& file, Indicator& indicator) {
    file.only({"id", "version", "title", "description", "source", "imprecise_dates", "doses",
               "denominator", "numerator"});
    read_words(file, indicator);
    read_dates(file);
    read_denominator(file.section("denominator"), indicator);
    read_numerator(file.section("numerator"), indicator);
    read_doses(file, indicator);
}

/// A definition with "counts".
void read_cases(Section& file, Indicator& indicator) {
    file.only({"id", "version", "title", "description", "source", "imprecise_dates", "counts",
               "denominator", "numerator", "time", "unit", "per", "target", "reference",
               "documented_by"});
    read_words(file, indicator);
    read_dates(file);
    const auto counts = file.text("counts");
    if (counts != "cases" && counts != "times")
        file.refuse("counts", msg("definition.unknown_code"));
    indicator.counts = counts == "times" ? Counts::times : Counts::cases;
    auto denominator = file.section("denominator");
    denominator.only({"text", "sex", "age", "born", "flag", "case"});
    read_population(denominator, indicator);
    read_case_definition(file, denominator, indicator);
}

}  // namespace

Result<Indicator> parse_indicator(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) return document.error();
    std::optional<Error> error;
    Section file(&*document, "", error);
    Indicator indicator;
    if (file.has("counts")) {
        read_cases(file, indicator);
    } else {
        read_women(file, indicator);
    }
    if (error) return *std::move(error);
    return indicator;
}

Result<StockIndicator> parse_stock_indicator(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) return document.error();
    std::optional<Error> error;
    Section file(&*document, "", error);
    file.only({"id", "version", "title", "description", "source", "kind", "measure", "denominator",
               "numerator"});
    StockIndicator indicator;
    read_words(file, indicator);
    if (file.text("kind") != "stock") file.refuse("kind", msg("definition.unknown_code"));
    const auto measure = find_code<StockMeasure>(file.text("measure"));
    if (!measure) file.refuse("measure", msg("definition.unknown_code"));
    indicator.measure = measure.value_or(StockMeasure::closed_vial_wastage);
    indicator.denominator_text = read_languages(file.section("denominator"));
    indicator.numerator_text = read_languages(file.section("numerator"));
    if (error) return *std::move(error);
    return indicator;
}

}  // namespace egret::coverage
