#include "registry/service/audit_page.h"
#include "registry/service/exchange.h"
#include "registry/service/log_page.h"
#include "registry/service/look_up.h"
#include "registry/service/recall_list.h"
#include "registry/service/school_session.h"
#include "registry/service/stock.h"
#include "registry/service/woman_card.h"
#include "registry/service/worklist.h"
#include "tests/support/clinic_fixture.h"
#include "tests/support/sqlite_file.h"

#include <algorithm>
#include <sstream>

namespace egret::service {
namespace {

using audit::Entry;
using tests::day;
using tests::fact;

struct AuditFixture : tests::ClinicFixture {
    AuditFixture() {
        lead = nurse;
        lead.role = Role::lead;
    }

    std::vector<Entry> entries() {
        std::vector<Entry> all;
        clinic->audit().read_back([&](Entry entry) {
            all.insert(all.begin(), std::move(entry));
            return true;
        });
        return all;
    }

    Entry last() {
        auto all = entries();
        REQUIRE_FALSE(all.empty());
        return all.back();
    }

    EventUid record(const WomanId& woman, Fact what) {
        const auto recorded = Recorder(*clinic).record(nurse, woman, std::move(what));
        REQUIRE(recorded);
        return recorded->event;
    }

    /// As an entry has them: by their ids, which tell no order of two that were made at one time.
    static std::vector<WomanId> sorted(std::vector<WomanId> women) {
        std::sort(women.begin(), women.end());
        return women;
    }

    static Fact a_test() {
        HpvTest test;
        test.result = HpvResult::positive;
        return fact("2026-04-20", test);
    }

