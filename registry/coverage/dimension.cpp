#include "registry/coverage/dimension.h"

#include "registry/base/text.h"
#include "registry/domain/area.h"

#include <array>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

namespace egret::coverage {
namespace {

constexpr std::array<std::pair<Dimension, std::string_view>, 8> dimension_names = {{
    {Dimension::area, "area"},
    {Dimension::province, "province"},
    {Dimension::city, "city"},
    {Dimension::town, "town"},
    {Dimension::village, "village"},
    {Dimension::facility, "facility"},
    {Dimension::birth_year, "birth_year"},
    {Dimension::birth_month, "birth_month"},
}};

std::optional<AreaLevel> level_of(Dimension dimension) {
    switch (dimension) {
        case Dimension::area: return AreaLevel::district;
        case Dimension::province: return AreaLevel::province;
        case Dimension::city: return AreaLevel::city;
        case Dimension::town: return AreaLevel::town;
        case Dimension::village: return AreaLevel::village;
        case Dimension::facility:
        case Dimension::birth_year:
        case Dimension::birth_month: break;
    }
    return std::nullopt;
}

Dimension dimension_of(AreaLevel level) {
    switch (level) {
        case AreaLevel::province: return Dimension::province;
        case AreaLevel::city: return Dimension::city;
        case AreaLevel::district: return Dimension::area;
        case AreaLevel::town: return Dimension::town;
        case AreaLevel::village: return Dimension::village;
    }
    return Dimension::area;
}

std::string area_value(AreaLevel level, const std::string& area) {
    if (area.empty()) return std::string(unknown_value);
    const auto code = AreaCode::parse(area);
    if (!code) return std::string(unknown_value);
    return code->at_level(level).value_or(*code).text();
}

std::string birth_value(int birth_month, bool with_month) {
    if (birth_month <= 0) return std::string(unknown_value);
    const int month = birth_month % 13;
    char text[32];
    if (with_month && month != 0) {
        std::snprintf(text, sizeof text, "%04d-%02d", birth_month / 13, month);
    } else {
        std::snprintf(text, sizeof text, "%04d", birth_month / 13);
    }
    return text;
}

/// The filter's value in its one form; nothing if the dimension has no such value.
std::optional<std::string> filter_value(Dimension dimension, std::string_view text) {
    if (text.empty() || text == unknown_value) {
        return text.empty() ? std::nullopt : std::optional(std::string(text));
    }
    if (const auto level = level_of(dimension)) {
        const auto code = AreaCode::parse(text);
        if (!code || (dimension != Dimension::area && code->level() != *level)) return std::nullopt;
        return code->text();
    }
    if (dimension == Dimension::facility) return std::string(text);
    const auto birth = PartialDate::parse(text);
    const bool is_year = birth && birth->precision() == PartialDate::Precision::year;
    const bool is_month = birth && birth->precision() == PartialDate::Precision::month;
    if (!is_year && !(is_month && dimension == Dimension::birth_month)) return std::nullopt;
    return birth->to_string();
}

}  // namespace

std::string_view to_string(Dimension dimension) {
    for (const auto& [known, name] : dimension_names) {
        if (known == dimension) return name;
    }
    return {};
}

Result<Dimension> parse_dimension(std::string_view text) {
    std::vector<std::string> names;
    for (const auto& [known, name] : dimension_names) {
        if (name == text) return known;
        names.emplace_back(name);
    }
    if (const auto meant = did_you_mean(text, names)) {
        return Error{ErrorCode::invalid_input, "",
                     msg("coverage.unknown_dimension_meant", {{"meant", *meant}})};
    }
    std::string all;
    for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
    return Error{ErrorCode::invalid_input, "", msg("coverage.unknown_dimension", {{"all", all}})};
}

std::string value_of(Dimension dimension, const Key& key) {
    if (const auto level = level_of(dimension)) return area_value(*level, key.area);
    if (dimension == Dimension::facility)
        return key.facility.empty() ? std::string(unknown_value) : key.facility;
    return birth_value(key.birth_month, dimension == Dimension::birth_month);
}

bool is_of_level(Dimension dimension, std::string_view value) {
    const auto level = level_of(dimension);
    if (!level) return value != unknown_value;
    const auto code = AreaCode::parse(value);
    return code && code->level() == *level;
}

std::optional<Dimension> narrowest_level(const std::vector<std::string>& values) {
    std::optional<AreaLevel> narrowest;
    for (const auto& value : values) {
        const auto code = AreaCode::parse(value);
        if (code && (!narrowest || *narrowest < code->level())) narrowest = code->level();
    }
    if (!narrowest) return std::nullopt;
    return dimension_of(*narrowest);
}

Result<Filter> parse_filter(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
        return Error{ErrorCode::invalid_input, "", msg("coverage.filter_shape")};
    auto dimension = parse_dimension(trim(text.substr(0, equals)));
    if (!dimension) return std::move(dimension).error();
    auto value = filter_value(*dimension, trim(text.substr(equals + 1)));
    if (!value) {
        return Error{
            ErrorCode::invalid_input, std::string(to_string(*dimension)),
            msg("coverage.filter_value", {{"dimension", std::string(to_string(*dimension))}})};
    }
    return Filter{*dimension, *std::move(value)};
}

Dimension deciding_dimension(const Filter& filter) {
    if (filter.dimension != Dimension::area) return filter.dimension;
    const auto code = AreaCode::parse(filter.value);
    return code ? dimension_of(code->level()) : Dimension::area;
}

}  // namespace egret::coverage
