// Who sees a woman leaves an entry: every command of the program is held to that, and one that
// nobody has put on the list below fails.

#include "tests/cli/every_command.h"

#include <set>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::AuditRun;
using tests::changing;
using tests::elsewhere;
using tests::EveryCommand;
using tests::looking;
using tests::Row;
using Words = tests::EgretRun::Words;

TEST_SUITE("cli/audit_commands") {
    TEST_CASE_FIXTURE(EveryCommand, "every command leaves an entry of whom it shows or changes") {
        std::set<std::string> held;
        const auto hold_all = [&](const std::vector<Row>& rows, const std::vector<Words>& forms) {
            for (const auto& row : rows) {
                held.insert(row.command);
                for (const auto& more : forms) hold(row, more);
            }
        };
        // What looks does so in both forms, and leaves the same.
        hold_all(looking(*this), {{}, {"--json"}, {"--lang", "zh"}});
        hold({"recall", {}, {}}, {});
        hold({"recall", {}, {"listed:recall_list"}}, {"--json"});
        hold({"recall", {}, {"listed:recall_list"}}, {"--csv"});
        hold({"due", {}, {"listed:due_list"}}, {"--csv"});
        hold({"due", {}, {"listed:due_list"}, ExitStatus::done, dir.file("due.html")},
             {"--html", dir.file("due.html")});
        hold_all(elsewhere(*this), {{}});
        hold_all(changing(*this), {{}});
        for (const auto& name : console::command_names(egret_commands()))
            CHECK_MESSAGE(held.contains(name), name, ": put it on one of the lists above");
        CHECK(run({"audit", "verify"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(EveryCommand, "the answer of a change tells of nobody else, in JSON too") {
        for (const auto& row : changing(*this)) hold(row, {"--json"});
    }

    TEST_CASE_FIXTURE(AuditRun, "nothing typed in a search, and no name, is in the audit") {
        run({"woman", "find", "王小丽"});
        run({"woman", "find", "13912345678"});
        run({"woman", "edit", her, "phone=13912345678", "alias=小丽"});
        const auto clinic = open();
        sqlite::Statement all(clinic->database(), "SELECT entry FROM audit");
        auto row = all.start();
        int count = 0;
        while (row.next()) {
            const std::string entry(text_of(row.blob_view(0)));
            for (const auto* secret : {"王", "丽", "陈雨", "林静", "13912345678", "一中", "A1"})
                CHECK_MESSAGE(entry.find(secret) == std::string::npos, secret);
            ++count;
        }
        CHECK(count > 10);
    }

    TEST_CASE_FIXTURE(AuditRun, "the audit is a table, its newest entry last") {
        run({"woman", "find", "王小丽"});
        run({"woman", "show", her});
        const auto shown = run({"audit", "show"}).out;
        CHECK(shown.find("林护士") != std::string::npos);
        CHECK(shown.find("searched: name") < shown.find("looked at: record"));
        CHECK(shown.find(her) != std::string::npos);
        CHECK(shown.find("2026-05-01 12:00") != std::string::npos);
        const auto chinese = run({"audit", "show", "--lang", "zh"}).out;
        CHECK(chinese.find("查看：档案") != std::string::npos);
        CHECK(chinese.find("检索：姓名") != std::string::npos);
        CHECK(chinese.find("负责人") != std::string::npos);
        CHECK(chinese.find("审计") != std::string::npos);
        const auto all = run({"audit", "show", "--woman", her, "--limit", "1", "--json"}).json();
        REQUIRE(all.as_array().size() == 1);
        CHECK(all.as_array()[0].find("action")->as_text() == "audit_shown");
        CHECK(all.as_array()[0].find("name")->as_text() == "林护士");
        CHECK(all.as_array()[0].find("day")->as_text() == "2026-05-01");
    }

    TEST_CASE_FIXTURE(AuditRun, "what is asked of the audit can be typed wrongly") {
        CHECK(run({"audit", "show", "--from", "2026-05-02", "--to", "2026-05-01"}).status ==
              ExitStatus::usage);
        CHECK(run({"audit", "show", "--user", "nobody"}).err.find("林护士") != std::string::npos);
        CHECK(run({"audit", "show", "--woman", "zz"}).status == ExitStatus::refused);
        const auto none = run({"audit", "show", "--to", "2020-01-01", "--lang", "zh"});
        CHECK(none.status == ExitStatus::done);
        CHECK(none.out.find("没有这样的条目") != std::string::npos);
        const auto some = run({"audit", "show", "--user", "林护士", "--limit", "2"});
        CHECK(some.out.find("--limit") != std::string::npos);
        CHECK(run({"audit", "show", "--limit", "2", "--json"}).err.find("\"more\"") !=
              std::string::npos);
    }

    TEST_CASE_FIXTURE(AuditRun, "a changed audit is named by verify and check, and stops nobody") {
        CHECK(run({"audit", "verify"}).out.find("The audit is whole") == 0);
        const auto whole = done({"audit", "verify"}).json();
        CHECK(whole.find("ok")->as_bool());
        CHECK(whole.find("entries")->as_integer() > 10);
        {
            auto file = opened();
            tests::change_unguarded(file.db, "DELETE FROM audit WHERE number IN (3, 4)");
            tests::change_unguarded(file.db,
                                    "UPDATE audit SET hash = zeroblob(32) WHERE number = 7");
        }
        const auto ran = run({"audit", "verify", "--json"});
        CHECK(ran.status == ExitStatus::refused);
        const auto found = ran.json();
        const auto& faults = found.find("faults")->as_array();
        CHECK_FALSE(found.find("ok")->as_bool());
        REQUIRE(faults.size() == 3);
        CHECK(faults[0].find("kind")->as_text() == "missing");
        CHECK(faults[0].find("entry")->as_integer() == 3);
        CHECK(faults[0].find("count")->as_integer() == 2);
        CHECK(faults[1].find("kind")->as_text() == "broken");
        CHECK(faults[1].find("entry")->as_integer() == 7);
        const auto said = run({"audit", "verify", "--lang", "zh"});
        CHECK(said.status == ExitStatus::refused);
        CHECK(said.out.find("缺失 2 条") != std::string::npos);
        CHECK(said.err.find("报告项目管理方") != std::string::npos);
        const auto checked = run({"check", "--json"});
        CHECK(checked.status == ExitStatus::refused);
        CHECK(checked.out.find("audit_missing") != std::string::npos);
        CHECK(run({"check"}).err.find("before anybody goes on working") != std::string::npos);
        CHECK(run({"woman", "show", her}).status == ExitStatus::done);
        CHECK(run({"rebuild"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(AuditRun, "a copy has the audit, with its own making in it") {
        done({"backup", dir.file("copy.db")});
        const auto count = entries().size();
        done({"restore", dir.file("copy.db"), "--dir", dir.file("restored")});
        std::filesystem::copy_file(home() + "/device.key", dir.file("restored") + "/device.key");
        terminal.environment["EGRET_HOME"] = dir.file("restored");
        const auto shown = done({"audit", "show"}).json();
        REQUIRE(shown.as_array().size() == count + 1);
        CHECK(shown.as_array()[count - 1].find("action")->as_text() == "backed_up");
        CHECK(shown.as_array()[count].find("action")->as_text() == "restored");
        // Once.
        CHECK(done({"audit", "show"}).json().as_array().size() == count + 2);
        CHECK(done({"audit", "verify"}).json().find("ok")->as_bool());
    }

    TEST_CASE_FIXTURE(AuditRun, "each user's looks are hers, and only a lead sees them") {
        add_nurse();
        CHECK(as("陈护士", "628413", {"woman", "show", her}).status == ExitStatus::done);
        const auto count = entries().size();
        for (const auto* language : {"en", "zh"}) {
            const auto refused = as("陈护士", "628413", {"audit", "show", "--lang", language});
            CHECK(refused.status == ExitStatus::refused);
            CHECK(refused.out.empty());
        }
        CHECK(entries().size() == count);
        CHECK(as("陈护士", "628413", {"audit", "verify"}).status == ExitStatus::done);
        const auto hers = done({"audit", "show", "--user", "陈护士"}).json();
        REQUIRE(hers.as_array().size() == 1);
        CHECK(hers.as_array()[0].find("role")->as_text() == "nurse");
        CHECK(hers.as_array()[0].find("women")->as_array().at(0).as_text() == her);
        const auto shown = run({"audit", "show"}).out;
        CHECK(shown.find("added a user") != std::string::npos);
        CHECK(shown.find("陈护士") != std::string::npos);
    }

    TEST_CASE_FIXTURE(AuditRun, "wrong PINs are noted with the right one after them") {
        add_nurse();
        for (int i = 0; i < 3; ++i)
            CHECK(as("陈护士", "000111", {"check"}).status == ExitStatus::locked);
        CHECK(as("陈护士", "628413", {"stock", "show"}).status == ExitStatus::done);
        const auto hers = done({"audit", "show", "--user", "陈护士"}).json();
        REQUIRE(hers.as_array().size() == 3);
        for (const auto& entry : hers.as_array())
            CHECK(entry.find("action")->as_text() == "unlock_failed");
        CHECK(as("陈护士", "628413", {"stock", "show"}).status == ExitStatus::done);
        CHECK(done({"audit", "show", "--user", "陈护士"}).json().as_array().size() == 3);
    }

    TEST_CASE_FIXTURE(AuditRun, "wrong PINs are noted by whatever makes the keys forget them") {
        add_nurse();
        for (int i = 0; i < 3; ++i)
            CHECK(as("陈护士", "000111", {"check"}).status == ExitStatus::locked);
        SUBCASE("a new PIN") { done({"user", "reset", "陈护士"}); }
        SUBCASE("leaving") { done({"user", "remove", "陈护士"}); }
        SUBCASE("a new key") { done({"rekey", "--recovery-sheet", dir.file("sheet_of_new_key")}); }
        const auto hers = done({"audit", "show", "--user", "陈护士"}).json();
        REQUIRE(hers.as_array().size() == 3);
        for (const auto& entry : hers.as_array()) {
            CHECK(entry.find("action")->as_text() == "unlock_failed");
            CHECK(entry.find("role")->as_text() == "nurse");
        }
    }

    TEST_CASE_FIXTURE(AuditRun, "wrong PINs before an unlock are noted by it, once") {
        add_nurse();
        for (int i = 0; i < 2; ++i)
            CHECK(as("陈护士", "000111", {"unlock"}).status == ExitStatus::locked);
        const auto before = entries().size();
        CHECK(as("陈护士", "628413", {"unlock", "--minutes", "1"}).status == ExitStatus::done);
        CHECK(run({"lock"}).status == ExitStatus::done);
        const auto after = entries();
        REQUIRE(after.size() == before + 3);
        CHECK(after[before].action == "unlock_failed");
        CHECK(after[before + 1].action == "unlock_failed");
        CHECK(after[before + 2].action == "unlocked");
        CHECK(after[before + 2].user == after[before].user);
    }
}

}  // namespace
}  // namespace egret::cli
