#include "tests/support/egret_run.h"

#include <filesystem>

namespace egret::cli {
namespace {

using console::ExitStatus;

struct FormRun : tests::EgretRun {
    FormRun() { init(); }

    /// Typed wrongly, and nothing is made or answered.
    void check_refused(const Words& words, std::string_view option) {
        for (const auto* language : {"en", "zh"}) {
            auto typed = words;
            typed.insert(typed.end(), {"--lang", language});
            const auto ran = run(typed);
            CHECK(ran.status == ExitStatus::usage);
            CHECK(ran.out == "");
            CHECK(ran.err.find(option) != std::string::npos);
        }
        CHECK_FALSE(std::filesystem::exists(page));
    }

    std::string page = dir.file("page.html");
};

TEST_SUITE("cli/answer_form") {
    TEST_CASE_FIXTURE(FormRun, "a list is asked for in one form, not in two") {
        check_refused({"due", "--csv", "--json"}, "--csv");
        check_refused({"due", "--csv", "--html", page}, "--csv");
        check_refused({"due", "--json", "--html", page}, "--html");
        check_refused({"due", "--csv", "--json", "--html", page}, "--csv");
        for (const auto* option : {"--csv", "--html"}) {
            check_refused({"school", "list", "--school", "一中", option, page, "--json"}, option);
        }
        check_refused({"coverage", "hpv1-by-15", "--csv", "--json"}, "--csv");
    }

    TEST_CASE_FIXTURE(FormRun, "a list in one form is given so, and two files of one are two") {
        done({"woman", "edit", add("林小雨", "2013-03-04"), "school=一中"});
        CHECK(run({"due", "--csv"}).out.find(',') != std::string::npos);
        CHECK(done({"due"}).json().is_array());
        CHECK(run({"due", "--html", page}).status == ExitStatus::done);
        CHECK(std::filesystem::exists(page));
        const auto table = dir.file("list.csv");
        const auto other = dir.file("list.html");
        CHECK(run({"school", "list", "--school", "一中", "--csv", table, "--html", other}).status ==
              ExitStatus::done);
        CHECK(std::filesystem::exists(table));
        CHECK(std::filesystem::exists(other));
    }

    TEST_CASE_FIXTURE(FormRun, "what can't be done a second time says what can") {
        const auto one = add();
        const auto other = add("李桂芳", "1970-02-03");
        const auto event =
            done({"record", "visit", "--woman", one, "--date", "2026-04-01"}).text("event");
        done({"void", event, "--because", "x"});
        for (const auto* language : {"en", "zh"}) {
            const auto says = [&](Words words, std::string_view command) {
                words.insert(words.end(), {"--lang", language});
                const auto ran = run(words);
                CHECK(ran.status == ExitStatus::refused);
                CHECK_MESSAGE(ran.err.find(command) != std::string::npos, ran.err);
            };
            says({"void", event, "--because", "x"}, "egret log show");
            says({"woman", "unlink", one, other, "--because", "x"}, "egret woman show");
            says({"due", "--nurse", "陈护士"}, "egret log show");
        }
        done({"woman", "link", one, other, "--because", "x"});
        for (const auto* language : {"en", "zh"}) {
            const auto ran =
                run({"woman", "link", one, other, "--because", "x", "--lang", language});
            CHECK(ran.err.find("egret woman unlink") != std::string::npos);
        }
    }
}

}  // namespace
}  // namespace egret::cli
