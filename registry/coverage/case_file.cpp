#include "registry/coverage/case_file.h"

#include <array>
#include <string>
#include <utility>

namespace egret::coverage {
namespace {

using json::Section;

constexpr int span_max = 1000;

constexpr std::array<std::pair<CaseEvent, std::string_view>, 14> case_event_names = {{
    {CaseEvent::hpv_test, "hpv_test"},
    {CaseEvent::cytology, "cytology"},
    {CaseEvent::via, "via"},
    {CaseEvent::gyn_exam, "gyn_exam"},
    {CaseEvent::colposcopy, "colposcopy"},
    {CaseEvent::histology, "histology"},
    {CaseEvent::breast_exam, "breast_exam"},
    {CaseEvent::breast_ultrasound, "breast_ultrasound"},
    {CaseEvent::mammogram, "mammogram"},
    {CaseEvent::diagnosis, "diagnosis"},
    {CaseEvent::treatment, "treatment"},
    {CaseEvent::visit, "visit"},
    {CaseEvent::closing, "closing"},
    {CaseEvent::death, "death"},
}};

std::optional<CaseEvent> find_case_event(std::string_view text) {
    for (const auto& [event, name] : case_event_names) {
        if (name == text) return event;
    }
    return std::nullopt;
}

template <Code E>
CodeSet read_set(Section& section, std::string_view name) {
    CodeSet set;
    if (!section.has(name)) return set;
    for (const auto& code :
         section.codes(name, [](std::string_view text) { return find_code<E>(text).has_value(); }))
        set.add(*find_code<E>(code));
    return set;
}

CodeSet read_results(Section& section, std::string_view name, CaseEvent event) {
    switch (event) {
        case CaseEvent::hpv_test: return read_set<HpvResult>(section, name);
        case CaseEvent::cytology: return read_set<CytologyResult>(section, name);
        case CaseEvent::via: return read_set<ViaResult>(section, name);
        case CaseEvent::gyn_exam:
        case CaseEvent::breast_exam: return read_set<ExamResult>(section, name);
        case CaseEvent::colposcopy: return read_set<ColposcopyImpression>(section, name);
        case CaseEvent::histology: return read_set<HistologyResult>(section, name);
        case CaseEvent::breast_ultrasound:
        case CaseEvent::mammogram: return read_set<BiRads>(section, name);
        case CaseEvent::treatment: return read_set<Procedure>(section, name);
        case CaseEvent::closing: return read_set<ClosingReason>(section, name);
        case CaseEvent::diagnosis:
        case CaseEvent::visit:
        case CaseEvent::death: break;
    }
    if (section.has(name)) section.refuse(name, msg("indicator.has_no_results"));
    return {};
}

/// Members that only some kinds have.
void refuse_strangers(Section& section, CaseEvent event) {
    const auto only_for = [&](std::initializer_list<CaseEvent> events,
                              std::initializer_list<std::string_view> names) {
        for (const auto one : events) {
            if (one == event) return;
        }
        for (const auto name : names) {
            if (section.has(name)) section.refuse(name, msg("indicator.not_of_this_event"));
        }
    };
    only_for({CaseEvent::hpv_test}, {"types", "types_without", "typed"});
    only_for({CaseEvent::histology, CaseEvent::diagnosis, CaseEvent::treatment, CaseEvent::closing},
             {"site"});
    only_for({CaseEvent::diagnosis}, {"codes", "figo", "breast_stage", "found_by"});
}

void read_diagnosis(Section& section, FactRule& rule) {
    if (section.has("codes"))
        rule.codes = section.codes("codes", [](std::string_view code) { return !code.empty(); });
    rule.figo = read_set<FigoStage>(section, "figo");
    rule.breast_stage = read_set<BreastStage>(section, "breast_stage");
    rule.found_by = read_set<FoundBy>(section, "found_by");
}

std::optional<ScreenedSite> read_screened_site(Section& section, std::string_view name) {
    const auto text = section.optional_text(name);
    if (!text) return std::nullopt;
    const auto site = find_code<ScreenedSite>(*text);
    if (!site) section.refuse(name, msg("definition.unknown_code"));
    return site;
}

/// The members of `section` that say what is asked of a fact; `only()` is the caller's.
FactRule read_fact(Section& section) {
    FactRule rule;
    const auto event = find_case_event(section.text("event"));
    if (!event) {
        section.refuse("event", msg("indicator.unknown_case_event"));
        return rule;
    }
    rule.event = *event;
    refuse_strangers(section, rule.event);
    rule.results = read_results(section, "results", rule.event);
    rule.results_except = read_results(section, "results_except", rule.event);
    rule.without = read_results(section, "without", rule.event);
    rule.types = read_set<HpvType>(section, "types");
    rule.types_without = read_set<HpvType>(section, "types_without");
    rule.typed = section.optional_truth("typed");
    rule.site = read_screened_site(section, "site");
    read_diagnosis(section, rule);
    rule.told_counts = section.optional_truth("told").value_or(true);
    rule.has_report = section.optional_truth("has_report").value_or(false);
    if (section.has("reported_within"))
        rule.reported_within = read_span(section.section("reported_within"));
    return rule;
}

void read_within(Section& section, TimedRule& rule) {
    const auto* within = section.find("within");
    if (!within) {
        // How long after must be said: `null` is for ever.
        if (!section.has("within")) section.refuse("within", msg("indicator.expects_within"));
    } else if (within->is_text() && within->as_text() == "calendar_year") {
        rule.within_calendar_year = true;
    } else {
        rule.within = read_span(section.section("within"));
    }
}

TimedRule read_timed(Section section) {
    section.only({"event", "results", "results_except", "without", "types", "types_without",
                  "typed", "site", "codes", "figo", "breast_stage", "found_by", "told",
                  "has_report", "reported_within", "when", "within", "from", "on_other_day"});
    TimedRule rule;
    rule.fact = read_fact(section);
    const auto when = section.text("when");
    if (when == "same") {
        rule.when = When::same;
        for (const auto* name : {"within", "from", "on_other_day"}) {
            if (section.has(name)) section.refuse(name, msg("indicator.not_of_same"));
        }
        return rule;
    }
    if (when != "after" && when != "before") section.refuse("when", msg("definition.unknown_code"));
    rule.when = when == "before" ? When::before : When::after;
    read_within(section, rule);
    if (section.has("from")) {
        if (rule.when == When::before) section.refuse("from", msg("indicator.from_only_after"));
        rule.from = read_span(section.section("from"));
    }
    rule.on_other_day = section.optional_truth("on_other_day").value_or(false);
    return rule;
}

std::vector<TimedRule> read_timed_rules(Section& section, std::string_view name) {
    std::vector<TimedRule> rules;
    for (auto& rule : section.sections(name)) rules.push_back(read_timed(std::move(rule)));
    if (rules.empty()) section.refuse(name, msg("indicator.expects_rules"));
    return rules;
}

/// `any_of` is one group; each of `all_of` is another.
Conditions read_conditions(Section& section) {
    Conditions conditions;
    if (section.has("any_of")) conditions.all_of.push_back(read_timed_rules(section, "any_of"));
    for (auto& group : section.sections("all_of")) {
        group.only({"any_of"});
        conditions.all_of.push_back(read_timed_rules(group, "any_of"));
    }
    if (section.has("none_of")) conditions.none_of = read_timed_rules(section, "none_of");
    return conditions;
}

CaseRule read_case(Section section) {
    section.only({"any_of", "each", "with"});
    CaseRule rule;
    for (auto& fact : section.sections("any_of")) {
        fact.only({"event", "results", "results_except", "without", "types", "types_without",
                   "typed", "site", "codes", "figo", "breast_stage", "found_by", "told",
                   "has_report", "reported_within"});
        rule.any_of.push_back(read_fact(fact));
        if (rule.any_of.back().event == CaseEvent::death)
            fact.refuse("event", msg("indicator.death_is_no_case"));
    }
    if (rule.any_of.empty()) section.refuse("any_of", msg("indicator.expects_rules"));
    const auto each = section.text("each");
    if (each == "calendar_year") {
        rule.each = CaseEach::calendar_year;
    } else if (each == "life") {
        rule.each = CaseEach::life;
    } else if (each != "fact") {
        section.refuse("each", msg("definition.unknown_code"));
    }
    if (section.has("with")) {
        auto with = section.section("with");
        with.only({"any_of", "all_of", "none_of"});
        rule.with = read_conditions(with);
    }
    return rule;
}

void read_counted(Section section, Indicator& indicator) {
    section.only({"text", "case", "any_of", "all_of", "none_of"});
    auto& definition = *indicator.cases;
    auto text = section.section("text");
    text.only({"zh", "en"});
    indicator.numerator_text.zh = text.text("zh");
    indicator.numerator_text.en = text.text("en");
    definition.counts_if = read_conditions(section);
    if (section.has("case")) {
        if (!definition.counts_if.empty()) section.refuse("case", msg("indicator.case_or_rules"));
        definition.compared = read_case(section.section("case"));
    } else if (definition.counts_if.empty()) {
        section.refuse("any_of", msg("indicator.expects_rules"));
    }
}

void read_time(Section section, Indicator& indicator) {
    section.only({"text", "since", "until"});
    auto text = section.section("text");
    text.only({"zh", "en"});
    indicator.numerator_text.zh = text.text("zh");
    indicator.numerator_text.en = text.text("en");
    TimeRule time;
    const auto since = section.text("since");
    if (since == "birth") {
        time.since = TimeSince::birth;
    } else if (since != "case") {
        section.refuse("since", msg("definition.unknown_code"));
    }
    if (section.has("until") || time.since == TimeSince::case_day) {
        time.until = read_timed_rules(section, "until");
        for (const auto& rule : time.until) {
            if (rule.when != When::after) section.refuse("until", msg("indicator.until_is_after"));
        }
    }
    indicator.cases->time = std::move(time);
}

std::optional<int> read_tenths(Section& section, std::string_view name) {
    const auto text = section.optional_text(name);
    if (!text) return std::nullopt;
    int tenths = 0;
    std::size_t at = 0;
    const auto digit_at = [&](std::size_t i) {
        return i < text->size() && (*text)[i] >= '0' && (*text)[i] <= '9';
    };
    for (; digit_at(at) && at < 6; ++at) tenths = tenths * 10 + ((*text)[at] - '0');
    bool is_sound = at > 0;
    tenths *= 10;
    if (at < text->size()) {
        is_sound = is_sound && (*text)[at] == '.' && digit_at(at + 1) && at + 2 == text->size();
        if (is_sound) tenths += (*text)[at + 1] - '0';
    }
    if (!is_sound) section.refuse(name, msg("indicator.expects_decimal"));
    return tenths;
}

}  // namespace

Period read_span(Section section) {
    section.only({"years", "months", "days"});
    Period period;
    period.years = section.optional_count("years", span_max).value_or(0);
    period.months = section.optional_count("months", span_max).value_or(0);
    period.days = section.optional_count("days", span_max).value_or(0);
    if (period == Period{}) section.refuse("", msg("indicator.empty_span"));
    return period;
}

Bounds read_bounds(Section section) {
    section.only({"from", "to"});
    const Bounds bounds{read_tenths(section, "from"), read_tenths(section, "to")};
    if (!bounds.from_tenths && !bounds.to_tenths)
        section.refuse("", msg("indicator.expects_bound"));
    if (bounds.from_tenths && bounds.to_tenths && *bounds.to_tenths < *bounds.from_tenths)
        section.refuse("to", msg("indicator.empty_bounds"));
    return bounds;
}

void read_case_definition(Section& file, Section& denominator, Indicator& indicator) {
    indicator.cases.emplace();
    indicator.cases->cases = read_case(denominator.section("case"));
    const bool is_times = indicator.counts == Counts::times;
    for (const auto* name : {"numerator", "per", "target", "reference", "documented_by"}) {
        if (is_times && file.has(name)) file.refuse(name, msg("indicator.not_of_times"));
    }
    for (const auto* name : {"time", "unit"}) {
        if (!is_times && file.has(name)) file.refuse(name, msg("indicator.only_of_times"));
    }
    if (is_times) {
        read_time(file.section("time"), indicator);
        const auto unit = file.text("unit");
        if (unit != "days" && unit != "years") file.refuse("unit", msg("definition.unknown_code"));
        indicator.unit = unit == "years" ? TimeUnit::years : TimeUnit::days;
        return;
    }
    read_counted(file.section("numerator"), indicator);
    indicator.per = file.optional_count("per", 100'000).value_or(100);
    if (indicator.per != 1 && indicator.per != 100 && indicator.per != 100'000)
        file.refuse("per", msg("indicator.expects_per"));
    if (file.has("target")) indicator.target = read_bounds(file.section("target"));
    if (file.has("reference")) indicator.reference = read_bounds(file.section("reference"));
    indicator.cases->documented_by = read_screened_site(file, "documented_by");
    if (indicator.cases->documented_by && indicator.cases->compared)
        file.refuse("documented_by", msg("indicator.not_of_compared"));
}

}  // namespace egret::coverage
