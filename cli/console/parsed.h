#pragma once

#include "cli/console/command_spec.h"
#include "registry/base/date.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace egret::console {

/// One word field=value: "left.birads=4a".
struct FieldWord {
    std::string field;
    std::string value;

    friend bool operator==(const FieldWord&, const FieldWord&) = default;
};

/// A command line that fits the table: every value has its form, all that is required is there.
///
/// Values are asked for by the name in the table: "limit" for --limit, "ID" for the positional ID.
/// Asking for a name that the command doesn't have is a bug and ends the program.
class Parsed {
public:
    Parsed(CommandPath path, std::map<std::string, std::vector<std::string>, std::less<>> values,
           std::vector<FieldWord> fields);

    /// Without the program's name: "woman add". Empty for the program itself.
    std::string command() const;

    const CommandPath& path() const noexcept { return path_; }

    /// What was given for the command's first positional, also beside --help; else "".
    std::string first_word() const;

    /// The flag or the value was given.
    bool has(std::string_view name) const;

    /// Of what is required, or known to be there.
    const std::string& value(std::string_view name) const;

    std::optional<std::string> find(std::string_view name) const;
    std::optional<std::int64_t> find_number(std::string_view name) const;
    std::optional<Date> find_day(std::string_view name) const;

    /// All items of a list, in order; empty if it was not given.
    std::vector<std::string> list(std::string_view name) const;

    /// The words field=value, in order; a field may be there twice.
    const std::vector<FieldWord>& fields() const noexcept { return fields_; }

private:
    const std::vector<std::string>* find_values(std::string_view name) const;

    CommandPath path_;
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
    std::vector<FieldWord> fields_;
};

}  // namespace egret::console
