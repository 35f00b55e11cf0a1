#include "cli/console/indicator_output.h"

#include "cli/console/catalog.h"
#include "cli/console/coverage_figures.h"
#include "cli/console/stock_indicator_output.h"
#include "cli/console/table.h"
#include "registry/json/dump.h"
#include "registry/store/series_days.h"

#include <optional>
#include <ostream>

namespace egret::console {
namespace {

json::Value both_json(const BothLanguages& texts) {
    return json::Object{{"zh", texts.zh}, {"en", texts.en}};
}

std::string doses_text(const coverage::Indicator& indicator, Language language) {
    if (!indicator.doses) return "";
    return text(indicator.doses == coverage::DosesCounted::any ? "coverage.doses.any"
                                                               : "coverage.doses.valid",
                language);
}

std::string_view kind_of(const coverage::Indicator& indicator) {
    switch (indicator.counts) {
        case coverage::Counts::women: return "coverage";
        case coverage::Counts::cases: return "cases";
        case coverage::Counts::times: return "times";
    }
    return "";
}

std::string_view words_of_kind(const coverage::Indicator& indicator) {
    switch (indicator.counts) {
        case coverage::Counts::women: return "coverage.kind.coverage";
        case coverage::Counts::cases: return "coverage.kind.cases";
        case coverage::Counts::times: return "coverage.kind.times";
    }
    return "";
}

std::string_view numerator_words(const coverage::Indicator& indicator) {
    switch (indicator.counts) {
        case coverage::Counts::women: return "coverage.footer.numerator";
        case coverage::Counts::cases:
            return indicator.cases->compared ? "coverage.footer.compared"
                                             : "coverage.footer.cases_counted";
        case coverage::Counts::times: return "coverage.footer.time";
    }
    return "";
}

}  // namespace

std::string in_language(const BothLanguages& texts, Language language) {
    return language == Language::zh ? texts.zh : texts.en;
}

json::Value doses_json(const coverage::Indicator& indicator) {
    if (!indicator.doses) return {};
    return indicator.doses == coverage::DosesCounted::any ? "any" : "valid";
}

json::Value protocols_json(const std::string& protocols) {
    return protocols.empty() ? json::Value() : json::Value(protocols);
}

void print_numbers(const coverage::Indicator& indicator, const Terminal& terminal) {
    const auto say = [&](const Message& message) {
        terminal.out << text(message, terminal.language) << '\n';
    };
    say(msg("coverage.footer.denominator",
            {{"who", in_language(indicator.denominator_text, terminal.language)}}));
    say(Message{std::string(numerator_words(indicator)),
                {{"what", in_language(indicator.numerator_text, terminal.language)}}});
    if (indicator.cases && indicator.cases->documented_by) say(msg("coverage.footer.three"));
    const auto say_bounds = [&](const char* id, const std::optional<coverage::Bounds>& bounds) {
        if (bounds) say(Message{id, {{"bounds", bounds_text(*bounds, indicator.per)}}});
    };
    say_bounds("coverage.footer.target", indicator.target);
    say_bounds("coverage.footer.reference", indicator.reference);
    if (!indicator.doses) return;
    if (indicator.doses == coverage::DosesCounted::any) {
        say(msg("coverage.footer.any_dose"));
    } else {
        say(msg("coverage.footer.valid_doses",
                {{"protocols", store::protocol_versions_of(indicator)}}));
    }
}

void print_indicators(const Terminal& terminal) {
    if (terminal.json) {
        json::Array all;
        for (const auto& indicator : coverage::known_indicators()) {
            all.emplace_back(json::Object{{"id", indicator.id},
                                          {"version", indicator.version},
                                          {"kind", kind_of(indicator)},
                                          {"doses", doses_json(indicator)},
                                          {"title", both_json(indicator.title)}});
        }
        for (const auto& indicator : coverage::known_stock_indicators())
            all.emplace_back(stock_indicator_item(indicator));
        terminal.out << json::dump(std::move(all)) << '\n';
        return;
    }
    Table table({{"id", "coverage.column.indicator"},
                 {"version", "coverage.column.version"},
                 {"kind", "coverage.column.kind"},
                 {"doses", "coverage.column.doses"},
                 {"title", "coverage.column.title"}});
    for (const auto& indicator : coverage::known_indicators()) {
        table.add_row({indicator.id, indicator.version,
                       text(words_of_kind(indicator), terminal.language),
                       doses_text(indicator, terminal.language),
                       in_language(indicator.title, terminal.language)});
    }
    for (const auto& indicator : coverage::known_stock_indicators())
        table.add_row(stock_indicator_row(indicator, terminal.language));
    terminal.out << table.to_text(terminal.language);
}

Result<Done> print_indicator(std::string_view id, const Terminal& terminal) {
    if (const auto* stock = coverage::find_stock_indicator(id)) {
        print_stock_indicator(*stock, terminal);
        return Done{};
    }
    const auto found = coverage::find_indicator(id);
    if (!found) return found.error();
    const auto& indicator = **found;
    if (terminal.json) {
        json::Object shown{
            {"id", indicator.id}, {"version", indicator.version}, {"kind", kind_of(indicator)}};
        shown.append("doses", doses_json(indicator));
        shown.append("protocols", protocols_json(store::protocol_versions_of(indicator)));
        if (indicator.cases) append_measure(shown, indicator);
        shown.append("title", both_json(indicator.title));
        shown.append("description", both_json(indicator.description));
        shown.append("denominator", both_json(indicator.denominator_text));
        shown.append("numerator", both_json(indicator.numerator_text));
        shown.append("source", both_json(indicator.source));
        terminal.out << json::dump(std::move(shown)) << '\n';
        return Done{};
    }
    terminal.out << indicator.id << " " << indicator.version << "\n"
                 << in_language(indicator.title, terminal.language) << "\n\n"
                 << in_language(indicator.description, terminal.language) << "\n\n";
    print_numbers(indicator, terminal);
    terminal.out << '\n' << in_language(indicator.source, terminal.language) << '\n';
    return Done{};
}

}  // namespace egret::console