    Caller lead;
    NoProgress quiet;
};

TEST_SUITE("registry/service/clinic_audit") {
    TEST_CASE_FIXTURE(AuditFixture, "the audit begins with who made the registry") {
        const auto all = entries();
        REQUIRE(all.size() == 1);
        CHECK(all[0].action == "created");
        CHECK(all[0].user == clinic->caller().user);
        CHECK(clinic->verify_audit(clinic->audit_head()).is_whole());
    }

    TEST_CASE_FIXTURE(AuditFixture, "each change says who, when, of whom, and which fact") {
        const auto woman = add();
        CHECK(last().action == "recorded");
        CHECK(last().women == std::vector{woman});
        const auto event = record(woman, a_test());
        const auto entry = last();
        CHECK(entry.user == nurse.user);
        CHECK(entry.role == "nurse");
        CHECK(entry.purpose == "care");
        CHECK(entry.day == day("2026-05-01"));
        CHECK(entry.at == clock.now());
        CHECK(entry.events == std::vector{event});
        CHECK(entry.women_count == 1);
        Recorder recorder(*clinic);
        auto other = a_test();
        other.at.date = day("2026-04-21");
        REQUIRE(recorder.correct(nurse, event, other, "a slip"));
        CHECK(last().action == "corrected");
        CHECK(last().women == std::vector{woman});
        const auto second = add(somebody("陈雨", "1990-01-01"));
        REQUIRE(recorder.move(nurse, event, second, other, "hers"));
        CHECK(last().action == "moved");
        CHECK(last().women == sorted({woman, second}));
        CHECK(last().events.size() == 2);
        const auto moved = last().events.back();
        REQUIRE(recorder.void_fact(nurse, moved, "nobody's"));
        CHECK(last().action == "voided");
        CHECK(last().women == std::vector{second});
        CHECK(clinic->verify_audit({}).is_whole());
    }

    TEST_CASE_FIXTURE(AuditFixture, "what is refused or rolled back leaves no entry") {
        const auto woman = add();
        const auto count = entries().size();
        CHECK_FALSE(Recorder(*clinic).record(nurse, woman, fact("2027-01-01", a_test().detail)));
        CHECK_FALSE(view_woman(*clinic, nurse, tests::woman(9), audit::Shown::record));
        {
            sqlite::WriteTransaction tx(clinic->database());
            REQUIRE(clinic->append(nurse, {{woman, a_test()}}, tx));
        }
        CHECK(entries().size() == count);
        CHECK(clinic->verify_audit({}).is_whole());
    }

    TEST_CASE_FIXTURE(AuditFixture,
                      "a search says as what it looked, whom it showed, not what for") {
        const auto woman = add();
        CHECK(find_women(*clinic, nurse, "王小", 50).women.size() == 1);
        CHECK(last().action == "searched");
        CHECK(last().searched_by == std::vector<std::string>{"name"});
        CHECK(last().women == std::vector{woman});
        find_women(*clinic, nurse, "wangx", 50);
        CHECK(last().searched_by == std::vector<std::string>{"name", "reading", "number"});
        CHECK(last().women_count == 1);
        find_women(*clinic, nurse, "13977778888", 50);
        CHECK(last().women_count == 0);
        const auto by = last().searched_by;
        CHECK(std::find(by.begin(), by.end(), "phone") != by.end());
        sqlite::Statement all(clinic->database(), "SELECT entry FROM audit");
        auto row = all.start();
        while (row.next()) {
            const std::string entry(text_of(row.blob_view(0)));
            for (const auto* typed : {"王小", "wangx", "13977778888"})
                CHECK(entry.find(typed) == std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(AuditFixture, "no answer without an entry, and no change") {
        const auto woman = add();
        Dose dose;
        dose.product = "egret:cecolin";
        dose.lot = "A1";
        const auto event = record(woman, fact("2026-04-01", dose));
        const auto facts = clinic->log().event_count();
        clinic->database().execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
        const auto fails = [](auto action) { return tests::trouble_of(action).has_value(); };
        std::ostringstream out;
        CHECK(fails([&] { find_women(*clinic, nurse, "王", 50); }));
        CHECK(fails([&] { (void)view_woman(*clinic, nurse, woman, audit::Shown::record); }));
        CHECK(fails([&] { read_log(*clinic, nurse, 1, 50); }));
        CHECK(fails([&] { (void)read_log_of(*clinic, nurse, woman, 1, 50); }));
        CHECK(fails([&] { (void)print_card(*clinic, nurse, woman); }));
        WorkQuestion work;
        work.on = day("2026-05-01");
        CHECK(fails([&] { find_work(*clinic, nurse, work); }));
        RecallQuestion recall;
        recall.on = work.on;
        CHECK(fails([&] { find_recalls(*clinic, nurse, recall); }));
        CHECK(fails([&] { lot_recipients(*clinic, nurse, "A1"); }));
        CHECK(fails([&] { (void)show_audit(*clinic, lead, {}); }));
        CHECK(fails([&] { (void)Exchange(*clinic).export_persons(nurse, {}, out, quiet); }));
        CHECK(out.str().empty());
        Recorder recorder(*clinic);
        CHECK(fails([&] { (void)recorder.preview(nurse, woman, fact("2026-04-01", dose)); }));
        CHECK(fails([&] { (void)recorder.record(nurse, woman, a_test()); }));
        CHECK(fails([&] { (void)recorder.void_fact(nurse, event, "a slip"); }));
        CHECK(fails([&] { (void)Registrar(*clinic).add(nurse, somebody("陈雨")); }));
        CHECK(clinic->log().event_count() == facts);
        CHECK(clinic->load_history(woman)->facts.size() == 2);
    }

    TEST_CASE_FIXTURE(AuditFixture, "a list says how many, and which") {
        std::vector<WomanId> women;
        for (const auto* name : {"甲", "乙", "丙"}) women.push_back(add(somebody(name)));
        std::sort(women.begin(), women.end());
        std::ostringstream out;
        REQUIRE(Exchange(*clinic).export_persons(nurse.with(Purpose::programme), {}, out, quiet));
        CHECK(last().action == "exported");
        CHECK(last().shown == "persons");
        CHECK(last().purpose == "programme");
        CHECK(last().women_count == 3);
        CHECK(last().women == women);
    }

    TEST_CASE_FIXTURE(AuditFixture, "import leaves an entry for each person") {
        std::istringstream in(
            R"({"id":"1","birth_date":"1985-03-04","sex":"female",)"
            R"("events":[{"type":"hpv_test","date":"2026-01-02","result":"positive"}]})"
            "\n"
            R"({"id":"2","birth_date":"1986-03-04","sex":"female","events":[]})");
        REQUIRE(Exchange(*clinic).import_persons(nurse, in, quiet));
        const auto all = entries();
        REQUIRE(all.size() == 3);
        CHECK(all[1].action == "imported");
        CHECK(all[1].events.size() == 2);
        CHECK(all[2].women_count == 1);
        CHECK(all[1].women != all[2].women);
    }

    TEST_CASE_FIXTURE(AuditFixture,
                      "who is linked is found under all her ids, also once unlinked") {
        const auto one = add();
        const auto other = add(somebody("王晓丽"));
        const auto stranger = add(somebody("陈雨", "1990-01-01"));
        const auto first = std::min(one, other);
        const auto second = std::max(one, other);
        (void)view_woman(*clinic, nurse, second, audit::Shown::record);
        const auto before = last().number;
        Registrar registrar(*clinic);
        REQUIRE(registrar.link(nurse, one, other, "the same"));
        CHECK(last().action == "linked");
        CHECK(last().women_count == 1);
        CHECK(last().women == std::vector{first, second});
        const auto numbers_of = [&](const WomanId& woman) {
            AuditQuestion question;
            question.woman = woman;
            const auto page = show_audit(*clinic, lead, question);
            REQUIRE(page);
            std::vector<std::uint64_t> numbers;
            for (const auto& entry : page->entries) numbers.push_back(entry.number);
            return numbers;
        };
        const auto found = numbers_of(first);
        CHECK(std::find(found.begin(), found.end(), before) != found.end());
        (void)view_woman(*clinic, nurse, first, audit::Shown::record);
        const auto together = last().number;
        CHECK(last().women == std::vector{first, second});
        REQUIRE(registrar.unlink(nurse, one, other, ""));
        CHECK(last().women_count == 2);
        const auto hers = numbers_of(second);
        CHECK(std::find(hers.begin(), hers.end(), together) != hers.end());
        CHECK(std::find(hers.begin(), hers.end(), before) != hers.end());
        const auto strangers = numbers_of(stranger);
        CHECK(std::find(strangers.begin(), strangers.end(), together) == strangers.end());
    }

    TEST_CASE_FIXTURE(AuditFixture, "whom a warning names was shown, too") {
        auto who = somebody();
        who.identifiers = {{IdentifierKind::external, "X1", {}}};
        const auto known = add(who);
        Registrar registrar(*clinic);
        CHECK_FALSE(registrar.duplicates_of(nurse, who).empty());
        CHECK(last().shown == "duplicates");
        CHECK(last().women == std::vector{known});
        const auto added = add(who);
        CHECK(last().action == "recorded");
        CHECK(last().women_count == 2);
        CHECK(last().women == std::vector{std::min(known, added), std::max(known, added)});
        const auto count = entries().size();
        CHECK(registrar.duplicates_of(nurse, somebody("陈雨", "1990-01-01")).empty());
        CHECK(entries().size() == count);
    }

    TEST_CASE_FIXTURE(AuditFixture, "warnings that are shown before something is saved") {
        const auto woman = add();
        record(woman, a_test());
        const auto count = entries().size();
        REQUIRE(Recorder(*clinic).preview(nurse, woman, fact("2026-04-29", Cytology{})));
        REQUIRE_FALSE(Recorder(*clinic).preview(nurse, woman, a_test())->empty());
        CHECK(last().shown == "warnings");
        CHECK(last().women == std::vector{woman});
        CHECK(entries().size() == count + 1);
    }

    TEST_CASE_FIXTURE(AuditFixture, "a day that is only assumed is none of the audit's") {
        const auto woman = add();
        REQUIRE(clinic->assume_today(day("2031-01-01")));
        REQUIRE(view_woman(*clinic, nurse, woman, audit::Shown::record));
        CHECK(last().day == day("2026-05-01"));
    }

    TEST_CASE_FIXTURE(AuditFixture, "the audit is shown to a lead alone, and says so") {
        for (const auto role : {Role::nurse, Role::read_only, Role::machine}) {
            auto caller = nurse;
            caller.role = role;
            const auto count = entries().size();
            const auto refused = show_audit(*clinic, caller, {});
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::forbidden);
            CHECK(entries().size() == count);
        }
        const auto woman = add();
        const auto page = show_audit(*clinic, lead, {});
        REQUIRE(page);
        CHECK(page->entries.back().action == "recorded");
        CHECK(last().action == "audit_shown");
        CHECK(last().role == "lead");
        CHECK(last().women == std::vector{woman});
    }

    TEST_CASE_FIXTURE(AuditFixture, "entries are asked for by user, days and number") {
        const auto woman = add();
        clock.advance(std::chrono::hours{24});
        auto other = nurse;
        other.user = *UserId::parse("00000000-0000-0000-0000-000000000009");
        (void)view_woman(*clinic, other, woman, audit::Shown::record);
        clock.advance(std::chrono::hours{24});
        (void)view_woman(*clinic, nurse, woman, audit::Shown::next_steps);
        const auto ask = [&](const AuditQuestion& question) {
            auto page = show_audit(*clinic, lead, question);
            REQUIRE(page);
            return *std::move(page);
        };
        AuditQuestion question;
        question.user = other.user;
        CHECK(ask(question).entries.size() == 1);
        question = {};
        question.from = day("2026-05-02");
        question.to = day("2026-05-02");
        CHECK(ask(question).entries.at(0).user == other.user);
        question = {};
        question.to = day("2026-05-03");
        question.limit = 2;
        const auto page = ask(question);
        CHECK(page.has_more);
        REQUIRE(page.entries.size() == 2);
        CHECK(page.entries[0].number + 1 == page.entries[1].number);
        question.limit = 1000;
        CHECK_FALSE(ask(question).has_more);
    }

    TEST_CASE_FIXTURE(AuditFixture, "check names what is wrong with the audit") {
        add();
        add(somebody("陈雨"));
        CHECK(clinic->check(quiet).empty());
        tests::change_unguarded(clinic->database(), "DELETE FROM audit WHERE number = 2");
        const auto faults = clinic->check(quiet);
        REQUIRE(faults.size() == 1);
        CHECK(faults[0].kind == "audit_missing");
        CHECK(faults[0].seq == 2);
        // It is no reason to stop.
        add(somebody("林晴"));
    }

    TEST_CASE_FIXTURE(AuditFixture, "a rebuild and a copy keep it") {
        add();
        const auto head = clinic->audit_head();
        clinic->projector().rebuild(quiet);
        CHECK(clinic->audit_head() == head);
        reopen();
        CHECK(clinic->audit_head() == head);
        CHECK(clinic->verify_audit(head).is_whole());
    }
}

}  // namespace
}  // namespace egret::service
