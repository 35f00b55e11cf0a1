#include "registry/rules/detail/parameters.h"

#include "registry/rules/detail/definition_reader.h"

#include <algorithm>

namespace egret::rules::detail {

std::vector<Parameter> read_parameters(json::Section& file) {
    std::vector<Parameter> all;
    for (auto& section : file.sections("parameters")) {
        section.only({"name", "value", "verified", "meaning", "source"});
        Parameter one;
        one.name = section.text("name");
        one.value = section.text("value");
        one.is_verified = section.optional_truth("verified").value_or(false);
        one.meaning = read_languages(section.section("meaning"));
        one.source = section.text("source");
        for (const auto& other : all) {
            if (other.name == one.name) section.refuse("name", msg("definition.twice"));
        }
        all.push_back(std::move(one));
    }
    return all;
}

void make_choices(json::Section& file, const std::vector<Choice>& choices,
                  std::vector<Parameter>& parameters) {
    for (const auto& choice : choices) {
        const auto found = std::find_if(
            parameters.begin(), parameters.end(),
            [&](const Parameter& parameter) { return parameter.name == choice.parameter; });
        if (found == parameters.end())
            return file.refuse("choices", msg("rules.parameter_unknown"));
        found->value = choice.value;
    }
}

}  // namespace egret::rules::detail
