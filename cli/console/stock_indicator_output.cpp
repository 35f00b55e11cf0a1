#include "cli/console/stock_indicator_output.h"

#include "cli/console/catalog.h"
#include "registry/json/dump.h"

#include <ostream>

namespace egret::console {
namespace {

std::string words_in(const BothLanguages& texts, Language language) {
    return language == Language::zh ? texts.zh : texts.en;
}

json::Value words_json(const BothLanguages& texts) {
    return json::Object{{"zh", texts.zh}, {"en", texts.en}};
}

}  // namespace

std::vector<std::string> stock_indicator_row(const coverage::StockIndicator& indicator,
                                             Language language) {
    return {indicator.id, indicator.version, text("coverage.kind.stock", language), "",
            words_in(indicator.title, language)};
}

json::Object stock_indicator_item(const coverage::StockIndicator& indicator) {
    return {{"id", indicator.id},
            {"version", indicator.version},
            {"kind", "stock"},
            {"doses", nullptr},
            {"title", words_json(indicator.title)}};
}

void print_stock_indicator(const coverage::StockIndicator& indicator, const Terminal& terminal) {
    const auto language = terminal.language;
    if (terminal.json) {
        auto shown = stock_indicator_item(indicator);
        shown.append("measure", to_string(indicator.measure));
        shown.append("description", words_json(indicator.description));
        shown.append("denominator", words_json(indicator.denominator_text));
        shown.append("numerator", words_json(indicator.numerator_text));
        shown.append("source", words_json(indicator.source));
        terminal.out << json::dump(std::move(shown)) << '\n';
        return;
    }
    const auto say = [&](const Message& message) {
        terminal.out << text(message, language) << '\n';
    };
    terminal.out << indicator.id << " " << indicator.version << "\n"
                 << words_in(indicator.title, language) << "\n\n"
                 << words_in(indicator.description, language) << "\n\n";
    say(msg("coverage.footer.denominator",
            {{"who", words_in(indicator.denominator_text, language)}}));
    say(msg("coverage.footer.stock_numerator",
            {{"what", words_in(indicator.numerator_text, language)}}));
    say(msg("coverage.footer.stock_command"));
    terminal.out << '\n' << words_in(indicator.source, language) << '\n';
}

}  // namespace egret::console
