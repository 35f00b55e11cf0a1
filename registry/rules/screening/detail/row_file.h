#pragma once

#include "registry/rules/detail/definition_reader.h"
#include "registry/rules/screening/pathway.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::rules::detail {

/// A list of codes under a name: "@abnormal" in a row.
struct CodeGroup {
    std::string name;
    std::vector<std::string> codes;
};

/// What the parts of a pathway file may refer to: what stands before them in it, and the calls of
/// state functions that rows have made so far.
struct RowContext {
    std::vector<CodeGroup> groups;
    std::vector<NamedReport> reports;
    std::vector<NamedCondition> conditions;
    std::vector<StateCall> states;
    std::vector<std::string> steps;
    std::vector<std::string> tables;
    std::size_t first_table = 0;  // A row may lead to this one and those behind it.
};

/// The codes of a list that may name groups.
std::vector<std::string> codes_with_groups(json::Section& section, std::string_view name,
                                           const RowContext& context);

/// What a report must say: `value`, `contains`, `lacks`.
Saying read_saying(json::Section& section, ReportKind kind, const RowContext& context);

/// `days`: one window, or several.
std::vector<DayWindow> read_windows(json::Section& section, DefinitionReader& reader,
                                    const RowContext& context);

/// The reports under `reports`, each of which may refer to those before it.
void read_reports(json::Section section, DefinitionReader& reader, RowContext& context);
ReportQuery read_query(json::Section& section, DefinitionReader& reader, const RowContext& context);
Ranks read_ranks(json::Section section);
LookBack read_look_back(json::Section section, DefinitionReader& reader);

/// All that `when` asks for, or a condition with a name.
std::vector<Condition> read_conditions(json::Section section, DefinitionReader& reader,
                                       RowContext& context);

/// Reads one row. Nothing, if a choice of the programme leaves it out.
std::optional<Row> read_row(json::Section& section, DefinitionReader& reader, RowContext& context,
                            std::vector<std::string>& taken);

/// Where `name` stands among the named things of a context.
template <class Named>
std::optional<std::size_t> find_named(const std::vector<Named>& all, std::string_view name) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].name == name) return i;
    }
    return std::nullopt;
}

}  // namespace egret::rules::detail
