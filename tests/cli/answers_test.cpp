// What commands say of what was typed: whom they registered, what they doubt, what was meant.

#include "tests/support/egret_run.h"
#include "tests/support/pseudo_terminal.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace egret::tests {
namespace {

using console::ExitStatus;

bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

struct AnswerRun : EgretRun {
    AnswerRun() { init(); }

    std::string girl(const std::string& name, Words more = {}) {
        Words words = {"woman",      "add",         "name=" + name, "birth_date=2012-05-05",
                       "sex=female", "area=350203", "school=一中",  "school_area=350203"};
        words.insert(words.end(), more.begin(), more.end());
        return done(words).text("id");
    }

    std::size_t count(const std::string& text) {
        return done({"woman", "find", text}).json().as_array().size();
    }
};

// A resident number whose check digit is right: a woman born on 1985-03-04 in Siming.
constexpr auto number = "resident_id=350203198503040028";

TEST_SUITE("cli/answers") {
    TEST_CASE_FIXTURE(AnswerRun, "who was registered is said, also what her number brought") {
        const auto chinese = run({"woman", "add", "name=林小燕", number, "--lang", "zh"});
        REQUIRE_MESSAGE(chinese.status == ExitStatus::done, chinese.err);
        CHECK(says(chinese.out, "林小燕，女，1985-03-04"));
        const auto english =
            run({"woman", "add", "name=陈雨", "birth_date=2012-06-01", "sex=male", "--lang", "en"});
        CHECK(says(english.out, "陈雨, male, 2012-06-01"));
    }

    TEST_CASE_FIXTURE(AnswerRun, "a number given twice is asked about, a script is told the undo") {
        const Words add = {"woman", "add", "name=林小燕", number, "--lang", "en"};
        REQUIRE(run(add).status == ExitStatus::done);
        const auto script = run(add);
        CHECK(script.status == ExitStatus::done);
        CHECK(says(script.err, "is registered already"));
        CHECK(says(script.err, "egret void "));
        CHECK(says(script.err, "egret woman link "));
        CHECK(count("林小燕") == 2);
        is_interactive = true;
        PseudoTerminal refusing;
        asked_at = refusing.path();
        std::thread silent([&] { refusing.answer("not recorded. ", "\n"); });
        CHECK(run(add).status == ExitStatus::refused);
        silent.join();
        PseudoTerminal explaining;
        asked_at = explaining.path();
        std::thread nurse([&] { explaining.answer("not recorded. ", "typed wrongly before\n"); });
        CHECK(run(add).status == ExitStatus::done);
        nurse.join();
        is_interactive = false;
        CHECK(count("林小燕") == 3);
    }

    TEST_CASE_FIXTURE(AnswerRun, "who has no phone is called by her guardian's, and found by it") {
        const auto id = girl("陈小丽", {"guardian.name=陈大山", "guardian.phone=13911111111"});
        CHECK(says(run({"due", "--lang", "zh"}).out, "13911111111（监护人）"));
        CHECK(says(run({"due", "--csv", "--lang", "en"}).out, "13911111111 (guardian)"));
        for (const auto* typed : {"13911111111", "1111", "陈大山", "cds"}) {
            const std::string searched = typed;
            CAPTURE(searched);
            CHECK(count(searched) == 1);
        }
        done({"woman", "edit", id, "phone=13922222222"});
        CHECK(says(run({"due", "--lang", "zh"}).out, "13922222222"));
        CHECK_FALSE(says(run({"due", "--lang", "zh"}).out, "监护人"));
    }

    TEST_CASE_FIXTURE(AnswerRun, "who has another name or number now is found by that of before") {
        const auto id = girl("郑玲", {"phone=13911111111"});
        done({"woman", "edit", id, "name=郑改", "phone=13922222222"});
        const auto found = [&](const char* typed, const char* language) {
            return run({"woman", "find", typed, "--lang", language}).out;
        };
        CHECK(says(found("郑玲", "zh"), "郑改（曾用名：郑玲）"));
        CHECK(says(found("zhengling", "en"), "郑改 (formerly 郑玲)"));
        CHECK(says(found("13911111111", "zh"), "郑改（原号码：13911111111）"));
        CHECK(says(found("1111", "en"), "郑改 (former number 13911111111)"));
        CHECK_FALSE(says(found("郑", "zh"), "曾用名"));
        CHECK_FALSE(says(found("2222", "zh"), "原号码"));
        const auto row = done({"woman", "find", "郑玲"}).json().as_array().at(0);
        CHECK(row.find("name")->as_text() == "郑改");
        CHECK(row.find("former_name")->as_text() == "郑玲");
        CHECK_FALSE(row.find("former_phone"));
    }

    TEST_CASE_FIXTURE(AnswerRun, "two who differ are linked with a warning that says in what") {
        const auto one = done({"woman", "add", "name=甲", number}).text("id");
        const auto other =
            done({"woman", "add", "name=乙", "resident_id=35020320120601002X"}).text("id");
        const auto linked = run({"woman", "link", one, other, "--lang", "en"});
        CHECK(linked.status == ExitStatus::done);
        CHECK(says(linked.err, "different resident numbers"));
        CHECK(says(linked.err, "different birth dates"));
        CHECK(says(linked.err, "egret woman unlink"));
        CHECK_FALSE(says(linked.err, "3502"));
        const auto third =
            done({"woman", "add", "name=丙", "birth_date=1985-03", "sex=female"}).text("id");
        const auto fourth = add("丁", "1985-03-09");
        CHECK(run({"woman", "link", third, fourth}).err == "");
    }

    TEST_CASE_FIXTURE(AnswerRun, "a day asked about by --today is kept by records alone") {
        const auto id = girl("陈小丽");
        const auto asked = run({"due", "--today", "2027-06-01", "--lang", "en"});
        CHECK(says(asked.out, "2027-06-01: 1 entry"));
        CHECK(says(run({"due", "--lang", "en"}).out, "2026-05-01: 1 entry"));
        CHECK(says(run({"school", "list", "--school", "一中", "--lang", "en"}).out, "2026-05-01"));
        done({"record", "visit", "--woman", id, "--today", "2027-06-01"});
        CHECK(says(run({"due", "--lang", "en"}).out, "2027-06-01: 1 entry"));
    }

    TEST_CASE_FIXTURE(AnswerRun, "a vaccine by its name is answered with its code") {
        const auto id = girl("陈小丽");
        const auto said = [&](const std::string& product) {
            const auto ran =
                run({"record", "dose", "--woman", id, "product=" + product, "--lang", "en"});
            CHECK(ran.status == ExitStatus::usage);
            CHECK_FALSE(says(ran.err, "cvx:165"));
            return ran.err;
        };
        CHECK(says(said("cecolin"), "did you mean egret:cecolin?"));
        CHECK(says(said("gardasil9"), "did you mean egret:gardasil-9?"));
        CHECK(says(said("Gardasil 9"), "did you mean egret:gardasil-9?"));
        CHECK(says(said("馨可宁"), "did you mean egret:cecolin?"));
        CHECK(says(said("馨可宁9"), "did you mean egret:cecolin-9?"));
        CHECK(says(said("egret:cecolinn"), "did you mean egret:cecolin?"));
        CHECK(says(said("aspirin"), "egret record dose --help"));
        const auto tick =
            run({"school", "tick", id, "--school", "一中", "--round", "r", "--date", "2026-05-01",
                 "--product", "cecolin", "--lot", "A1", "--lang", "en"});
        CHECK(says(tick.err, "did you mean egret:cecolin?"));
        const auto stock = run({"stock", "receive", "lot=A1", "product=馨可宁", "quantity=1"});
        CHECK(says(stock.err, "egret:cecolin"));
    }

    TEST_CASE_FIXTURE(AnswerRun, "a field that isn't known is named, a value never is") {
        const auto id = girl("陈小丽");
        const auto dose = [&](const std::string& word) {
            return run({"record", "dose", "--woman", id, word, "--lang", "en"}).err;
        };
        CHECK(says(dose("datum=2026-01-01"), "datum: There is no such field"));
        CHECK_FALSE(says(dose("林小燕=1"), "林小燕"));
        CHECK(says(dose("林小燕"), "Word 2 after the command"));
        CHECK_FALSE(says(dose("林小燕"), "林小燕"));
        CHECK(says(run({"record", "dose", id, "product=egret:cecolin", "--lang", "en"}).err,
                   "--woman"));
        const auto recall = run({"stock", "recall", "lots=A1", "reason=x", "--lang", "en"});
        CHECK(says(recall.err, "doesn't belong to a record of this kind"));
        CHECK_FALSE(says(recall.err, "expired"));
    }

    TEST_CASE_FIXTURE(AnswerRun,
                      "conditions and results of a contact may be typed by their names") {
        const auto id = girl("陈小丽");
        const auto action = done({"due"}).json().as_array().front().find("id")->as_text();
        done({"contact", action, "--outcome", "未联系上", "--method", "电话"});
        const auto shown = run({"woman", "show", id, "--lang", "zh"}).out;
        CHECK(says(shown, "联系结果：未联系上"));
        CHECK_FALSE(says(shown, "转归"));
        CHECK(says(run({"contact", "--help", "--lang", "zh"}).out, "not_reached (未联系上)"));
        CHECK(says(run({"contact", action, "--outcome", "x", "--lang", "en"}).err, "not_reached"));
        done({"record", "flag", "--woman", id, "code=妊娠", "from=2026-04-01"});
        CHECK(says(done({"woman", "show", id}).out, "\"pregnant\""));
        const auto refused = run({"record", "flag", "--woman", id, "code=x", "--lang", "en"});
        CHECK(says(refused.err, "allergy_yeast"));
    }

    TEST_CASE_FIXTURE(AnswerRun, "figures of nobody, and hidden ones, are explained") {
        girl("陈小丽");
        const auto before =
            run({"coverage", "hpv1-by-15", "--on", "2026-03-31", "--lang", "en"}).out;
        CHECK(says(before, "Nobody who belongs was registered on that day"));
        const auto now = run({"coverage", "hpv1-by-15", "--lang", "en"}).out;
        CHECK_FALSE(says(now, "Nobody who belongs"));
        CHECK_FALSE(says(now, "*:"));
        const auto hidden = run({"coverage", "hpv1-by-15", "--role", "public", "--lang", "en"}).out;
        CHECK(says(hidden, "*: not shown to this role"));
        const auto earlier =
            run({"coverage", "hpv1-by-15", "--known-on", "2020-01-01", "--lang", "en"}).out;
        CHECK(says(earlier, "no clinic's facts had come in"));
        CHECK_FALSE(says(run({"coverage", "nosuch", "--lang", "en"}).err, "egret indicators"));
    }
}

}  // namespace
}  // namespace egret::tests
