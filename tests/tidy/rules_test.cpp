// Each house rule bites: a small breach is found where it stands, and what is allowed is let be.

#include "tests/tidy/rules.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::tidy {
namespace {

const House& small_house() {
    static const auto house = House::parse(
        "registry/base 0 base \n"
        "registry/domain 1 domain base\n"
        "registry/sqlite 1 sqlite base\n"
        "registry/crypto 1 crypto base\n"
        "registry/json 1 json base\n"
        "registry/rules 2 rules domain\n"
        "registry/store 3 store domain,sqlite,rules\n"
        "sync/http 2 sync_http base\n"
        "cli 6 cli store\n"
        "cli/console 5 console base\n");
    return house;
}

std::vector<Source> small_tree() {
    std::vector<Source> all;
    for (const char* path :
         {"registry/base/date.h", "registry/domain/dose.h", "registry/domain/detail/fold.h",
          "registry/sqlite/database.h", "registry/rules/due.h", "registry/store/log.h",
          "cli/console/table.h", "tests/support/folder.h"}) {
        all.push_back({path, "#pragma once\n"});
    }
    return all;
}

/// What the breaches say, or "" for none.
std::string told(const Breaches& breaches) {
    std::string text;
    for (const auto& breach : breaches) text += breach.to_string() + "\n";
    return text;
}

std::string ours(const std::string& path, const std::string& text) {
    return told(check_our_includes({path, text}, small_house(), small_tree()));
}

std::string foreign(const std::string& path, const std::string& header) {
    return told(check_foreign_includes({path, "#include <" + header + ">\n"}, small_house()));
}

std::string banned(const std::string& path, const std::string& text) {
    return told(check_banned({path, text}));
}

TEST_SUITE("tidy/rules") {
    TEST_CASE("text is told from comments and strings, in place") {
        const std::string text =
            "int a = 1'000; // \"new\" 'x\n"
            "auto b = \"// no comment \\\" new\"; /* new\n new */ char c = '\"';\n"
            "auto d = R\"x(\" new )\" )x\"; int e;\n";
        const auto code = blank_except(text, Keep::code);
        CHECK(code.size() == text.size());
        CHECK(find_words(code, "new").empty());
        CHECK(code.find("int a = 1'000;") == 0);
        CHECK(code.find("char c =") == text.find("char c ="));
        CHECK(code.find("int e;") == text.find("int e;"));
        CHECK(line_of(code, code.find("int e;")) == 4);
        const auto strings = blank_except(text, Keep::code_and_strings);
        CHECK(strings.find("no comment") == text.find("no comment"));
        CHECK(find_words(strings, "new").size() == 2);
        const auto comments = blank_except(text, Keep::comments);
        CHECK(comments.find("int") == std::string::npos);
        CHECK(find_words(comments, "new").size() == 3);
    }

    TEST_CASE("an include in a comment or a string is none") {
        const auto found = includes_of(
            "// #include <a>\n#include <vector>\n  #  include \"registry/base/date.h\"\n"
            "auto x = R\"(\n#include <b>\n)\";\n/*\n#include <c>\n*/\n");
        REQUIRE(found.size() >= 2);
        CHECK(found[0].path == "vector");
        CHECK(found[0].line == 2);
        CHECK(found[1].quoted);
        CHECK(found[1].path == "registry/base/date.h");
    }

    TEST_CASE("a module includes what it uses, directly or through another") {
        CHECK(ours("registry/store/log.cpp",
                   "#include \"registry/store/log.h\"\n"
                   "#include \"registry/domain/dose.h\"\n"
                   "#include \"registry/base/date.h\"\n"
                   "#include \"embedded/local.h\"\n") == "");
        CHECK(ours("tests/store_test.cpp",
                   "#include \"registry/store/log.h\"\n"
                   "#include \"tests/support/folder.h\"\n") == "");
    }

    TEST_CASE("a module does not include one on its own floor or above") {
        CHECK(ours("registry/domain/dose.cpp", "\n#include \"registry/sqlite/database.h\"\n") ==
              "registry/domain/dose.cpp:2: is on floor 1 and includes registry/sqlite/database.h "
              "on floor 1\n");
        CHECK(ours("registry/rules/due.cpp", "#include \"registry/store/log.h\"\n") != "");
    }

    TEST_CASE("a module does not include a lower one that it does not use") {
        CHECK(ours("registry/rules/due.cpp", "#include \"registry/sqlite/database.h\"\n") ==
              "registry/rules/due.cpp:1: includes registry/sqlite/database.h, but rules does not "
              "use sqlite\n");
    }

    TEST_CASE("an include goes from the root, to a file that is there, and not into an inside") {
        CHECK(ours("registry/domain/dose.cpp", "#include \"dose.h\"\n") != "");
        CHECK(ours("registry/domain/dose.cpp", "#include \"registry/base/gone.h\"\n") != "");
        CHECK(ours("registry/domain/dose.cpp", "#include \"registry/domain/detail/fold.h\"\n") ==
              "");
        CHECK(ours("registry/rules/due.cpp", "#include \"registry/domain/detail/fold.h\"\n") != "");
        CHECK(ours("tests/due_test.cpp", "#include \"registry/domain/detail/fold.h\"\n") != "");
        CHECK(ours("registry/rules/due.cpp", "#include \"tests/support/folder.h\"\n") != "");
    }

    TEST_CASE("every file of the product belongs to a module or is a program") {
        CHECK(ours("registry/lost/a.cpp", "") != "");
        CHECK(ours("cli/main.cpp", "") == "");
        CHECK(ours("cli/console/table.cpp", "") == "");
    }

    TEST_CASE("third-party headers stay with their owners, in .cpp files") {
        CHECK(foreign("registry/sqlite/database.cpp", "sqlite3.h") == "");
        CHECK(foreign("registry/store/log.cpp", "sqlite3.h") != "");
        CHECK(foreign("registry/sqlite/database.h", "sqlite3.h") != "");
        CHECK(foreign("registry/crypto/hash.cpp", "openssl/evp.h") == "");
        CHECK(foreign("sync/http/adapter.cpp", "openssl/evp.h") != "");
        CHECK(foreign("sync/http/adapter.cpp", "openssl/ssl.h") == "");
        CHECK(foreign("sync/http/adapter.cpp", "Poco/Net/HTTPServer.h") == "");
        CHECK(foreign("registry/store/log.cpp", "Poco/Net/HTTPServer.h") != "");
        CHECK(foreign("registry/json/value.cpp", "nlohmann/json.hpp") == "");
        CHECK(foreign("registry/json/value.h", "nlohmann/json.hpp") != "");
        CHECK(foreign("registry/json/value.h", "nlohmann/json_fwd.hpp") == "");
        CHECK(foreign("cli/console/options.cpp", "CLI/CLI.hpp") == "");
        CHECK(foreign("cli/main.cpp", "CLI/CLI.hpp") != "");
        CHECK(foreign("registry/store/log.cpp", "doctest/doctest.h") != "");
        CHECK(foreign("tests/log_test.cpp", "doctest/doctest.h") == "");
        CHECK(foreign("registry/store/log.cpp", "boost/any.hpp") != "");
        CHECK(foreign("registry/store/log.cpp", "unistd.h") == "");
        CHECK(foreign("registry/store/log.cpp", "string.h") != "");
    }

    TEST_CASE("the floors that a doctor may read use std alone") {
        CHECK(foreign("registry/domain/dose.cpp", "vector") == "");
        CHECK(foreign("registry/domain/dose.cpp", "unistd.h") != "");
        CHECK(foreign("registry/rules/due.cpp", "nlohmann/json.hpp") != "");
        CHECK(foreign("registry/coverage/cube.cpp", "sys/mman.h") != "");
    }

    TEST_CASE("a file that no target builds and a header that nobody includes are dead") {
        const std::vector<Source> all = {
            {"registry/base/a.h", ""},
            {"registry/base/b.h", ""},
            {"registry/base/a.cpp", "#include \"registry/base/a.h\"\n"},
            {"registry/base/c.cpp", ""}};
        CHECK(told(check_dead_files(all, {"registry/base/a.cpp"})) ==
              "registry/base/b.h: nobody includes this header\n"
              "registry/base/c.cpp: no target builds this file\n");
    }

    TEST_CASE("a file has 500 lines of 100 characters, whatever their bytes") {
        std::string lines;
        for (int i = 0; i < 500; ++i) lines += "x;\n";
        CHECK(told(check_form({"a.cpp", lines})) == "");
        CHECK(told(check_form({"a.cpp", lines + "x;\n"})) != "");
        std::string wide;
        for (int i = 0; i < 100; ++i) wide += "宽";
        CHECK(told(check_form({"a.cpp", wide + "\n"})) == "");
        CHECK(told(check_form({"a.cpp", wide + "x\n"})) ==
              "a.cpp:1: is 101 columns wide, more "
              "than 100\n");
        CHECK(told(check_form({"a.cpp", "\tx\n"})) != "");
    }

    TEST_CASE("a header starts with #pragma once") {
        CHECK(told(check_form({"a.h", "#pragma once\n"})) == "");
        CHECK(told(check_form({"a.h", "// Why.\n\n#pragma once\nint a;\n"})) == "");
        CHECK(told(check_form({"a.h", "int a;\n#pragma once\n"})) != "");
        CHECK(told(check_form({"a.h", "// #pragma once\n"})) != "");
    }

    TEST_CASE("each banned call is found, in code and nowhere else") {
        for (const char* call :
             {"std::regex r;", "auto t = std::chrono::system_clock::now();", "int a = rand();",
              "srand(1);", "std::random_device d;", "std::mt19937 g;", "strtok(a, b);",
              "gmtime(&t);", "localtime_r(&t, &u);", "using namespace std;",
              "std::shared_ptr<int> p;", "auto p = std::make_shared<int>(1);"}) {
            CAPTURE(call);
            CHECK(banned("registry/store/log.cpp", call) != "");
            CHECK(banned("registry/store/log.cpp", std::string("// ") + call) == "");
            CHECK(banned("registry/store/log.cpp", std::string("f(R\"(") + call + ")\");") == "");
        }
        CHECK(banned("registry/base/clock.cpp", "std::chrono::system_clock::now();") == "");
        CHECK(banned("tests/a_test.cpp", "std::shared_ptr<int> p;") == "");
        CHECK(banned("tests/a_test.cpp", "std::this_thread::sleep_for(1s);") != "");
        CHECK(banned("registry/store/log.cpp", "int operand(int);") == "");
    }

    TEST_CASE("a program doesn't look at women past the audit") {
        for (const std::string look :
             {"clinic.load_history(id);", "clinic.for_each_history(f);", "clinic.members_of(id);",
              "service::make_card(clinic, history);", "clinic.search().find(typed, 5);",
              "clinic.women().list({}, 5);", "clinic.log().events_of(ids);"}) {
            CAPTURE(look);
            CHECK(banned("cli/some_commands.cpp", look) != "");
            CHECK(banned("web/page.cpp", look) != "");
            CHECK(banned("registry/service/recorder.cpp", look) == "");
            CHECK(banned("tests/a_test.cpp", look) == "");
        }
        CHECK(banned("cli/typed_ids.cpp", "clinic.women().with_beginning(digits, 2);") == "");
        CHECK(banned("cli/typed_ids.cpp", "clinic.load_history(id);") != "");
    }

    TEST_CASE("catch (...) throws on, ends, or stands at the edge to C") {
        const auto caught = [](const std::string& text) {
            return told(check_catch_all({"a.cpp", text}));
        };
        CHECK(caught("try { f(); } catch (...) {\n}\n") != "");
        CHECK(caught("try { f(); } catch (...) { return 1; }\nthrow 2;\n") != "");
        CHECK(caught("try { f(); } catch (...) { if (a) { b(); } throw; }\n") == "");
        CHECK(caught("try { f(); } catch (...) { std::abort(); }\n") == "");
        CHECK(caught("try { f(); } catch (...) { e = std::current_exception(); }\n") == "");
        CHECK(caught("// C boundary: SQLite is below us.\n} catch (...) { return 1; }\n") == "");
        CHECK(caught("try { f(); } catch (const E&) { }\n") == "");
    }

    TEST_CASE("a bare new or delete is found, the hand-over to Poco is let be") {
        const auto owned = [](const std::string& text) {
            return told(check_ownership({"a.cpp", text}));
        };
        CHECK(owned("#include <new>\n") == "");
        CHECK(owned("auto* a = new A;\n") != "");
        CHECK(owned("return new A;  // Poco takes ownership.\n") == "");
        CHECK(owned("// Poco takes ownership.\nreturn new A;\n") == "");
        CHECK(owned("// Poco takes ownership.\nf();\nreturn new A;\n") != "");
        CHECK(owned("delete a;\n") != "");
        CHECK(owned("A(const A&) = delete;\nint newest;\n") == "");
    }

    TEST_CASE("a folder of somebody's machine and work left for later are found") {
        const auto spoken = [](const std::string& text) {
            return told(check_speech({"docs/a.md", text}));
        };
        CHECK(spoken("see /wo"
                     "rk/main\n") ==
              "docs/a.md:1: says /wo"
              "rk/: names a folder of "
              "somebody's machine\n");
        CHECK(spoken("\n// TO"
                     "DO: later\n") != "");
        CHECK(spoken("FIX"
                     "ME\n") != "");
        CHECK(spoken("the library of the network worked on\n") == "");
    }

    TEST_CASE("a link leads to a file or folder of the tree, or out of it") {
        const auto links = [](const std::string& text) {
            return told(check_links({"docs/a.md", text}, {"docs/adr/0001.md", "README.md"}));
        };
        CHECK(links("[a](adr/0001.md) [b](adr) [c](../README.md#part) [d](#here)\n") == "");
        CHECK(links("[a](https://example.org/none)\n") == "");
        CHECK(links("\n[a](adr/0002.md)\n") ==
              "docs/a.md:2: links to docs/adr/0002.md, which is not there\n");
        CHECK(links("[a](README.md)\n") != "");
    }

    TEST_CASE("a module without its row in the table of floors is found") {
        const auto house = House::parse("registry/base 0 base \nsync/core 3 sync_core base\n");
        const Source document{"docs/architecture.md",
                              "| 0 | `registry/base/` | a |\n| 2 | `sync/core/` | b |\n"};
        CHECK(told(check_floor_table(document, house)) ==
              "docs/architecture.md: has no row \"| 3 | `sync/core/` | …\"\n");
    }

    TEST_CASE("a message file is objects of two languages, each id once") {
        const auto read = [](const std::string& text) {
            Catalog catalog;
            catalog["a.there"] = {"first.json", "A.", "甲。"};
            return told(read_messages({"second.json", text}, catalog));
        };
        CHECK(read(R"({"b.x": {"en": "B.", "zh": "乙。"}})") == "");
        CHECK(read(R"({"a.there": {"en": "B.", "zh": "乙。"}})") != "");
        CHECK(read(R"({"b.x": {"en": "B.", "zh": "乙。"}, "b.x": {"en": "C.", "zh": "丙。"}})") !=
              "");
        CHECK(read(R"({"b.x": {"en": "B."}})") != "");
        CHECK(read(R"({"b.x": {"en": "B.", "zh": "乙。", "fr": "C."}})") != "");
        CHECK(read("[]") != "");
        CHECK(read("{") != "");
    }

    TEST_CASE("a use of a message is found with the gaps that it fills") {
        const auto uses = message_uses(
            {"a.cpp",
             "f(msg(\"a.b\"));\n// msg(\"no\")\nmsg(\n    \"c.d\", {{\"limit\", "
             "text(\"x, {y}\", {1})}, {\"path\", p}});\nmsg(\"e.f\", given);\nmsg(id);\n"});
        REQUIRE(uses.size() == 3);
        CHECK(uses[0].id == "a.b");
        CHECK(uses[0].arguments_known);
        CHECK(uses[0].arguments.empty());
        CHECK(uses[1].id == "c.d");
        CHECK(uses[1].line == 3);
        CHECK(uses[1].arguments_known);
        CHECK(uses[1].arguments == std::vector<std::string>{"limit", "path"});
        CHECK(uses[2].id == "e.f");
        CHECK_FALSE(uses[2].arguments_known);
    }

    TEST_CASE("messages are complete, equal in their gaps, sentences, and used") {
        const auto checked = [](const Text& text, const std::string& code) {
            return told(check_messages({{"a.b", text}}, {{"registry/a.cpp", code}}));
        };
        const std::string use = "msg(\"a.b\", {{\"limit\", l}});";
        CHECK(checked({"f", "At most {limit}.", "最多 {limit}。"}, use) == "");
        CHECK(checked({"f", "At most {limit}.", "最多 {max}。"}, use) != "");
        CHECK(checked({"f", "At most {limit.", "最多 {limit}。"}, use) != "");
        CHECK(checked({"f", "At most {limit}", "最多 {limit}"}, use) != "");
        CHECK(checked({"f", "At most {limit}.", "最多 {limit}"}, "g(\"a.b\");") != "");
        CHECK(checked({"f", "Limit", "上限"}, "g(\"a.b\");") == "");
        CHECK(checked({"f", "At most {limit}.", "At most {limit}."}, use) != "");
        CHECK(checked({"f", "最多 {limit}。", "最多 {limit}。"}, use) != "");
        CHECK(checked({"f", "At most.", "最多。"}, use) != "");
        CHECK(checked({"f", "At most {limit}.", "最多 {limit}。"}, "msg(\"a.b\");") != "");
        CHECK(checked({"f", "Limit", "上限"}, "// \"a.b\"\n") != "");
        CHECK(checked({"f", "Limit", "上限"}, "g(\"a.b\"); msg(\"a.c\");") != "");
        CHECK(checked({"f", "{limit} {limit:day|days}.", "{limit} 天。"}, use) == "");
        CHECK(checked({"f", "{limit} {limit:days}.", "{limit} 天。"}, use) != "");
        CHECK(checked({"f", "{limit} {max:day|days}.", "{limit} 天。"}, use) != "");
    }
}

}  // namespace
}  // namespace egret::tidy
