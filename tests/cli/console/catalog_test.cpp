#include "cli/console/catalog.h"

#include "embedded/messages.h"
#include "registry/json/parse.h"
#include "tests/support/terminal.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>

namespace egret::console {
namespace {

TEST_SUITE("cli/console/catalog") {
    TEST_CASE("the program carries every file of schemas/messages") {
        std::set<std::string> there;
        for (const auto& entry :
             std::filesystem::directory_iterator(EGRET_SOURCE_DIR "/schemas/messages")) {
            there.insert("messages/" + entry.path().filename().string());
        }
        std::set<std::string> carried;
        for (const auto& file : embedded::messages()) carried.emplace(file.name);
        // A file that is missing here is to be added to cli/console/CMakeLists.txt.
        CHECK(carried == there);
    }

    TEST_CASE("gaps are filled, in both languages") {
        const Message message{"prompt.secret_file_empty", {{"path", "/tmp/pin"}}};
        CHECK(text(message, Language::en) ==
              "The first line of /tmp/pin is empty; write what is asked for there.");
        CHECK(text(message, Language::zh) == "文件 /tmp/pin 的第一行为空；请在该行写入所需内容。");
    }

    TEST_CASE("a word beside a number goes with it, where a language has two") {
        const auto said = [](const char* count, Language language) {
            return text(Message{"export.done", {{"persons", count}, {"path", "x"}}}, language);
        };
        CHECK(said("1", Language::en) == "1 person written to x.");
        CHECK(said("2", Language::en) == "2 persons written to x.");
        CHECK(said("0", Language::en) == "0 persons written to x.");
        CHECK(said("1", Language::zh) == "已将 1 人写入 x。");
    }

    TEST_CASE("a product is called by its name") {
        const auto said = [](const char* products, Language language) {
            return text(
                Message{"warning.dose_of_other_product", {{"lot", "A1"}, {"products", products}}},
                language);
        };
        CHECK(said("egret:gardasil-9", Language::en)
                  .starts_with("Lot A1 stands in stock here as "
                               "Gardasil 9, not as"));
        CHECK(said("egret:cecolin, egret:walrinvax", Language::zh)
                  .starts_with("批号A1在本机构库存中登记为馨可宁、沃泽惠，"));
        CHECK(said("cvx:118", Language::en).find("HPV vaccine, bivalent") != std::string::npos);
        CHECK(said("cvx:118", Language::zh).find("二价HPV疫苗") != std::string::npos);
        CHECK(said("x:1", Language::en).find(" x:1,") != std::string::npos);
    }

    TEST_CASE("no sentence names a field as a program would") {
        for (const auto& file : embedded::messages()) {
            const std::string name(file.name);
            CAPTURE(name);
            if (name == "messages/service.json")
                CHECK(file.content.find("substandard=") == std::string_view::npos);
        }
    }

    TEST_CASE("no sentence has a bare plural beside a number that may be one") {
        for (const auto& file : embedded::messages()) {
            const auto catalog = json::parse(file.content);
            REQUIRE(catalog);
            for (const auto& [id, texts] : catalog->as_object()) {
                const std::string name = id;
                CAPTURE(name);
                const auto& english = texts.find("en")->as_text();
                for (auto at = english.find("} "); at != std::string::npos;
                     at = english.find("} ", at + 1)) {
                    // Limits are never one.
                    const auto gap = english.substr(0, at);
                    if (gap.ends_with("{limit") || gap.ends_with("{size")) continue;
                    const auto word =
                        english.substr(at + 2, english.find_first_of(" .,;:", at + 2) - at - 2);
                    for (const auto* plural :
                         {"records", "persons", "people", "lines", "clinics", "machines", "faults",
                          "entries", "days", "months", "years", "doses", "facts", "cases", "are"})
                        CHECK(word != plural);
                }
            }
        }
    }

    TEST_CASE("an argument is only text, even with braces in it") {
        const Message message{"usage.value_missing", {{"option", "{value}"}, {"value", "{"}}};
        CHECK(text(message, Language::en) == "A value is missing; write {value} {.");
    }

    TEST_CASE("a gap without an argument stays, an unknown id is its own text") {
        CHECK(text(Message{"prompt.secret_file_empty", {}}, Language::en).find("{path}") !=
              std::string::npos);
        CHECK(text(Message{"no.such_message", {{"a", "b"}}}, Language::zh) == "no.such_message");
        CHECK(text("birth_year", Language::zh) == "birth_year");
    }

    TEST_CASE("the language is what she asks for, else EGRET_LANG, else the locale, else English") {
        tests::FakeTerminal fake;
        auto& environment = fake.environment;
        const auto chosen = [&](const std::optional<std::string>& asked = std::nullopt) {
            return choose_language(asked, fake.terminal().environment);
        };
        CHECK(chosen() == Language::en);
        environment["LANG"] = "zh_CN.UTF-8";
        CHECK(chosen() == Language::zh);
        environment["LC_MESSAGES"] = "en_GB.UTF-8";
        CHECK(chosen() == Language::en);
        environment["LC_ALL"] = "";
        CHECK(chosen() == Language::en);
        environment["LC_ALL"] = "zh_TW";
        CHECK(chosen() == Language::zh);
        environment["EGRET_LANG"] = "en";
        CHECK(chosen() == Language::en);
        CHECK(chosen("zh") == Language::zh);
        environment["EGRET_LANG"] = "fr";
        CHECK(chosen() == Language::zh);
        CHECK(chosen("fr") == Language::zh);
    }

    // docs/glossary.md: the words in its last column.
    TEST_CASE("one thing has one name in Chinese") {
        for (const auto& file : embedded::messages()) {
            for (const auto* word : {"诊所", "登记码", "加入代码"}) {
                CAPTURE(word);
                CAPTURE(std::string(file.name));
                CHECK(file.content.find(word) == std::string_view::npos);
            }
        }
    }
}

}  // namespace
}  // namespace egret::console
