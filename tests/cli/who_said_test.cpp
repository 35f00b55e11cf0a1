#include "tests/support/egret_run.h"

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::EgretRun;

bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

struct SaidRun : EgretRun {
    SaidRun() { init(); }

    json::Array said_of(const std::string& woman) {
        return done({"woman", "show", woman, "--history"}).json().find("said")->as_array();
    }
};

/// The saying of a field that is shown.
const json::Value& shown_of(const json::Array& said, std::string_view field) {
    for (const auto& one : said) {
        if (one.find("field")->as_text() == field && one.find("shown")->as_bool()) return one;
    }
    FAIL("nobody said it");
    return said.front();
}

TEST_SUITE("cli/who_said") {
    TEST_CASE_FIXTURE(SaidRun, "the history tells who said who she is, where, and in whose place") {
        const auto her = add();
        const auto edit = done({"woman", "edit", her, "birth_date=1985-03-05"}).text("event");
        const auto said = said_of(her);
        const auto& birth = shown_of(said, "birth_date");
        CHECK(birth.find("value")->as_text() == "1985-03-05");
        CHECK(birth.find("event")->as_text() == edit);
        CHECK(birth.find("recorded_on")->as_text().starts_with("2026-05-01"));
        REQUIRE(birth.find("replaced")->as_array().size() == 1);
        const auto& name = shown_of(said, "names");
        CHECK(birth.find("replaced")->as_array()[0].as_text() == name.find("event")->as_text());

        for (const char* language : {"zh", "en"}) {
            const auto plain = run({"woman", "show", her, "--history", "--lang", language});
            CHECK(says(plain.out, "1985-03-05"));
            CHECK(says(plain.out, "1985-03-04"));
            CHECK(says(plain.out, "思明区妇幼保健院"));
            CHECK(says(plain.out, edit));
        }
        CHECK_FALSE(says(run({"woman", "show", her, "--lang", "en"}).out, "1985-03-04"));
    }

    TEST_CASE_FIXTURE(SaidRun, "what two records say differently is told until she is asked") {
        const auto one = add("王小丽", "1985-03-04");
        const auto other = add("王小莉", "1985-03-04");
        const auto linked = run({"woman", "link", one, other, "--because", "same number"});
        REQUIRE(linked.status == ExitStatus::done);
        const auto disputed = done({"woman", "show", one}).json();
        REQUIRE(disputed.find("disputed"));
        CHECK(disputed.find("disputed")->as_array().size() == 1);
        CHECK(disputed.find("disputed")->as_array()[0].as_text() == "names");
        const auto plain = run({"woman", "show", one, "--lang", "en"});
        CHECK(says(plain.out, "egret woman edit"));
        CHECK(says(plain.out, "王小丽: by "));
        CHECK(says(plain.out, "王小莉: by "));
        CHECK(says(run({"woman", "show", one, "--lang", "zh"}).out, "互不知情"));

        // Also by the name that is shown already.
        done({"woman", "edit", one, "name=王小莉"});
        CHECK_FALSE(done({"woman", "show", one}).json().find("disputed"));
        // What nobody disputes is not said twice.
        CHECK(run({"woman", "edit", one, "name=王小莉"}).status == ExitStatus::refused);
    }

    TEST_CASE_FIXTURE(SaidRun, "nobody types as what she records, and nobody erases") {
        const auto her = add();
        const auto typed = run({"record", "visit", "--woman", her, "maker_role=officer"});
        CHECK(typed.status != ExitStatus::done);
        CHECK(typed.out.empty());
        CHECK_FALSE(says(run({"record", "--help", "--lang", "en"}).out, "maker_role"));
        CHECK_FALSE(says(run({"record", "--help", "--lang", "en"}).out, "erase"));
        const auto erased = run({"record", "erase", "--woman", her, "--lang", "en"});
        CHECK(erased.status != ExitStatus::done);
        CHECK(says(erased.err, "Only the centre erases"));
    }
}

}  // namespace
}  // namespace egret::cli
