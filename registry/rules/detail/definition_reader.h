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
    /// The same of what was cut out of that member.
    std::optional<Period> period_of(json::Section& section, std::string_view name,
                                    const std::string& written);
    std::optional<Date> date(json::Section& section, std::string_view name);
    /// A code of the catalog of vaccines.
    std::string vaccine(json::Section& section, std::string_view name);
    /// Its members `from` and `to`.
    InForce in_force(json::Section& section);

    /// What a parameter says; null if there is none of that name.
    const std::string* parameter(std::string_view name);

    /// The number of a parameter that nothing asked for.
    std::optional<std::size_t> find_unused() const;

private:
    /// What a member says, and where it is said: in the parameter that it names, if it names one.
    struct Said {
        std::string text;
        std::string path;
    };

    std::optional<Said> said(json::Section& section, std::string_view name);
    std::optional<Said> said(json::Section& section, std::string_view name,
                             const std::string& written);

    const std::vector<Parameter>& parameters_;
    std::vector<bool> used_;
};

/// Whether `a` leads to a later day than `b`: from an ordinary day, or from one at a month's end.
bool is_longer(const Period& a, const Period& b);

/// Refuses an age that is not greater than the one from which the rule holds.
void refuse_empty_ages(json::Section& section, std::string_view until_name,
                       const std::optional<Period>& from, const std::optional<Period>& until);

/// A code of GB/T 2260; "" if it is missing.
std::string read_area(json::Section& section);

BothLanguages read_languages(json::Section section);

/// The codes of `sexes`; none if it is missing.
std::vector<Sex> read_sexes(json::Section& section);

/// Flags of the list of flags, or of another system with its prefix.
std::vector<std::string> read_flags(json::Section& section);

/// Lower-case letters, digits and hyphens.
bool is_id(std::string_view text);

/// Of letters, digits, dots and hyphens: it stands behind an "@".
std::string read_version(json::Section& section);

/// An id. Refuses an id that is in `taken` already, and adds it.
std::string read_id(json::Section& section, std::vector<std::string>& taken);

}  // namespace egret::rules::detail
