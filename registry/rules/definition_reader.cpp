#include "registry/rules/detail/definition_reader.h"

#include "registry/base/text.h"
#include "registry/domain/area.h"
#include "registry/domain/flag_code.h"
#include "registry/domain/plain_text.h"
#include "registry/rules/period_text.h"
#include "registry/rules/vaccine.h"

#include <algorithm>
#include <array>
#include <utility>

namespace egret::rules::detail {
namespace {

/// Whose codes a rule may name: a rule for a misspelt system would never hold of anybody.
constexpr std::array<std::string_view, 4> systems = {"cdsi", "sct", "icd10", "icd11"};

/// Like Section::refuse, for a path from the top of the file.
void refuse_at(json::Section& section, const std::string& path, Message message) {
    if (!section.failed())
        section.error() = Error{ErrorCode::invalid_input, path, std::move(message)};
}

}  // namespace

std::optional<DefinitionReader::Said> DefinitionReader::said(json::Section& section,
                                                             std::string_view name) {
    const auto value = section.optional_text(name);
    return value ? said(section, name, *value) : std::nullopt;
}

std::optional<DefinitionReader::Said> DefinitionReader::said(json::Section& section,
                                                             std::string_view name,
                                                             const std::string& written) {
    if (!written.starts_with('$')) return Said{written, section.path_to(name)};
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        if (parameters_[i].name != std::string_view(written).substr(1)) continue;
        used_[i] = true;
        return Said{parameters_[i].value, "parameters[" + std::to_string(i) + "].value"};
    }
    section.refuse(name, msg("rules.parameter_unknown"));
    return std::nullopt;
}

const std::string* DefinitionReader::parameter(std::string_view name) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        if (parameters_[i].name != name) continue;
        used_[i] = true;
        return &parameters_[i].value;
    }
    return nullptr;
}

std::optional<Period> DefinitionReader::period(json::Section& section, std::string_view name) {
    const auto value = section.optional_text(name);
    return value ? period_of(section, name, *value) : std::nullopt;
}

std::optional<Period> DefinitionReader::period_of(json::Section& section, std::string_view name,
                                                  const std::string& written) {
    const auto span = said(section, name, written);
    if (!span) return std::nullopt;
    const auto period = parse_period(span->text);
    if (!period) refuse_at(section, span->path, msg("rules.expects_span"));
    return period;
}

std::optional<Date> DefinitionReader::date(json::Section& section, std::string_view name) {
    const auto day = said(section, name);
    if (!day) return std::nullopt;
    const auto date = Date::parse(day->text);
    if (date) return *date;
    refuse_at(section, day->path, msg("rules.expects_day"));
    return std::nullopt;
}

std::string DefinitionReader::vaccine(json::Section& section, std::string_view name) {
    if (!section.has(name)) return section.text(name);
    const auto code = said(section, name);
    if (!code) return {};
    if (!find_vaccine(code->text)) refuse_at(section, code->path, msg("rules.unknown_vaccine"));
    return code->text;
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

bool is_longer(const Period& a, const Period& b) {
    const auto ordinary = Date::from_ymd(2010, 6, 15);
    const auto month_end = Date::from_ymd(2011, 8, 31);
    return plus(ordinary, a) > plus(ordinary, b) || plus(month_end, a) > plus(month_end, b);
}

void refuse_empty_ages(json::Section& section, std::string_view until_name,
                       const std::optional<Period>& from, const std::optional<Period>& until) {
    if (from && until && !is_longer(*until, *from))
        section.refuse(until_name, msg("rules.empty_ages"));
}

std::string read_area(json::Section& section) {
    auto area = section.optional_text("area").value_or("");
    if (!area.empty() && !AreaCode::parse_known(area))
        section.refuse("area", msg("definition.unknown_code"));
    return area;
}

BothLanguages read_languages(json::Section section) {
    section.only({"zh", "en"});
    const auto read = [&](std::string_view name) {
        auto text = section.text(name);
        if (!text.empty() && trim(text).empty())
            section.refuse(name, msg("definition.expects_text"));
        if (const auto plain = check_plain_text(text, Lines::one); !text.empty() && !plain)
            section.refuse(name, plain.error().message);
        return text;
    };
    auto zh = read("zh");
    return {std::move(zh), read("en")};
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
    return section.codes("flags", [](std::string_view code) {
        if (!is_flag_code(code)) return false;
        const auto colon = code.find(':');
        return colon == std::string_view::npos ||
               std::find(systems.begin(), systems.end(), code.substr(0, colon)) != systems.end();
    });
}

bool is_id(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::string read_version(json::Section& section) {
    auto version = section.text("version");
    const bool is_shaped = std::all_of(version.begin(), version.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-';
    });
    if (!is_shaped) section.refuse("version", msg("rules.version_shape"));
    return version;
}

std::string read_id(json::Section& section, std::vector<std::string>& taken) {
    auto id = section.text("id");
    if (!is_id(id)) section.refuse("id", msg("rules.protocol_id_shape"));
    if (std::find(taken.begin(), taken.end(), id) != taken.end())
        section.refuse("id", msg("definition.twice"));
    taken.push_back(id);
    return id;
}

}  // namespace egret::rules::detail
