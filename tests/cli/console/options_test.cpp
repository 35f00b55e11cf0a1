#include "cli/console/options.h"

#include "cli/console/catalog.h"
#include "cli/egret_commands.h"
#include "registry/base/random.h"
#include "sync/daemon/egretd_commands.h"

#include <doctest/doctest.h>

#include <set>

namespace egret::console {
namespace {

using Words = std::vector<std::string>;

Parsed read(const Words& words) {
    auto parsed = parse(egret_commands(), words);
    if (!parsed) FAIL(text(parsed.error().message, Language::en));
    return *std::move(parsed);
}

Error refused(const Words& words) {
    auto parsed = parse(egret_commands(), words);
    REQUIRE_FALSE(parsed);
    return parsed.error();
}

struct Bad {
    Words words;
    std::string id;
    std::string field;
};

const std::vector<Bad>& bad_lines() {
    static const std::vector<Bad> all = {
        {{"xyzzy"}, "usage.command_unknown", ""},
        {{"covrage", "hpv1-by-15"}, "usage.command_guess", ""},
        {{"wman", "find", "x"}, "usage.command_guess", ""},
        {{"woman"}, "usage.subcommand_missing", ""},
        {{"woman", "fnd", "x"}, "usage.command_guess", ""},
        {{"woman", "qqqqqq"}, "usage.command_unknown", ""},
        {{"sync", "stauts"}, "usage.command_guess", ""},
        {{"woman", "find", "x", "--limt", "5"}, "usage.option_guess", "--limt"},
        {{"woman", "find", "x", "--limt=5"}, "usage.option_guess", "--limt"},
        {{"woman", "find", "x", "--zzzzzz"}, "usage.option_unknown", "--zzzzzz"},
        {{"woman", "find", "x", "--王小丽"}, "usage.option_unknown", ""},
        {{"woman", "find", "x", "-q"}, "usage.option_unknown", "-q"},
        {{"--limit", "5", "woman", "find", "x"}, "usage.option_unknown", "--limit"},
        {{"sync", "--until-done", "status"}, "usage.option_unknown", "--until-done"},
        {{"woman", "find", "x", "--limit"}, "usage.value_missing", "--limit"},
        {{"woman", "find", "x", "--limit="}, "usage.value_missing", "--limit"},
        {{"woman", "find", "--limit=", "5"}, "usage.value_missing", "--limit"},
        {{"woman", "find", "x", "--limit", "--json"}, "usage.value_missing", "--limit"},
        {{"void", "ab", "--because", " "}, "usage.value_missing", "--because"},
        {{"woman", "find", "x", "--limit", "5", "--limit", "6"}, "usage.option_twice", "--limit"},
        {{"coverage", "i", "--csv=no"}, "usage.flag_value", "--csv"},
        {{"woman", "find", "x", "--limit", "many"}, "usage.not_a_number", "--limit"},
        {{"woman", "find", "x", "--limit", "-5"}, "usage.not_a_number", "--limit"},
        {{"woman", "find", "x", "--limit", "1.5"}, "usage.not_a_number", "--limit"},
        {{"woman", "find", "x", "--limit", "99999999999999999999"},
         "usage.not_a_number",
         "--limit"},
        {{"next", "ab", "--on", "2026-02-30"}, "date.no_such_day", "--on"},
        {{"next", "ab", "--on", "soon"}, "usage.not_a_day", "--on"},
        {{"next", "ab", "--on", "2026-02"}, "usage.not_a_day", "--on"},
        {{"coverage", "i", "--step", "hour"}, "usage.not_a_choice", "--step"},
        {{"coverage", "i", "--lang", "fr"}, "usage.not_a_choice", "--lang"},
        {{"coverage", "i", "--by", ","}, "usage.list_empty", "--by"},
        {{"woman", "show"}, "usage.argument_missing", "ID"},
        {{"woman", "show", ""}, "usage.argument_missing", "ID"},
        {{"woman", "link", "ab"}, "usage.argument_missing", "OTHER"},
        {{"woman", "show", "ab", "cd"}, "usage.too_many", ""},
        {{"check", "now"}, "usage.too_many", ""},
        {{"sync", "status", "now"}, "usage.too_many", ""},
        {{"void", "ab"}, "usage.option_missing", "--because"},
        {{"record", "dose", "--date", "2026-01-01"}, "usage.option_missing", "--woman"},
        {{"woman", "add"}, "usage.fields_missing", ""},
        {{"woman", "add", "王小丽"}, "usage.not_a_field", ""},
        {{"woman", "add", "name=a", "=b"}, "usage.not_a_field", ""},
        {{"correct", "date=2026-04-02"}, "usage.argument_missing", "EVENT"},
        {{"correct", "date=2026-04-02", "lot=A"}, "usage.argument_missing", "EVENT"},
        {{"woman", "edit", "phone=1", "name=a"}, "usage.argument_missing", "ID"},
        {{"woman", "find", "\xff\xfe"}, "usage.not_utf8", ""},
    };
    return all;
}

TEST_SUITE("cli/console/options") {
    TEST_CASE("a command line is read into what the table calls things") {
        const auto parsed = read({"record", "dose", "--woman", "ab12", "lot=A1", "--date=2026-03",
                                  "left.birads=4a", "types=16,18"});
        CHECK(parsed.command() == "record");
        CHECK(parsed.value("TYPE") == "dose");
        CHECK(parsed.value("woman") == "ab12");
        CHECK(parsed.value("date") == "2026-03");
        CHECK_FALSE(parsed.has("because"));
        CHECK_FALSE(parsed.find("file"));
        CHECK(parsed.fields() ==
              std::vector<FieldWord>{{"lot", "A1"}, {"left.birads", "4a"}, {"types", "16,18"}});
    }

    TEST_CASE("the value of a field may be anything") {
        const auto fields =
            read({"woman", "add", "name=王小丽", "note=a=b -- c", "phone=", "name=-x"}).fields();
        CHECK(fields ==
              std::vector<FieldWord>{
                  {"name", "王小丽"}, {"note", "a=b -- c"}, {"phone", ""}, {"name", "-x"}});
    }

    TEST_CASE("what is searched for is no command, whatever it is called") {
        CHECK(read({"woman", "find", "sync"}).value("TEXT") == "sync");
        CHECK(read({"woman", "find", "find"}).value("TEXT") == "find");
        CHECK(read({"woman", "find", "-5"}).value("TEXT") == "-5");
        CHECK(read({"woman", "find", "[a,b]"}).value("TEXT") == "[a,b]");
        CHECK(read({"woman", "find", "--", "--limit"}).value("TEXT") == "--limit");
        CHECK(read({"woman", "find", "--limit", "5", "--", "help"}).find_number("limit") == 5);
    }

    TEST_CASE("global options stand anywhere") {
        for (const auto& words : {Words{"--dir", "/r", "woman", "show", "ab"},
                                  Words{"woman", "--dir", "/r", "show", "ab"},
                                  Words{"woman", "show", "ab", "--dir=/r"}}) {
            const auto parsed = read(words);
            CHECK(parsed.command() == "woman show");
            CHECK(parsed.value("dir") == "/r");
        }
        CHECK(read({"check", "--json", "--quiet", "--lang", "zh"}).has("json"));
        CHECK(refused({"--dir", "/a", "check", "--dir", "/b"}).message.id == "usage.option_twice");
    }

    TEST_CASE("a list is split at commas, and may come in parts") {
        const auto parsed = read({"coverage", "hpv1-by-15", "--by", "area, birth_year", "--by",
                                  "facility", "--where", "area=350203,sex=female"});
        CHECK(parsed.list("by") == Words{"area", "birth_year", "facility"});
        CHECK(parsed.list("where") == Words{"area=350203", "sex=female"});
        CHECK(read({"coverage", "hpv1-by-15"}).list("by").empty());
    }

    TEST_CASE("a command with subcommands of its own can be given alone") {
        CHECK(read({"sync", "--until-done"}).has("until-done"));
        CHECK(read({"sync", "status"}).command() == "sync status");
        CHECK(read({"export", "persons"}).find("FILE") == std::nullopt);
        CHECK(read({"export", "persons", "f"}).value("FILE") == "f");
    }

    TEST_CASE("help needs nothing else to be right") {
        CHECK(read({}).has("help"));
        CHECK(read({"--json"}).has("help"));
        CHECK(read({"woman", "--help"}).command() == "woman");
        CHECK(read({"record", "-h"}).command() == "record");
        CHECK(read({"help", "woman", "add"}).command() == "woman add");
        CHECK(read({"help"}).command().empty());
        CHECK(read({"--version"}).has("version"));
        CHECK(refused({"wman", "--help"}).message.id == "usage.command_guess");
    }

    TEST_CASE("every usage error has its sentence, in both languages") {
        for (const auto& bad : bad_lines()) {
            CAPTURE(bad.words);
            const auto error = refused(bad.words);
            CHECK(error.code == ErrorCode::invalid_input);
            CHECK(error.message.id == bad.id);
            CHECK(error.field == bad.field);
            for (const auto language : {Language::zh, Language::en}) {
                const auto sentence = text(error.message, language);
                CAPTURE(sentence);
                CHECK(sentence.find('{') == std::string::npos);
                CHECK(sentence.find('}') == std::string::npos);
                const auto end = language == Language::zh ? "。" : ".";
                const auto question = language == Language::zh ? "？" : "?";
                CHECK((sentence.ends_with(end) || sentence.ends_with(question)));
                CHECK(sentence.find("王小丽") == std::string::npos);
            }
        }
    }

    TEST_CASE("a misspelt command or option is answered with the one that was meant") {
        const auto guess = [](const Words& words) {
            return text(refused(words).message, Language::en);
        };
        CHECK(guess({"covrage", "hpv1-by-15"}) ==
              "There is no such command; did you mean egret coverage?");
        CHECK(guess({"woman", "fnd", "x"}) ==
              "There is no such command; did you mean egret woman find?");
        CHECK(guess({"coverage", "x", "--known-no", "2026-01-01"}) ==
              "There is no such option here; did you mean --known-on?");
    }

    TEST_CASE("what is missing is shown in the whole command") {
        CHECK(text(refused({"record", "dose", "product=cvx:165"}).message, Language::en) ==
              "This option is needed; the command goes like this: “egret record [TYPE] --woman "
              "ID [field=value…]”.");
    }

    TEST_CASE("the manner of speaking is known even if the command is wrong") {
        const auto manner = manner_of({"nonsense", "--lang=zh", "--json"});
        CHECK(manner.language == "zh");
        CHECK(manner.json);
        CHECK_FALSE(manner.quiet);
        CHECK(manner_of({"--quiet", "--lang", "en"}).language == "en");
        CHECK_FALSE(manner_of({"--", "--json"}).json);
        CHECK_FALSE(manner_of({"--lang"}).language);
    }

    TEST_CASE("no mixture of words throws, and what is accepted can be asked for") {
        static const Words pieces = {"woman",    "find", "record", "sync",  "status",  "--json",
                                     "--lang",   "zh",   "--",     "++",    "-",       "-h",
                                     "--by=",    "a=b",  "",       "--x=y", "-5",      "王小丽",
                                     "--limit",  "3",    "--dir",  "[a,b]", "help",    "--csv",
                                     "coverage", "---",  "=",      "{}",    "--lang=", "%"};
        SeededRandom random(20260101);
        int accepted = 0;
        for (int round = 0; round < 3000; ++round) {
            Words words;
            for (auto count = random.below(6); count > 0; --count)
                words.push_back(pieces[random.below(pieces.size())]);
            const auto parsed = parse(egret_commands(), words);
            if (!parsed || parsed->has("help")) continue;
            ++accepted;
            for (const auto& positional : parsed->path().back()->positionals) {
                if (positional.count == Count::one)
                    CHECK_FALSE(parsed->value(positional.name).empty());
            }
        }
        CHECK(accepted > 10);
    }

    TEST_CASE("the tables are sound") {
        for (const auto* program : {&egret_commands(), &egretd_commands()}) {
            const auto names = command_names(*program);
            CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
            for (const auto& name : names) {
                // Declaring it to the parser refuses a name that is there twice.
                Words words = {"help"};
                for (std::size_t at = 0; at < name.size();) {
                    const auto end = std::min(name.find(' ', at), name.size());
                    words.push_back(name.substr(at, end - at));
                    at = end + 1;
                }
                const auto parsed = parse(*program, words);
                REQUIRE(parsed);
                CHECK(parsed->command() == name);
                for (const auto& option : parsed->path().back()->options) {
                    CHECK((option.form == Form::choice || option.form == Form::list ||
                           option.choices.empty()));
                    CHECK((option.form != Form::choice || !option.choices.empty()));
                    CHECK((!option.is_flag() || (!option.required && option.form == Form::text)));
                }
            }
        }
    }
}

}  // namespace
}  // namespace egret::console
