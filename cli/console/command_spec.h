#pragma once

#include "registry/domain/codes.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What a program's commands look like, as data: parsing, help and "did you mean" all read the same
/// table. Every text must outlive the table (literals do).
namespace egret::console {

/// What a value must look like. A value that doesn't is a usage error.
enum class Form : std::uint8_t {
    text,
    number,  // Whole, from 0.
    day,     // 2026-03-31
    choice,  // One of `choices`.
    list,    // a,b,c; the option may also come more than once.
};

struct OptionSpec {
    std::string_view name;   // "limit": typed as --limit.
    std::string_view value;  // What help calls its value: "N". Empty: a flag without one.
    std::string_view help;   // Id of its description.
    Form form = Form::text;
    bool required = false;
    std::vector<std::string_view> choices = {};  // Of a list: what help shows.
    // Whose codes they are, as console::code_label knows them: then their labels may be typed, too.
    std::string_view code_list = {};

    bool is_flag() const noexcept { return value.empty(); }
};

enum class Count : std::uint8_t {
    one,
    at_most_one,
    any,          // Words, none or more; the last positional. Read by Parsed::list.
    any_fields,   // Words field=value, none or more; the last positional.
    some_fields,  // The same, at least one.
};

struct PositionalSpec {
    std::string_view name;  // "ID": what help and Parsed call it.
    std::string_view help;  // Id of its description.
    Count count = Count::one;

    bool takes_fields() const noexcept {
        return count == Count::any_fields || count == Count::some_fields;
    }
};

struct CommandSpec {
    std::string_view name;
    std::string_view help;  // Id of its description, one line.
    std::vector<PositionalSpec> positionals = {};
    // Those of the program itself hold for every command; one of the same name goes before it.
    std::vector<OptionSpec> options = {};
    std::vector<CommandSpec> subcommands = {};
    bool acts = true;  // Can be given as it is; false: only its subcommands can.

    bool changes = false;  // What it did stays done, whether anybody gets its answer or not.

    // It is done where it was typed, and not by the agent that keeps the registry unlocked: it
    // needs no registry, or is about that agent, or must not go without a PIN.
    bool stays = false;

    /// What --help says after the options; `about` is the first word after the command, or "".
    std::string (*more_help)(std::string_view about, Language language) = nullptr;
};

/// From the program down to the command: {egret, woman, add}.
using CommandPath = std::vector<const CommandSpec*>;

/// "egret woman add".
std::string path_text(const CommandPath& path);

/// Every command that can be given, without the program's name: "woman add", "sync", "sync status".
std::vector<std::string> command_names(const CommandSpec& program);

}  // namespace egret::console
