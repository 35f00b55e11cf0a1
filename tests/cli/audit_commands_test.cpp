// Who sees a woman leaves an entry: every command of the program is held to that, and one that
// nobody has put on the list below fails.

#include "tests/cli/audit_run.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/workbook.h"

#include <map>
#include <set>
#include <sstream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::AuditRun;
using tests::name_of;
using Words = tests::EgretRun::Words;

/// What one command leaves in the audit.
struct Row {
    std::string command;
    Words words;  // After the command's name.
    std::vector<std::string> leaves;
    ExitStatus status = ExitStatus::done;
    std::string file = {};  // Where its answer goes, if not to standard output.
};

std::vector<Row> looking(const AuditRun& at) {
    return {
        {"woman show", {at.her}, {"viewed:record"}},
        {"woman show", {at.her, "--history"}, {"viewed:record"}},
        {"woman find", {"王小"}, {"searched"}},
        {"woman find", {"nobody at all"}, {"searched"}},
        {"next", {at.her}, {"viewed:next_steps"}},
        {"card", {at.girl}, {"printed:card"}},
        {"coverage", {"hpv1-by-15", "--by", "area"}, {}},
        {"export persons", {}, {"exported:persons"}},
        {"export persons", {"--women", at.her}, {"exported:persons"}},
        {"export aefi", {}, {"exported:adverse_events"}},
        {"due", {}, {"listed:due_list"}},
        {"due", {"--failsafe", "--on", "2027-05-01"}, {"listed:due_list"}},
        {"recall", {"--state", "in_follow_up"}, {"listed:recall_list"}},
        {"school list", {"--school", "一中"}, {"listed:session_list"}},
        {"stock show", {}, {}},
        {"stock show", {"A1"}, {}},
        {"stock wastage", {}, {}},
        {"stock who", {"A1"}, {"listed:lot_recipients"}},
        {"log verify", {}, {}},
        {"log show", {}, {"listed:log"}},
        {"log show", {"--woman", at.her}, {"viewed:log"}},
        {"audit verify", {}, {}},
        {"audit show", {}, {"audit_shown"}},
        {"audit show", {"--woman", at.her}, {"audit_shown"}},
        {"check", {}, {}},
        {"sync status", {}, {}},
        // Of users, and of no woman.
        {"user list", {}, {}},
    };
}

/// These look at no registry, or at no woman's record in it.
std::vector<Row> elsewhere(const AuditRun& at) {
    return {
        {"init",
         {"--dir", at.dir.file("another"), "--clinic", "另一家", "--area", "350203",
          "--recovery-sheet", at.dir.file("another.sheet")},
         {}},
        {"indicators list", {}, {}},
        {"indicators show", {"hpv1-by-15"}, {}},
        {"report check", {at.dir.file("none")}, {}, ExitStatus::refused},
        {"decide", {"--protocol", "who-hpv-2dose", at.dir.file("person")}, {}},
        {"protocols list", {}, {}},
        {"protocols show", {"who-hpv-2dose"}, {}},
        {"protocols check", {at.dir.file("none")}, {}, ExitStatus::refused},
        // With a centre: tests/cli/sync_commands_test.cpp.
        {"enrol", {"https://127.0.0.1:1", "nonsense"}, {}, ExitStatus::usage},
        {"sync", {}, {}, ExitStatus::refused},
        // A folder that is there already.
        {"simulate",
         {"--women", "1", "--clinics", "1", "--years", "1", "--seed", "1", "--out", at.home()},
         {},
         ExitStatus::refused},
        // From then on commands ask for no PIN.
        {"unlock", {"--minutes", "1"}, {"unlocked"}},
        // It takes no PIN: nobody could say whose doing it was.
        {"lock", {}, {}},
    };
}

