#include "tests/support/egret_run.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::EgretRun;
using Words = std::vector<std::string>;

struct FollowUpRun : EgretRun {
    FollowUpRun() { init(); }

    std::string record(const std::string& woman, Words words) {
        words.insert(words.begin(), {"record"});
        words.insert(words.end(), {"--woman", woman});
        words.emplace_back("--json");
        const auto ran = run(words);
        REQUIRE_MESSAGE(ran.status == ExitStatus::done, ran.err);
        return ran.text("event");
    }

    /// A second user works from now on.
    void be_another() {
        tests::write_file(dir.file("new_pin"), "628413");
        terminal.environment["EGRET_NEW_PIN_FILE"] = dir.file("new_pin");
        done({"user", "add", "陈医生", "--role", "nurse"});
        tests::write_file(dir.file("pin"), "628413");
        terminal.environment["EGRET_USER"] = "陈医生";
    }

    json::Array list(Words words) { return done(std::move(words)).json().as_array(); }

    /// The id of her open action.
    std::string action(const std::string& woman, std::string_view code) {
        const auto next = done({"next", woman}).json();
        for (const auto& loop : next.find("loops")->as_array()) {
            if (loop.find("action")->as_text() == code && loop.find("status")->as_text() == "open")
                return loop.find("id")->as_text();
        }
        FAIL("no such action");
        return {};
    }
};

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

int count(const std::string& text, std::string_view part) {
    int times = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
    return times;
}

std::string content_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

