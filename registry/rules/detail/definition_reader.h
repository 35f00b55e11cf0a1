#pragma once

#include "registry/base/date.h"
#include "registry/domain/both_languages.h"
#include "registry/domain/codes.h"
#include "registry/json/section.h"
#include "registry/rules/protocol.h"

#include <optional>
#include <string_view>
#include <vector>

namespace egret::rules::detail {

/// Reads the values of a protocol file. A value "$name" stands for that parameter's.
class DefinitionReader {
public:
    /// The parameters must outlive the reader.
    explicit DefinitionReader(const std::vector<Parameter>& parameters)
        : parameters_(parameters), used_(parameters.size()) {}

    std::optional<Period> period(json::Section& section, std::string_view name);
    std::optional<Date> date(json::Section& section, std::string_view name);
    /// Its members `from` and `to`.
    InForce in_force(json::Section& section);

    /// The number of a parameter that nothing asked for.
    std::optional<std::size_t> find_unused() const;

private:
    std::optional<std::string> text(json::Section& section, std::string_view name);

    const std::vector<Parameter>& parameters_;
    std::vector<bool> used_;
};

BothLanguages read_languages(json::Section section);

/// The codes of `sexes`; none if it is missing.
std::vector<Sex> read_sexes(json::Section& section);

/// Flags of the list of flags, or of another system with its prefix.
std::vector<std::string> read_flags(json::Section& section);

/// Lower-case letters, digits and hyphens. Refuses an id that is in `taken` already, and adds it.
std::string read_id(json::Section& section, std::vector<std::string>& taken);

}  // namespace egret::rules::detail