std::vector<Row> changing(const AuditRun& at) {
    const Words tick = {"--school",  "一中",          "--round", "r1", "--date", "2026-04-30",
                        "--product", "egret:cecolin", "--lot",   "A1", at.girl};
    const Words consent = {"--school", "一中", "--round", "r1", "--date", "2026-04-30", at.girl};
    return {
        {"woman add", {"name=林晴", "birth_date=1991-01-01", "sex=female"}, {"recorded"}},
        // Whom it is like is named.
        {"woman add", {"name=陈雨", "birth_date=1990-01-01", "sex=female"}, {"recorded"}},
        {"woman edit", {at.her, "phone=13900000000"}, {"recorded"}},
        {"woman link", {at.her, at.other}, {"linked"}},
        {"woman unlink", {at.her, at.other}, {"unlinked"}},
        {"record", {"via", "--woman", at.her, "result=negative"}, {"recorded"}},
        {"correct", {at.slip, "date=2026-04-03"}, {"corrected"}},
        {"correct", {at.slip, "--woman", at.other, "--because", "hers"}, {"moved"}},
        {"contact", {at.action, "--outcome", "reached"}, {"recorded"}},
        {"void", {at.result, "--because", "a slip"}, {"voided"}},
        {"import persons", {at.dir.file("person")}, {"imported"}},
        {"import csv", {at.dir.file("one.csv")}, {"imported"}},
        {"import xlsx", {at.dir.file("one.xlsx")}, {"imported"}},
        {"school import",
         {at.dir.file("two.csv"), "--school", "一中", "--school-area", "350203"},
         {"imported"}},
        {"school consent", consent, {"recorded"}},
        {"school consent", consent, {"listed:session_result"}},
        {"school tick", tick, {"recorded"}},
        {"school tick", tick, {"listed:session_result"}},
        {"stock receive",
         {"lot=B1", "product=egret:cecolin", "quantity=9", "date=2026-04-01"},
         {"recorded"}},
        {"stock issue", {"lot=B1", "quantity=1", "session=school"}, {"recorded"}},
        {"stock count", {"lot=B1", "quantity=8"}, {"recorded"}},
        {"stock discard", {"lot=B1", "quantity=1", "reason=broken"}, {"recorded"}},
        {"stock decide", {at.hold, "decision=substandard"}, {"recorded"}},
        {"stock excursion", {"lots=B1", "from=2026-04-11"}, {"recorded"}},
        {"stock recall", {"lots=B1"}, {"recorded"}},
        {"user add", {"周护士", "--role", "nurse"}, {"user_added"}},
        {"user role", {"周护士", "read_only"}, {"user_changed"}},
        {"user reset", {"周护士"}, {"user_changed"}},
        {"user remove", {"周护士"}, {"user_removed"}},
        // Without opening the registry: docs/limits.md.
        {"user pin", {}, {}},
        {"recover", {"--user", "林护士"}, {"recovered"}},
        {"backup", {at.dir.file("copy")}, {"backed_up"}},
        {"restore", {at.dir.file("copy"), "--dir", at.dir.file("restored")}, {}},
        {"recovery-sheet",
         {at.dir.file("sheet")},
         {"sheet_made"},
         ExitStatus::done,
         at.dir.file("sheet")},
        {"rebuild", {}, {"rebuilt"}},
    };
}

struct EveryCommand : AuditRun {
    EveryCommand() {
        write("person", R"({"id":"p9","name":"赵敏","birth_date":"1988-03-04","sex":"female"})");
        write("one.csv", "姓名,性别,出生日期\n周静,女,1987-07-09\n");
        write("two.csv", "姓名,性别,出生日期,班级\n吴芳,女,2012-08-01,10班\n");
        write("one.xlsx",
              tests::workbook(R"(<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c>)"
                              R"(<c r="B1" t="inlineStr"><is><t>性别</t></is></c>)"
                              R"(<c r="C1" t="inlineStr"><is><t>出生日期</t></is></c></row>)"
                              R"(<row r="2"><c r="A2" t="inlineStr"><is><t>郑燕</t></is></c>)"
                              R"(<c r="B2" t="inlineStr"><is><t>女</t></is></c>)"
                              R"(<c r="C2" t="inlineStr"><is><t>1986-07-09</t></is></c></row>)"));
        const auto printed = tests::read_file(sheet());
        std::istringstream lines(printed.substr(printed.find("Recovery code:")));
        std::string code;
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("    ")) code += line;
        }
        write("code", code);
        write("same_pin", pin);
        terminal.environment["EGRET_RECOVERY_FILE"] = dir.file("code");
        terminal.environment["EGRET_NEW_PIN_FILE"] = dir.file("same_pin");
        terminal.environment["EGRET_USER"] = "林护士";
        for (const auto& id : {her, other, girl}) women[id] = *WomanId::parse(id);
        names = {{"王小丽", her}, {"陈雨", other}, {"林静", girl}};
    }

    /// Those of whom the text tells, by name or id.
    std::set<WomanId> seen_in(const std::string& text) const {
        std::set<WomanId> seen;
        for (const auto& [id, woman] : women) {
            if (text.find(id) != std::string::npos) seen.insert(woman);
        }
        for (const auto& [name, id] : names) {
            if (text.find(name) != std::string::npos) seen.insert(women.at(id));
        }
        return seen;
    }

    void hold(const Row& row, const Words& more) {
        CAPTURE(row.command);
        Words words;
        for (const auto part : split(row.command, ' ')) words.emplace_back(part);
        words.insert(words.end(), row.words.begin(), row.words.end());
        words.insert(words.end(), more.begin(), more.end());
        const auto before = entries();
        const auto ran = run(words);
        INFO(ran.out, ran.err);
        CHECK(ran.status == row.status);
        const auto after = entries();
        REQUIRE(after.size() >= before.size());
        std::vector<std::string> left;
        std::set<WomanId> noted;
        for (auto i = before.size(); i < after.size(); ++i) {
            left.push_back(name_of(after[i]));
            noted.insert(after[i].women.begin(), after[i].women.end());
            CHECK(after[i].number == i + 1);
        }
        CHECK(left == row.leaves);
        auto told = ran.out + ran.err;
        if (!row.file.empty()) told += tests::read_file(row.file);
        for (const auto& woman : seen_in(told)) CHECK_MESSAGE(noted.contains(woman), told);
    }

    std::map<std::string, WomanId> women;
    std::map<std::string, std::string> names;
};

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
        CHECK(run({"check"}).err.find("work can go on") != std::string::npos);
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
        CHECK(shown.as_array().size() == count);
        CHECK(shown.as_array()[count - 1].find("action")->as_text() == "backed_up");
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
