#pragma once

#include "tests/cli/audit_run.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/workbook.h"

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

/// Every command of the program, with words that let it do its work. One that is on none of these
/// lists fails in tests/cli/audit_commands_test.cpp.
namespace egret::tests {

/// What one command leaves in the audit.
struct Row {
    std::string command;
    EgretRun::Words words;  // After the command's name.
    std::vector<std::string> leaves;
    console::ExitStatus status = console::ExitStatus::done;
    std::string file = {};  // Where its answer goes, if not to standard output.
};

inline std::vector<Row> looking(const AuditRun& at) {
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
        {"nightly status", {}, {}},
        // Of users, and of no woman.
        {"user list", {}, {}},
    };
}

/// These look at no registry, or at no woman's record in it.
inline std::vector<Row> elsewhere(const AuditRun& at) {
    return {
        {"init",
         {"--dir", at.dir.file("another"), "--clinic", "另一家", "--area", "350203",
          "--recovery-sheet", at.dir.file("another.sheet")},
         {}},
        {"indicators list", {}, {}},
        {"indicators show", {"hpv1-by-15"}, {}},
        {"report check", {at.dir.file("none")}, {}, console::ExitStatus::refused},
        {"decide", {"--protocol", "who-hpv-2dose", at.dir.file("person")}, {}},
        {"protocols list", {}, {}},
        {"protocols show", {"who-hpv-2dose"}, {}},
        {"protocols check", {at.dir.file("none")}, {}, console::ExitStatus::refused},
        // With a centre: tests/cli/sync_commands_test.cpp.
        {"enrol", {"https://127.0.0.1:1", "nonsense"}, {}, console::ExitStatus::usage},
        {"sync", {}, {}, console::ExitStatus::refused},
        // With a stick: tests/cli/stick_sync_test.cpp.
        {"sync", {"--to", at.dir.file("none")}, {}, console::ExitStatus::refused},
        {"sync", {"--from", at.dir.file("none")}, {}, console::ExitStatus::refused},
        {"sync", {"--relay", at.dir.file("none")}, {}, console::ExitStatus::refused},
        // With a centre and a systemd: tests/cli/nightly_commands_test.cpp.
        {"nightly install", {"--print"}, {}},
        {"nightly remove", {}, {}},
        {"nightly run", {}, {}, console::ExitStatus::refused},
        // A folder that is there already.
        {"simulate",
         {"--women", "1", "--clinics", "1", "--years", "1", "--seed", "1", "--out", at.home()},
         {},
         console::ExitStatus::refused},
        // From then on commands ask for no PIN.
        {"unlock", {"--minutes", "1"}, {"unlocked"}},
        // It takes no PIN: nobody could say whose doing it was.
        {"lock", {}, {}},
    };
}

inline std::vector<Row> changing(const AuditRun& at) {
    const EgretRun::Words tick = {"--school", "一中",       "--round",   "r1",
                                  "--date",   "2026-04-30", "--product", "egret:cecolin",
                                  "--lot",    "A1",         at.girl};
    const EgretRun::Words consent = {"--school", "一中",       "--round", "r1",
                                     "--date",   "2026-04-30", at.girl};
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
        {"user pin", {}, {"pin_changed"}},
        {"recover", {"--user", "林护士"}, {"recovered"}},
        {"backup", {at.dir.file("copy")}, {"backed_up"}},
        // It is noted where it is restored, by whoever opens that first.
        {"restore", {at.dir.file("copy"), "--dir", at.dir.file("restored")}, {}},
        {"recovery-sheet",
         {at.dir.file("sheet")},
         {"sheet_made"},
         console::ExitStatus::done,
         at.dir.file("sheet")},
        {"rekey", {"--recovery-sheet", at.dir.file("other_sheet")}, {"rekey_begun"}},
        {"rebuild", {}, {"rebuilt"}},
    };
}

struct EveryCommand : AuditRun {
    EveryCommand() {
        write("person", R"({"id":"p9","name":"赵敏","birth_date":"1988-03-04","sex":"female"})");
        write("one.csv", "姓名,性别,出生日期\n周静,女,1987-07-09\n");
        write("two.csv", "姓名,性别,出生日期,班级\n吴芳,女,2012-08-01,10班\n");
        write("one.xlsx",
              workbook(R"(<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c>)"
                       R"(<c r="B1" t="inlineStr"><is><t>性别</t></is></c>)"
                       R"(<c r="C1" t="inlineStr"><is><t>出生日期</t></is></c></row>)"
                       R"(<row r="2"><c r="A2" t="inlineStr"><is><t>郑燕</t></is></c>)"
                       R"(<c r="B2" t="inlineStr"><is><t>女</t></is></c>)"
                       R"(<c r="C2" t="inlineStr"><is><t>1986-07-09</t></is></c></row>)"));
        const auto printed = read_file(sheet());
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
        terminal.environment["XDG_CONFIG_HOME"] = dir.file("config");
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
        if (!row.file.empty()) told += read_file(row.file);
        for (const auto& woman : seen_in(told)) CHECK_MESSAGE(noted.contains(woman), told);
    }

    std::map<std::string, WomanId> women;
    std::map<std::string, std::string> names;
};

}  // namespace egret::tests