TEST_SUITE("cli/follow_up_commands") {
    TEST_CASE_FIXTURE(FollowUpRun, "due and its failsafe list say who owes what, and since when") {
        const auto woman = add();
        record(woman, {"cytology", "--date", "2025-12-01", "results=HSIL"});
        const auto items = list({"due", "--failsafe"});
        REQUIRE(items.size() == 1);  // She is to be told within days of its recording.
        for (const auto& item : items) {
            for (const auto* member : {"woman", "action", "protocol", "rule", "due", "due_to",
                                       "overdue_days", "status", "owner", "opened_by"}) {
                CAPTURE(member);
                CHECK(item.find(member) != nullptr);
            }
            CHECK(item.find("status")->as_text() == "overdue");
            CHECK(item.find("severity")->as_text() == "high_grade");
            CHECK(item.find("overdue_days")->as_integer() > 0);
        }
        const auto shown = run({"due", "--failsafe", "--lang", "zh"}).out;
        CHECK(holds(shown, "高级别"));
        CHECK(holds(shown, "其中逾期1项"));
        const auto both = run({"due", "--failsafe", "--kind", "any"});
        CHECK(both.status != ExitStatus::done);
    }

    TEST_CASE_FIXTURE(FollowUpRun, "a contact names an open action, and closes nothing") {
        const auto woman = add();
        record(woman, {"hpv_test", "--date", "2026-04-01", "result=positive", "types=16"});
        const auto id = action(woman, "colposcopy");
        done({"contact", id, "--outcome", "not_reached"});
        done({"contact", id, "--outcome", "reached"});
        for (const auto& item : list({"due", "--kind", "follow-up"})) {
            if (item.find("id")->as_text() == id) CHECK(item.find("contacts")->as_integer() == 2);
        }
        CHECK(action(woman, "colposcopy") == id);
    }

    TEST_CASE_FIXTURE(FollowUpRun,
                      "sensitive conditions stand on no list, for print or otherwise") {
        const auto woman = add();
        record(woman, {"flag", "--date", "2026-01-01", "code=hiv"});
        record(woman, {"hpv_test", "--date", "2025-10-01", "result=positive", "types=16"});
        const auto page = dir.file("list.html");
        run({"due", "--html", page});
        auto all = content_of(page);
        for (const auto& words : std::vector<Words>{{"due"},
                                                    {"due", "--failsafe"},
                                                    {"due", "--kind", "any", "--csv"},
                                                    {"recall", "--state", "in_follow_up"},
                                                    {"recall", "--csv"},
                                                    {"due", "--lang", "zh"}}) {
            const auto ran = run(words);
            CHECK(ran.status == ExitStatus::done);
            all += ran.out;
        }
        CHECK(holds(all, "王小丽"));
        for (const auto* word : {"hiv", "HIV", "艾滋", "免疫"}) CHECK_FALSE(holds(all, word));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "recall counts each woman once, and lists one state") {
        const auto screened = add("甲", "1980-01-01");
        add("乙", "1981-01-01");
        add("丙", "2012-01-01");  // Too young.
        record(screened, {"hpv_test", "--date", "2026-04-01", "result=negative"});
        const auto cervix = list({"recall", "--site", "cervix"});
        CHECK(cervix.size() == 2);
        const auto done = list({"recall", "--site", "cervix", "--state", "up_to_date"});
        REQUIRE(done.size() == 1);
        CHECK(done[0].find("woman")->as_text() == screened);
        CHECK(done[0].find("next_test_due")->as_text() == "2031-04-01");
        CHECK(done[0].find("protocol")->as_text() == "cn-cervical-2021");
        CHECK_FALSE(done[0].find("why")->as_array().empty());
        CHECK(holds(run({"recall", "--lang", "zh"}).out, "宫颈，在筛查期内：1人"));
        CHECK(holds(run({"recall", "--area", "35x", "--lang", "en"}).err, "--area"));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "a result is moved to another woman with a reason") {
        const auto mine = add("甲", "1980-01-01");
        const auto hers = add("乙", "1981-01-01");
        const auto event =
            record(mine, {"hpv_test", "--date", "2026-04-01", "result=positive", "types=16"});
        CHECK(run({"correct", event, "--woman", hers}).status != ExitStatus::done);
        CHECK(run({"correct", event}).status == ExitStatus::usage);
        const auto moved =
            done({"correct", event, "--woman", hers, "--because", "wrong label"}).json();
        CHECK(moved.find("woman")->as_text() == hers);
        CHECK_FALSE(moved.find("next")->as_array().empty());
        action(mine, "confirm");
        action(hers, "colposcopy");
        CHECK(holds(run({"next", mine, "--lang", "zh"}).out, "核对被撤销的结果"));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "next tells that screening is put off, or ends") {
        const auto woman = add();
        record(woman, {"deferral", "site=cervix", "until=2026-12-01", "reason=pregnant"});
        const auto put_off = run({"next", woman, "--lang", "zh"}).out;
        CHECK(holds(put_off, "已暂缓至2026-12-01"));
        // In the place of the test, not below it; that of the breasts is to be done.
        CHECK(count(put_off, "现在应做：筛查") == 1);
        CHECK(count(put_off, "已暂缓至") == 1);
        record(woman, {"ceasing", "site=breast", "step=proposed", "reason=informed_choice"});
        CHECK(holds(run({"next", woman, "--lang", "en"}).out, "a second person has to agree"));
        const auto recalls = done({"next", woman}).json().find("recalls")->as_array();
        REQUIRE(recalls.size() == 2);
        CHECK(recalls[0].find("state")->as_text() == "deferred");
        CHECK(recalls[1].find("awaits_second_person")->as_bool());
    }

    TEST_CASE_FIXTURE(FollowUpRun, "who is called no more isn't told to be screened now") {
        const auto woman = add();
        const auto proposed =
            record(woman, {"ceasing", "site=cervix", "step=proposed", "reason=informed_choice"});
        CHECK(count(run({"next", woman, "--lang", "en"}).out, "Due now: screening") == 2);
        be_another();
        record(woman, {"ceasing", "site=cervix", "step=confirmed", "about=" + proposed});
        const auto ceased = run({"next", woman, "--lang", "en"}).out;
        CHECK(count(ceased, "Due now: screening") == 1);  // Of the breasts.
        CHECK(holds(ceased, "  She is called no more to routine screening (cervix)"));
        record(woman, {"hpv_test", "--date", "2026-04-30", "result=positive", "types=16"});
        CHECK(holds(run({"next", woman, "--lang", "en"}).out, "colposcopy"));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "who takes a positive back is told that somebody has to agree") {
        const auto woman = add();
        const Words positive = {"hpv_test", "--date", "2026-04-01", "result=positive", "types=16"};
        const auto first = record(woman, positive);
        const auto corrected = run({"correct", first, "result=negative", "types=", "--lang", "en"});
        CHECK(corrected.status == ExitStatus::done);
        CHECK(holds(corrected.err, "stays open until somebody else agrees"));
        const auto second = record(woman, positive);
        const auto voided = run({"void", second, "--because", "x", "--lang", "zh"});
        CHECK(holds(voided.err, "须由另一人核对"));
        const auto negative =
            record(woman, {"hpv_test", "--date", "2026-03-01", "result=negative"});
        CHECK(run({"void", negative, "--because", "x", "--lang", "zh"}).err.empty());
    }

    TEST_CASE_FIXTURE(FollowUpRun, "once a result was looked at, next says what comes then") {
        const auto woman = add();
        record(woman, {"hpv_test", "--date", "2025-11-03", "result=negative"});
        record(woman, {"cytology", "--date", "2026-01-05", "results=BEC", "--because", "ordered"});
        const auto before = run({"next", woman, "--lang", "en"}).out;
        CHECK(holds(before, "says nothing of this cytology result"));
        CHECK_FALSE(holds(before, "2030-11-03"));
        record(woman, {"closing", "--date", "2026-01-12", "site=cervix", "reason=completed",
                       "action=" + action(woman, "review")});
        const auto after = run({"next", woman, "--lang", "en"}).out;
        CHECK_FALSE(holds(after, "says nothing of this cytology result"));
        CHECK(holds(after, "2030-11-03"));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "a review is closed by its number alone, a case with its site") {
        const auto woman = add();
        record(woman, {"histology", "--date", "2026-04-01", "results=cancer", "site=ovary"});
        const auto id = action(woman, "review");
        record(woman, {"closing", "action=" + id, "reason=completed"});
        const auto refused =
            run({"record", "closing", "--woman", woman, "reason=completed", "--lang", "en"});
        CHECK(refused.status == ExitStatus::usage);
        CHECK(holds(refused.err, "site="));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "linking two records says in words what it ends") {
        for (const std::string language : {"en", "zh"}) {
            const auto one = add("甲", "1980-01-01");
            const auto other = add("甲", "1980-01-01");
            record(one, {"hpv_test", "--date", "2026-03-01", "reported_on=2026-03-08",
                         "result=positive", "types=16"});
            record(other, {"colposcopy", "--date", "2026-04-01", "impression=normal"});
            const auto linked =
                run({"woman", "link", one, other, "--because", "the same", "--lang", language});
            CAPTURE(linked.err);
            CHECK(holds(linked.out + linked.err, language == "en"
                                                     ? "colposcopy, tell her the result"
                                                     : "阴道镜检查、告知结果"));
        }
    }

    TEST_CASE_FIXTURE(FollowUpRun, "a case that is closed says so, and a late result opens it") {
        const auto woman = add();
        record(woman, {"hpv_test", "--date", "2026-04-01", "result=negative"});
        record(woman, {"closing", "--date", "2026-04-20", "site=cervix", "reason=completed"});
        CHECK(holds(run({"next", woman, "--lang", "zh"}).out, "已于2026-04-20结案"));
        record(woman, {"cytology", "--date", "2026-04-01", "results=NILM"});
        CHECK(holds(run({"next", woman, "--lang", "en"}).out, "is open again"));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "cancer stands first from its first day, and is called urgent") {
        const auto late = add("甲", "1980-01-01");
        record(late, {"hpv_test", "--date", "2025-10-01", "result=positive", "types=16"});
        const auto today = add("乙", "1981-01-01");
        record(today, {"via", "result=suspected_cancer"});
        const auto due = list({"due"});
        REQUIRE(due.size() > 1);
        CHECK(due[0].find("woman")->as_text() == today);
        CHECK(due[0].find("action")->as_text() == "colposcopy");
        CHECK(due[0].find("urgent")->as_bool());
        CHECK_FALSE(due[1].find("urgent")->as_bool());
        CHECK(holds(run({"due", "--lang", "en"}).out, "urgent, at once"));
        CHECK(holds(run({"due", "--lang", "zh"}).out, "紧急，立即办理"));
        const auto next = run({"next", today, "--lang", "en"}).out;
        const auto urgent = next.find("Urgent: cancer is known or suspected");
        REQUIRE(urgent != std::string::npos);
        // Beside what is next, and beside what is open, where it stands first.
        CHECK(next.find("Urgent: ", urgent + 1) < next.find("tell her the result"));
        CHECK(holds(run({"next", today, "--lang", "zh"}).out, "紧急：已发现或怀疑癌"));
        CHECK_FALSE(holds(run({"next", late, "--lang", "en"}).out, "Urgent"));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "what is to be told, and which sample waits, is named") {
        const auto woman = add();
        record(woman, {"specimen", "--date", "2026-04-01", "barcode=B1001", "tests=hpv"});
        const auto waiting = run({"next", woman, "--lang", "en"}).out;
        CHECK(holds(waiting, "Of the specimen B1001 of 2026-04-01"));
        const auto hpv = record(woman, {"hpv_test", "--date", "2026-04-01", "result=positive",
                                        "types=52", "specimen=B1001"});
        const auto cells = record(woman, {"cytology", "--date", "2026-04-01", "results=LSIL"});
        const auto both = run({"next", woman, "--lang", "en"}).out;
        CHECK(holds(both, "of 2026-04-01 (record " + hpv + ")"));
        CHECK(holds(both, "of 2026-04-01 (record " + cells + ")"));
        CHECK(holds(run({"next", woman, "--lang", "zh"}).out, "的HPV 检测（记录编号" + hpv));
        record(woman, {"informed", "about=" + hpv + "," + cells, "method=phone"});
        CHECK_FALSE(holds(run({"next", woman, "--lang", "en"}).out, "tell her"));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "a call of an earlier day is dated to it") {
        const auto woman = add();
        record(woman, {"hpv_test", "--date", "2026-04-01", "result=positive", "types=16"});
        const auto id = action(woman, "colposcopy");
        done({"contact", id, "--outcome", "not_reached", "--date", "2026-04-10"});
        for (const auto& item : list({"due", "--kind", "follow-up"})) {
            if (item.find("id")->as_text() == id)
                CHECK(item.find("last_contact")->as_text() == "2026-04-10");
        }
        const auto coming =
            run({"contact", id, "--outcome", "reached", "--date", "2026-12-01", "--lang", "en"});
        CHECK(coming.status != ExitStatus::done);
        CHECK(holds(coming.err, "date"));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "states and ways of contact are typed in words, and listed so") {
        const auto woman = add();
        CHECK(run({"recall", "--state", "尚未邀请"}).status == ExitStatus::done);
        CHECK(run({"recall", "--state", "put off"}).status == ExitStatus::done);
        CHECK(holds(run({"recall", "--help", "--lang", "en"}).out, "deferred (put off)"));
        CHECK(holds(run({"recall", "--state", "invited", "--lang", "en"}).out,
                    "nobody is in this state"));
        record(woman, {"hpv_test", "--date", "2026-04-01", "result=positive", "types=16"});
        const auto id = action(woman, "colposcopy");
        const auto zh =
            run({"contact", id, "--outcome", "reached", "--method", "短信", "--lang", "zh"});
        CHECK(zh.status == ExitStatus::usage);
        CHECK(holds(zh.err, "电话（phone）、短信或微信（message）"));
        const auto en =
            run({"contact", id, "--outcome", "reached", "--method", "gone", "--lang", "en"});
        CHECK(holds(en.err, "one of phone, message, letter, home_visit, school (at school)"));
    }

    TEST_CASE_FIXTURE(FollowUpRun, "days beyond the known holidays are said to be reckoned") {
        const auto woman = add();
        const auto result = [&](const char* today, const char* day) {
            return run({"record", "hpv_test", "--woman", woman, "--date", day, "result=positive",
                        "types=16", "--today", today});
        };
        REQUIRE(result("2026-05-01", "2026-04-20").status == ExitStatus::done);
        CHECK_FALSE(holds(run({"next", woman, "--lang", "en"}).out, "moved holidays"));
        CHECK_FALSE(holds(run({"due", "--lang", "en"}).out, "moved holidays"));
        const auto other = add("乙", "1981-01-01");
        REQUIRE(run({"record", "hpv_test", "--woman", other, "--date", "2026-12-30",
                     "result=positive", "types=16", "--today", "2026-12-31"})
                    .status == ExitStatus::done);
        CHECK(holds(run({"next", other, "--lang", "en"}).out, "The moved holidays of 2027"));
        CHECK(holds(run({"due", "--lang", "zh"}).out, "2027年的节假日调休安排"));
    }
}

}  // namespace
}  // namespace egret::cli
