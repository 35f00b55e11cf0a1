#include "cli/console/options.h"

#include "cli/console/help.h"
#include "cli/console/labels.h"
#include "cli/console/placeholder.h"
#include "registry/base/text.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>

namespace egret::console {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t number_digits_max = 15;

Error usage_error(std::string field, Message message) {
    return {ErrorCode::invalid_input, std::move(field), std::move(message)};
}

std::string typed(const OptionSpec& option) { return "--" + std::string(option.name); }

bool looks_like_option(std::string_view word) {
    return word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
}

/// Options that hold on every command.
std::vector<const OptionSpec*> global_options(const CommandSpec& program) {
    std::vector<const OptionSpec*> all;
    for (const auto& option : common_options()) all.push_back(&option);
    for (const auto& option : program.options) all.push_back(&option);
    return all;
}

/// Those of a command: the global ones, and its own, which go before a global one of their name.
std::vector<const OptionSpec*> options_of(const CommandSpec& program, const CommandSpec& spec) {
    auto all = global_options(program);
    if (&spec == &program) return all;
    for (const auto& option : spec.options) {
        const auto same = std::find_if(all.begin(), all.end(), [&](const OptionSpec* other) {
            return other->name == option.name;
        });
        if (same != all.end())
            *same = &option;
        else
            all.push_back(&option);
    }
    return all;
}

void add_option_to(CLI::App& app, const OptionSpec& option) {
    const auto names = (option.name == "help" ? "-h," : "") + typed(option);
    auto* added = option.is_flag() ? app.add_flag(names) : app.add_option(names);
    // Values are kept as they came; what is wrong with them is said in our own words.
    added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

/// The table as CLI11 needs it. Positionals are left to us (they come back as its "extras"): it
/// would take a name that is searched for as a command.
void declare(CLI::App& app, const CommandSpec& spec, const CommandSpec& program) {
    app.set_help_flag();
    app.allow_extras();
    app.require_subcommand(0, 1);
    for (const auto* option : options_of(program, spec)) add_option_to(app, *option);
    for (const auto& sub : spec.subcommands)
        declare(*app.add_subcommand(std::string(sub.name)), sub, program);
}

const CommandSpec* find_subcommand(const CommandSpec& spec, std::string_view name) {
    for (const auto& sub : spec.subcommands) {
        if (sub.name == name) return &sub;
    }
    return nullptr;
}

/// One command line on its way through the checks, outermost command first.
class LineReader {
public:
    LineReader(const CommandSpec& program, Words words, Language language)
        : program_(program), language_(language) {
        declare(app_, program, program);
        const auto dashes = std::find(words.begin(), words.end(), "--");
        if (dashes != words.end()) plain_.assign(dashes + 1, words.end());
        words.erase(dashes, words.end());
        for (auto& word : words) {
            // CLI11 would take the next word for the value of "--limit=".
            const auto empty = word.starts_with("--") && word.find('=') == word.size() - 1;
            if (empty) word.pop_back();
            words_.push_back(std::move(word));
            if (empty) words_.emplace_back();
        }
    }

    Result<Parsed> read() {
        bool is_cut = false;  // The last word is an option without its value.
        try {
            Words reversed(words_.rbegin(), words_.rend());
            app_.parse(reversed);
        } catch (const CLI::ArgumentMismatch&) {
            is_cut = true;
        }
        follow();
        if (auto error = check_extras()) return *std::move(error);
        if (is_cut) return value_missing(words_.back());
        if (auto error = take_options()) return *std::move(error);
        if (path_.size() == 1 && !values_.contains("version"))
            values_.try_emplace("help", Words{"true"});
        if (values_.contains("help")) {
            keep_first_word();
        } else if (!values_.contains("version")) {
            if (auto error = take_positionals()) return *std::move(error);
            if (auto error = check_required()) return *std::move(error);
        }
        return Parsed(path_, std::move(values_), std::move(fields_));
    }

private:
    const CommandSpec& command() const { return *path_.back(); }

    void follow() {
        path_ = {&program_};
        apps_ = {&app_};
        for (auto below = app_.get_subcommands(); !below.empty();
             below = below.front()->get_subcommands()) {
            apps_.push_back(below.front());
            path_.push_back(find_subcommand(command(), below.front()->get_name()));
        }
    }

    /// What CLI11 did not know: unknown commands and options, and positionals.
    std::optional<Error> check_extras() {
        for (std::size_t depth = 0; depth < apps_.size(); ++depth) {
            const CommandPath here(path_.begin(), path_.begin() + static_cast<long>(depth) + 1);
            const auto is_last = depth + 1 == apps_.size();
            auto extras = apps_[depth]->remaining();
            for (const auto& word : extras) {
                if (looks_like_option(word)) return unknown_option(here, word);
            }
            if (is_last) extras.insert(extras.end(), plain_.begin(), plain_.end());
            if (extras.empty()) continue;
            if (!is_last || here.back()->positionals.empty()) {
                if (!here.back()->subcommands.empty()) return unknown_command(here, extras.front());
                return too_many(here);
            }
            positional_words_ = std::move(extras);
        }
        return std::nullopt;
    }

    static Error unknown_command(const CommandPath& here, std::string_view word) {
        std::vector<std::string> names;
        for (const auto& sub : here.back()->subcommands) names.emplace_back(sub.name);
        const auto command = path_text(here);
        if (const auto guess = did_you_mean(word, names))
            return usage_error("", msg("usage.command_guess", {{"guess", command + " " + *guess}}));
        return usage_error("", msg("usage.command_unknown", {{"command", command}}));
    }

    Error unknown_option(const CommandPath& here, std::string_view word) const {
        auto name = word.substr(0, word.find('='));
        // Only what can be a name of ours is repeated: anything else may be a slip of the hand.
        const auto is_name = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
                             std::string_view::npos;
        const auto field = is_name ? std::string(name) : "";
        name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
        std::vector<std::string> names;
        for (const auto* option : options_at(*here.back())) names.emplace_back(option->name);
        if (const auto guess = did_you_mean(name, names))
            return usage_error(field, msg("usage.option_guess", {{"guess", "--" + *guess}}));
        return usage_error(field, msg("usage.option_unknown", {{"command", path_text(here)}}));
    }

    Error too_many(const CommandPath& here) const {
        return usage_error("", msg("usage.too_many", {{"usage", usage_line(here, language_)}}));
    }

    std::vector<const OptionSpec*> options_at(const CommandSpec& spec) const {
        return options_of(program_, spec);
    }

    Error value_missing(const std::string& option) const {
        std::string value = "…";
        for (const auto* spec : options_at(command())) {
            if (typed(*spec) == option) value = placeholder(spec->value, language_);
        }
        return usage_error(option,
                           msg("usage.value_missing", {{"option", option}, {"value", value}}));
    }

    std::optional<Error> take_options() {
        for (std::size_t depth = 0; depth < apps_.size(); ++depth) {
            const auto global_count = global_options(program_).size();
            const auto options = options_at(*path_[depth]);
            for (std::size_t i = 0; i < options.size(); ++i) {
                const auto& option = *options[i];
                const auto& given = apps_[depth]->get_option(typed(option))->results();
                if (given.empty()) continue;
                // `sync --until-done status`: not an option of what is done in the end.
                if (i >= global_count && depth + 1 < apps_.size())
                    return unknown_option(path_, typed(option));
                auto& values = values_[std::string(option.name)];
                values.insert(values.end(), given.begin(), given.end());
                if (auto error = check_values(option, values)) return error;
            }
        }
        return std::nullopt;
    }

    std::optional<Error> check_values(const OptionSpec& option, Words& values) const {
        if (option.is_flag()) {
            const auto is_plain =
                std::all_of(values.begin(), values.end(), [](auto& v) { return v == "true"; });
            if (is_plain) return std::nullopt;
            return usage_error(typed(option), msg("usage.flag_value", {{"option", typed(option)}}));
        }
        for (auto& value : values) {
            // CLI11 takes "--on --csv" for a value.
            if (trim(value).empty() || value.starts_with("--")) return value_missing(typed(option));
            if (!option.code_list.empty()) value = code_meant(option, value);
            if (auto message = check_form(option, value))
                return usage_error(typed(option), *std::move(message));
        }
        if (values.size() > 1 && option.form != Form::list)
            return usage_error(typed(option), msg("usage.option_twice"));
        return std::nullopt;
    }

    static std::string code_meant(const OptionSpec& option, const std::string& value) {
        const std::vector<std::string> codes(option.choices.begin(), option.choices.end());
        return find_meant_code(option.code_list, codes, value).value_or(value);
    }

    static std::optional<Message> check_form(const OptionSpec& option, const std::string& value) {
        switch (option.form) {
            case Form::text: return std::nullopt;
            case Form::number:
                if (is_digits(value) && value.size() <= number_digits_max) return std::nullopt;
                return msg("usage.not_a_number");
            case Form::day:
                if (const auto day = Date::parse(value); !day) {
                    const auto& why = day.error().message;
                    return why.id == "date.malformed" ? msg("usage.not_a_day") : why;
                }
                return std::nullopt;
            case Form::choice: {
                const auto& all = option.choices;
                if (std::find(all.begin(), all.end(), value) != all.end()) return std::nullopt;
                std::string choices;
                for (const auto choice : all) choices.append(choices.empty() ? "" : ", ") += choice;
                if (option.code_list.empty())
                    return msg("usage.not_a_choice", {{"choices", choices}});
                return msg("usage.not_a_word",
                           {{"code_words", std::string(option.code_list) + ":" + choices}});
            }
            case Form::list:
                if (value.find_first_not_of(", ") != std::string::npos) return std::nullopt;
                return msg("usage.list_empty");
        }
        return std::nullopt;
    }

    /// What help is wanted about: nothing else is read beside --help.
    void keep_first_word() {
        const auto& positionals = command().positionals;
        if (positional_words_.empty() || positionals.empty()) return;
        if (!positionals.front().takes_fields())
            values_[std::string(positionals.front().name)] = {positional_words_.front()};
    }

    std::optional<Error> take_positionals() {
        if (!command().acts) {
            std::string choices;
            for (const auto& sub : command().subcommands)
                choices.append(choices.empty() ? "" : ", ") += sub.name;
            return usage_error("", msg("usage.subcommand_missing",
                                       {{"command", path_text(path_)}, {"choices", choices}}));
        }
        auto word = positional_words_.begin();
        const auto end = positional_words_.end();
        // `correct date=2026-04-02`: where fields follow, a field is never what stands before them.
        const auto& all = command().positionals;
        const bool has_fields = !all.empty() && all.back().takes_fields();
        const auto is_missing = [&] {
            return word == end || (has_fields && word->find('=') != std::string::npos);
        };
        for (const auto& positional : all) {
            const std::string name(positional.name);
            switch (positional.count) {
                case Count::one:
                    if (is_missing() || trim(*word).empty())
                        return usage_error(name, msg("usage.argument_missing",
                                                     {{"usage", usage_line(path_, language_)}}));
                    values_[name] = {*word++};
                    break;
                case Count::at_most_one:
                    if (!is_missing()) values_[name] = {*word++};
                    break;
                case Count::any:
                    if (word != end) values_[name].assign(word, end);
                    word = end;
                    break;
                case Count::some_fields:
                    if (word == end) return usage_error("", msg("usage.fields_missing"));
                    [[fallthrough]];
                case Count::any_fields:
                    for (; word != end; ++word) {
                        const auto equals = word->find('=');
                        if (equals == std::string::npos || equals == 0)
                            return not_a_field(word - positional_words_.begin() + 1, *word);
                        fields_.push_back({word->substr(0, equals), word->substr(equals + 1)});
                    }
                    break;
            }
        }
        if (word != end) return too_many(path_);
        return std::nullopt;
    }

    /// The word itself may be her name or her number: only where it stands is said.
    Error not_a_field(std::ptrdiff_t number, std::string_view word) const {
        const auto is_digit = [](char c) {
            return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        };
        const auto& options = command().options;
        const bool takes_woman = std::any_of(options.begin(), options.end(),
                                             [](auto& one) { return one.name == "woman"; });
        constexpr std::size_t id_digits_min = 8;
        if (takes_woman && !values_.contains("woman") && word.size() >= id_digits_min &&
            std::all_of(word.begin(), word.end(), is_digit))
            return usage_error("", msg("usage.id_without_option"));
        return usage_error("", msg("usage.not_a_field", {{"number", std::to_string(number)}}));
    }

    std::optional<Error> check_required() const {
        for (const auto& option : command().options) {
            if (option.required && !values_.contains(option.name))
                return usage_error(typed(option), msg("usage.option_missing",
                                                      {{"usage", usage_line(path_, language_)}}));
        }
        return std::nullopt;
    }

    const CommandSpec& program_;
    Language language_;  // Of the usage lines in errors.
    CLI::App app_;
    Words words_;  // Up to "--".
    Words plain_;  // After it: never options.
    CommandPath path_;
    std::vector<CLI::App*> apps_;  // In step with path_.
    Words positional_words_;
    std::map<std::string, Words, std::less<>> values_;
    std::vector<FieldWord> fields_;
};

}  // namespace

const std::vector<OptionSpec>& common_options() {
    static const std::vector<OptionSpec> all = {
        {"lang", "zh|en", "help.option.lang", Form::choice, false, {"zh", "en"}},
        {"json", "", "help.option.json"},
        {"quiet", "", "help.option.quiet"},
        {"help", "", "help.option.help"},
        {"version", "", "help.option.version"},
    };
    return all;
}

Result<Parsed> parse(const CommandSpec& program, std::vector<std::string> words,
                     Language language) {
    if (!std::all_of(words.begin(), words.end(), is_utf8))
        return usage_error("", msg("usage.not_utf8"));
    if (!words.empty() && words.front() == "help") {
        words.erase(words.begin());
        words.emplace_back("--help");
    }
    return LineReader(program, std::move(words), language).read();
}

Manner manner_of(const std::vector<std::string>& words) {
    Manner manner;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const std::string_view word = words[i];
        if (word == "--json") manner.json = true;
        if (word == "--quiet") manner.quiet = true;
        if (word == "--lang" && i + 1 < words.size()) manner.language = words[i + 1];
        if (word.starts_with("--lang=")) manner.language = word.substr(7);
    }
    return manner;
}

}  // namespace egret::console
