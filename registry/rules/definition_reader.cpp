#include "registry/rules/detail/definition_reader.h"

#include "registry/domain/flag_code.h"
#include "registry/rules/period_text.h"

#include <algorithm>

namespace egret::rules::detail {

std::optional<std::string> DefinitionReader::text(json::Section& section, std::string_view name) {
    auto value = section.optional_text(name);
    if (!value || !value->starts_with('$')) return value;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        if (parameters_[i].name != std::string_view(*value).substr(1)) continue;
        used_[i] = true;
        return parameters_[i].value;
    }
    section.refuse(name, msg("rules.parameter_unknown"));
    return std::nullopt;
}

std::optional<Period> DefinitionReader::period(json::Section& section, std::string_view name) {
    const auto value = text(section, name);
    if (!value) return std::nullopt;
    const auto period = parse_period(*value);
    if (!period) section.refuse(name, msg("rules.expects_span"));
    return period;
}

std::optional<Date> DefinitionReader::date(json::Section& section, std::string_view name) {
    const auto value = text(section, name);
    if (!value) return std::nullopt;
    const auto date = Date::parse(*value);
    if (date) return *date;
    section.refuse(name, msg("rules.expects_day"));
    return std::nullopt;
}

InForce DefinitionReader::in_force(json::Section& section) {
    const InForce days{date(section, "from"), date(section, "to")};
    if (days.from && days.to && *days.to < *days.from)
        section.refuse("to", msg("rules.ends_before_it_begins"));
    return days;
}

std::optional<std::size_t> DefinitionReader::find_unused() const {
    const auto found = std::find(used_.begin(), used_.end(), false);
    if (found == used_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - used_.begin());
}

BothLanguages read_languages(json::Section section) {
    section.only({"zh", "en"});
    auto zh = section.text("zh");
    return {std::move(zh), section.text("en")};
}

std::vector<Sex> read_sexes(json::Section& section) {
    std::vector<Sex> sexes;
    if (!section.has("sexes")) return sexes;
    const auto codes = section.codes(
        "sexes", [](std::string_view code) { return find_code<Sex>(code).has_value(); });
    for (const auto& code : codes) sexes.push_back(*find_code<Sex>(code));
    return sexes;
}

std::vector<std::string> read_flags(json::Section& section) {
    return section.codes("flags", [](std::string_view code) { return is_flag_code(code); });
}

std::string read_id(json::Section& section, std::vector<std::string>& taken) {
    auto id = section.text("id");
    const bool is_shaped = std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!is_shaped) section.refuse("id", msg("rules.protocol_id_shape"));
    if (std::find(taken.begin(), taken.end(), id) != taken.end())
        section.refuse("id", msg("definition.twice"));
    taken.push_back(id);
    return id;
}

}  // namespace egret::rules::detail
