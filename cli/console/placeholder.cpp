#include "cli/console/placeholder.h"

#include "cli/console/catalog.h"

#include <algorithm>
#include <iterator>

namespace egret::console {
namespace {

struct PlaceholderWord {
    std::string_view word;
    std::string_view id;
};

constexpr PlaceholderWord placeholder_words[] = {
    {"ACTION", "placeholder.action"}, {"ADDR", "placeholder.addr"},
    {"CODE", "placeholder.code"},     {"COLUMN", "placeholder.column"},
    {"D", "placeholder.d"},           {"DATE", "placeholder.date"},
    {"DAY", "placeholder.day"},       {"DIR", "placeholder.dir"},
    {"EVENT", "placeholder.event"},   {"FACT", "placeholder.fact"},
    {"FIELD", "placeholder.field"},   {"FILE", "placeholder.file"},
    {"ID", "placeholder.id"},         {"INDICATOR", "placeholder.indicator"},
    {"K", "placeholder.k"},           {"KEY", "placeholder.key"},
    {"KIND", "placeholder.kind"},     {"LOT", "placeholder.lot"},
    {"MONTH", "placeholder.month"},   {"N", "placeholder.n"},
    {"NAME", "placeholder.name"},     {"OTHER", "placeholder.other"},
    {"PORT", "placeholder.port"},     {"PROTOCOL", "placeholder.protocol"},
    {"REASON", "placeholder.reason"}, {"ROLE", "placeholder.role"},
    {"ROLL", "placeholder.roll"},     {"ROUND", "placeholder.round"},
    {"S", "placeholder.s"},           {"SEX", "placeholder.sex"},
    {"SITE", "placeholder.site"},     {"SOURCE", "placeholder.source"},
    {"STATE", "placeholder.state"},   {"STEP", "placeholder.step"},
    {"TEXT", "placeholder.text"},     {"TYPE", "placeholder.type"},
    {"URL", "placeholder.url"},       {"V", "placeholder.v"},
    {"VALUE", "placeholder.value"},   {"Y", "placeholder.y"},
};

// The one name in small letters: field=value is how it is typed.
constexpr PlaceholderWord field_words[] = {
    {"field", "placeholder.small_field"},
    {"value", "placeholder.small_value"},
};

bool is_small(char c) { return c >= 'a' && c <= 'z'; }

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

template <std::size_t N>
std::string in_words(const PlaceholderWord (&known)[N], const std::string& word,
                     Language language) {
    const auto found = std::find_if(std::begin(known), std::end(known),
                                    [&](const auto& one) { return one.word == word; });
    return found == std::end(known) ? word : text(found->id, language);
}

}  // namespace

std::string placeholder(std::string_view name, Language language) {
    const bool is_fields = name.starts_with("field=value");
    std::string shown;
    for (std::size_t at = 0; at < name.size();) {
        std::string word;
        while (at < name.size() && (is_fields ? is_small(name[at]) : is_capital(name[at])))
            word += name[at++];
        if (!word.empty()) {
            shown += is_fields ? in_words(field_words, word, language)
                               : in_words(placeholder_words, word, language);
        } else {
            shown += name[at++];
        }
    }
    return shown;
}

}  // namespace egret::console
