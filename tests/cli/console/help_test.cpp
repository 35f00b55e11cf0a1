#include "cli/console/help.h"

#include "cli/console/options.h"
#include "cli/console/placeholder.h"
#include "cli/egret_commands.h"
#include "registry/coverage/dimension.h"
#include "registry/icu/width.h"
#include "sync/daemon/egretd_commands.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

namespace egret::console {
namespace {

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

const CommandSpec* find_command(const CommandSpec& program, std::string_view name) {
    for (const auto& command : program.subcommands) {
        if (command.name == name) return &command;
    }
    return nullptr;
}

TEST_SUITE("cli/console/help") {
    TEST_CASE("the program's help names every command, in both languages") {
        for (const auto* program : {&egret_commands(), &egretd_commands()}) {
            for (const auto language : {Language::zh, Language::en}) {
                const auto help = help_text({program}, language);
                for (const auto& name : command_names(*program))
                    CHECK_MESSAGE(holds(help, "\n  " + name + " "), name);
                CHECK_FALSE(holds(help, "help."));
            }
        }
    }

    TEST_CASE("a command's help has its usage, arguments and options") {
        const auto parsed = parse(egret_commands(), {"record", "--help"});
        REQUIRE(parsed);
        const auto help = help_text(parsed->path(), Language::en);
        CHECK(holds(help, "Usage: egret record [TYPE] --woman ID [field=value…] [OPTIONS]\n"));
        CHECK(holds(help, "\n  --because TEXT"));
        CHECK(holds(help, "\n  --dir DIR"));
        CHECK(holds(help, "\n  --lang zh|en"));
        CHECK(holds(help_text(parsed->path(), Language::zh),
                    "用法：egret record [类型] --woman 编号"));
    }

    /// Those of a command and of all below it.
    void for_each_placeholder(const CommandSpec& command,
                              const std::function<void(std::string_view)>& take) {
        for (const auto& positional : command.positionals) take(positional.name);
        for (const auto& option : command.options) take(option.value);
        for (const auto& sub : command.subcommands) for_each_placeholder(sub, take);
    }

    TEST_CASE("what stands for a value is said in the language of the help") {
        for (const auto* program : {&egret_commands(), &egretd_commands()}) {
            for_each_placeholder(*program, [](std::string_view name) {
                // Of choices and examples only capitals stand for something.
                const auto chinese = placeholder(name, Language::zh);
                CHECK_MESSAGE(std::none_of(chinese.begin(), chinese.end(),
                                           [](char c) { return c >= 'A' && c <= 'Z'; }),
                              std::string(name));
                CHECK(placeholder(name, Language::en) == name);
            });
        }
        CHECK(placeholder("ID=REASON,…", Language::zh) == "编号=原因,…");
        CHECK(placeholder("field=value…", Language::zh) == "字段=值…");
        CHECK(placeholder("FACT.json", Language::zh) == "记录.json");
        CHECK(placeholder("zh|en", Language::zh) == "zh|en");
    }

    TEST_CASE("help lists every value that an option takes") {
        for (const auto* program : {&egret_commands(), &egretd_commands()}) {
            for (const auto* command : {"coverage", "due", "contact"}) {
                const auto* spec = find_command(*program, command);
                if (!spec) continue;
                const auto help = help_text({program, spec}, Language::en);
                for (const auto& option : spec->options) {
                    for (const auto choice : option.choices) CHECK(holds(help, choice));
                }
            }
        }
        const auto parsed = parse(egret_commands(), {"coverage", "--help"});
        REQUIRE(parsed);
        const auto help = help_text(parsed->path(), Language::en);
        for (const auto* key : {"area", "province", "city", "town", "village", "facility",
                                "birth_year", "birth_month"}) {
            CHECK(coverage::parse_dimension(key));
            CHECK(holds(help, key));
        }
        CHECK_FALSE(holds(help, "official"));
    }

    TEST_CASE("a command that can be given without another says so") {
        const auto usage = [](std::vector<std::string> words) {
            const auto parsed = parse(egret_commands(), std::move(words));
            REQUIRE(parsed);
            const auto help = help_text(parsed->path(), Language::en);
            return help.substr(help.find("Usage: "));
        };
        CHECK(usage({"sync", "--help"}).starts_with("Usage: egret sync [COMMAND] [OPTIONS]\n"));
        CHECK(usage({"woman", "--help"}).starts_with("Usage: egret woman COMMAND [OPTIONS]\n"));
    }

    TEST_CASE("no description is cut or wrapped by a terminal of 80 columns") {
        for (const auto* program : {&egret_commands(), &egretd_commands()}) {
            auto names = command_names(*program);
            names.emplace_back("");
            for (const auto& name : names) {
                std::vector<std::string> words = {"help"};
                for (std::size_t at = 0; at < name.size();) {
                    const auto end = std::min(name.find(' ', at), name.size());
                    words.push_back(name.substr(at, end - at));
                    at = end + 1;
                }
                const auto parsed = parse(*program, words);
                REQUIRE(parsed);
                for (const auto language : {Language::zh, Language::en}) {
                    const auto help = help_text(parsed->path(), language);
                    for (std::size_t at = 0; at < help.size();) {
                        const auto end = help.find('\n', at);
                        const auto line = help.substr(at, end - at);
                        CHECK_MESSAGE(
                            (icu::display_width(line) <= 80 || holds(line, "egret simulate") ||
                             holds(line, "egret school ")),
                            line);
                        CHECK_FALSE(line.ends_with(' '));
                        at = end + 1;
                    }
                }
            }
        }
    }
}

}  // namespace
}  // namespace egret::console
