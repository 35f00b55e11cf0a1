#include "cli/console/help.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/options.h"
#include "cli/console/placeholder.h"
#include "registry/icu/width.h"

#include <algorithm>

namespace egret::console {
namespace {

constexpr std::size_t left_columns_max = 34;
constexpr std::size_t choice_columns_max = 38;  // Beside them on a terminal of 80.

/// A titled list: what is typed on the left, what it means on the right.
class Section {
public:
    explicit Section(std::string title) : title_(std::move(title)) {}

    void add(std::string left, std::string right) {
        rows_.emplace_back(std::move(left), std::move(right));
    }

    std::string to_string() const {
        if (rows_.empty()) return {};
        std::size_t columns = 0;
        for (const auto& [left, right] : rows_) {
            const auto width = icu::display_width(left);
            if (width <= left_columns_max) columns = std::max(columns, width);
        }
        std::string lines = "\n" + title_ + "\n";
        for (const auto& [left, right] : rows_) {
            lines += "  ";
            if (icu::display_width(left) > columns) {
                lines += left + "\n    " + std::string(columns, ' ') + right + "\n";
            } else {
                lines += icu::pad_to(left, columns) + "  " + right + "\n";
            }
        }
        return lines;
    }

private:
    std::string title_;
    std::vector<std::pair<std::string, std::string>> rows_;
};

std::string shown(const OptionSpec& option, Language language) {
    auto typed = "--" + std::string(option.name);
    if (!option.is_flag()) typed.append(" ").append(placeholder(option.value, language));
    return typed;
}

std::string shown(const PositionalSpec& positional, Language language) {
    auto name = placeholder(positional.name, language);
    switch (positional.count) {
        case Count::one:
        case Count::some_fields: return name;
        case Count::any: return "[" + name + "…]";
        case Count::at_most_one:
        case Count::any_fields: return "[" + name + "]";
    }
    return {};
}

/// A command that acts, with its positionals; then what is below it.
void add_commands(Section& section, const CommandSpec& spec, const std::string& outer,
                  Language language) {
    for (const auto& sub : spec.subcommands) {
        auto name = outer + std::string(sub.name);
        if (sub.acts) {
            auto left = name;
            for (const auto& positional : sub.positionals)
                left += " " + shown(positional, language);
            section.add(std::move(left), text(sub.help, language));
        }
        add_commands(section, sub, name + " ", language);
    }
}

/// The values that it takes, in lines of their own, unless they stand on the left already.
void add_choices(Section& section, const OptionSpec& option, Language language) {
    std::string all;
    for (const auto choice : option.choices) all.append(all.empty() ? "" : "|") += choice;
    if (all == option.value) return;
    if (!option.code_list.empty()) {
        for (const auto choice : option.choices) {
            const auto label = code_label(option.code_list, choice, language);
            section.add("", std::string("  ").append(choice).append(" (") + label + ")");
        }
        return;
    }
    std::string line;
    for (const auto choice : option.choices) {
        if (!line.empty() && line.size() + 2 + choice.size() > choice_columns_max) {
            section.add("", "  " + line + ",");
            line.clear();
        }
        line.append(line.empty() ? "" : ", ") += choice;
    }
    if (!line.empty()) section.add("", "  " + line);
}

void add_options(Section& section, const std::vector<OptionSpec>& options, Language language) {
    for (const auto& option : options) {
        section.add(shown(option, language), text(option.help, language));
        add_choices(section, option, language);
    }
}

/// Without those that the command has in another form.
std::vector<OptionSpec> not_of(const CommandSpec& command, std::vector<OptionSpec> options) {
    std::erase_if(options, [&](const OptionSpec& option) {
        return std::any_of(command.options.begin(), command.options.end(),
                           [&](const OptionSpec& own) { return own.name == option.name; });
    });
    return options;
}

}  // namespace

std::string usage_line(const CommandPath& path, Language language) {
    auto line = path_text(path);
    const auto& command = *path.back();
    const auto add_positional = [&](const PositionalSpec& spec) {
        line += " " + shown(spec, language);
    };
    const auto is_fields = [](const PositionalSpec& spec) {
        return spec.count == Count::any_fields || spec.count == Count::some_fields;
    };
    for (const auto& positional : command.positionals) {
        if (!is_fields(positional)) add_positional(positional);
    }
    for (const auto& option : command.options) {
        if (option.required) line += " " + shown(option, language);
    }
    for (const auto& positional : command.positionals) {
        if (is_fields(positional)) add_positional(positional);
    }
    return line;
}

std::string help_text(const CommandPath& path, Language language, std::string_view about) {
    const auto& program = *path.front();
    const auto& command = *path.back();
    auto help = text(command.help, language) + "\n\n";
    help += text("help.usage", language);
    help += usage_line(path, language);
    if (!command.subcommands.empty()) {
        const auto below = text("help.usage_command", language);
        help += command.acts ? " [" + below + "]" : " " + below;
    }
    help += " " + text("help.usage_options", language) + "\n";

    Section commands(text("help.commands", language));
    add_commands(commands, command, "", language);
    help += commands.to_string();

    Section arguments(text("help.arguments", language));
    for (const auto& positional : command.positionals)
        arguments.add(placeholder(positional.name, language), text(positional.help, language));
    help += arguments.to_string();

    Section options(text("help.options", language));
    if (&command != &program) add_options(options, command.options, language);
    help += options.to_string();

    if (command.more_help != nullptr) help += command.more_help(about, language);

    Section everywhere(text("help.everywhere", language));
    add_options(everywhere, program.options, language);
    const auto& common = common_options();
    add_options(everywhere, &command != &program ? not_of(command, common) : common, language);
    help += everywhere.to_string();

    if (!command.subcommands.empty()) {
        help += "\n" + text(Message{"help.more", {{"command", path_text(path)}}}, language) + "\n";
    }
    return help;
}

}  // namespace egret::console
