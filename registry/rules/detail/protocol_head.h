#pragma once

#include "registry/rules/detail/definition_reader.h"
#include "registry/rules/detail/parameters.h"

#include <string_view>
#include <vector>

namespace egret::rules::detail {

/// What stands at the top of every protocol and pathway file, with the choices in place of the
/// parameters' own values.
template <class Definition>
void read_head(json::Section& file, std::string_view kind, const std::vector<Choice>& choices,
               Definition& definition) {
    definition.id = file.text("id");
    if (!is_id(definition.id)) file.refuse("id", msg("rules.protocol_id_shape"));
    definition.version = read_version(file);
    if (file.text("kind") != kind) file.refuse("kind", msg("definition.unknown_code"));
    definition.title = read_languages(file.section("title"));
    definition.source = read_languages(file.section("source"));
    definition.parameters = read_parameters(file);
    make_choices(file, choices, definition.parameters);
}

/// `valid`: from and to which day it is in force.
inline InForce read_valid(json::Section& file, DefinitionReader& reader) {
    if (!file.has("valid")) return {};
    auto valid = file.section("valid");
    valid.only({"from", "to"});
    return reader.in_force(valid);
}

/// Refuses a parameter that nothing asked for.
inline void refuse_unused(json::Section& file, const DefinitionReader& reader) {
    if (const auto unused = reader.find_unused())
        file.refuse("parameters[" + std::to_string(*unused) + "].name",
                    msg("rules.parameter_unused"));
}

}  // namespace egret::rules::detail
