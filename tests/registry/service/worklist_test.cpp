#include "registry/service/worklist.h"

#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace egret {
namespace {

using service::Recorder;
using service::WorkKind;
using service::WorkQuestion;
using tests::day;
using tests::fact;

struct WorklistFixture : tests::ClinicFixture {
    WomanId girl(const char* name, const char* birth, const char* school = "") {
        auto who = somebody(name, birth);
        who.school = school;
        return add(who);
    }

    EventUid give(const WomanId& woman, std::string_view date) {
        Dose dose;
        dose.product = "egret:cecolin";
        const auto recorded = Recorder(*clinic).record(nurse, woman, fact(date, dose));
        REQUIRE(recorded);
        return recorded->event;
    }

    void contact(const WomanId& woman, std::string_view date, const std::string& action) {
        Contact made;
        made.action = action;
        made.outcome = ContactOutcome::not_reached;
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact(date, made)));
    }

    std::vector<std::string> names(const WorkQuestion& question) {
        std::vector<std::string> all;
        for (const auto& item : service::find_work(*clinic, nurse, question))
            all.push_back(item.name);
        return all;
    }
};

using Names = std::vector<std::string>;

TEST_SUITE("registry/service/worklist") {
    TEST_CASE_FIXTURE(WorklistFixture, "the longest overdue stand first, then by due day") {
        girl("甲", "2013-06-01");  // Thirteen in June.
        give(girl("乙", "2012-01-01"), "2025-11-20");
        girl("丙", "2012-04-01");
        WorkQuestion question;
        question.on = day("2026-05-25");
        CHECK(names(question) == Names{"丙", "乙"});
        question.within_days = 7;
        CHECK(names(question) == Names{"丙", "乙", "甲"});
        question.on = day("2027-01-17");
        CHECK(names(question) == Names{"乙", "丙", "甲"});
        question.kind = WorkKind::overdue;
        CHECK(names(question) == Names{"乙"});
    }

    TEST_CASE_FIXTURE(WorklistFixture, "who began and didn't come again has dropped out") {
        give(girl("乙", "2012-01-01"), "2025-11-20");
        girl("丙", "2012-04-01");
        WorkQuestion question;
        question.kind = WorkKind::drop_out;
        question.on = day("2027-01-15");
        CHECK(names(question).empty());
        question.on = day("2027-05-01");  // Both are overdue by then.
        CHECK(names(question) == Names{"乙"});
    }

    TEST_CASE_FIXTURE(WorklistFixture, "contacts are counted with what they were about") {
        const auto woman = girl("乙", "2012-01-01");
        const auto dose = give(woman, "2025-11-20");
        WorkQuestion question;
        question.kind = WorkKind::any;
        question.on = clinic->today();
        auto items = service::find_work(*clinic, nurse, question);
        REQUIRE(items.size() == 1);
        CHECK(items[0].opened_by == dose);
        CHECK(items[0].nurse == nurse.user);
        contact(woman, "2026-04-20", items[0].id);
        contact(woman, "2026-04-28", items[0].id);
        contact(woman, "2026-04-29", "something-else");
        items = service::find_work(*clinic, nurse, question);
        CHECK(items[0].contacts == 2);
        CHECK(items[0].last_contact == day("2026-04-28"));
        question.kind = WorkKind::defaulter;
        CHECK(names(question).empty());  // Not overdue yet.
        question.on = day("2027-06-01");
        CHECK(names(question) == Names{"乙"});
        question.contacts_min = 3;
        CHECK(names(question).empty());
    }

    TEST_CASE_FIXTURE(WorklistFixture, "the day agreed upon is known until the next contact") {
        const auto woman = girl("甲", "2012-01-01");
        WorkQuestion question;
        question.kind = WorkKind::any;
        question.on = clinic->today();
        Contact made;
        made.action = service::find_work(*clinic, nurse, question).at(0).id;
        made.outcome = ContactOutcome::appointment_made;
        made.appointment_on = day("2026-04-19");
        const auto early = Recorder(*clinic).record(nurse, woman, fact("2026-04-20", made));
        REQUIRE_FALSE(early);
        CHECK(early.error().field == "appointment_on");
        made.appointment_on = day("2026-04-20");
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact("2026-04-20", made)));
        CHECK(service::find_work(*clinic, nurse, question).at(0).appointment_on ==
              day("2026-04-20"));
        contact(woman, "2026-04-28", made.action);
        CHECK(service::find_work(*clinic, nurse, question).at(0).appointment_on == std::nullopt);
    }

    TEST_CASE_FIXTURE(WorklistFixture, "the dead and those who live elsewhere are on no list") {
        const auto dead = girl("甲", "2012-01-01");
        REQUIRE(Recorder(*clinic).record(nurse, dead, fact("2026-04-01", Death{})));
        const auto gone = girl("乙", "2012-01-01");
        DemographicsChange move;
        move.who.resident = false;
        REQUIRE(Recorder(*clinic).record(nurse, gone, fact("2026-04-01", move)));
        WorkQuestion question;
        question.on = day("2026-05-01");
        CHECK(names(question).empty());
    }

    TEST_CASE_FIXTURE(WorklistFixture, "a list is narrowed to a school or an area") {
        girl("甲", "2012-01-01", "一中");
        girl("乙", "2012-02-01", "二中");
        WorkQuestion question;
        question.on = day("2026-05-01");
        question.school = "二中";
        CHECK(names(question) == Names{"乙"});
        question.school = "";
        question.area = "350200";
        CHECK(names(question).size() == 2);
        question.area = "350205";
        CHECK(names(question).empty());
    }

    TEST_CASE_FIXTURE(WorklistFixture, "an action keeps its number until it is done") {
        const auto woman = girl("甲", "2012-01-01");
        WorkQuestion question;
        question.on = day("2026-05-01");
        const auto first = service::find_work(*clinic, nurse, question).front().id;
        CHECK(*service::find_action(*clinic, first, day("2026-05-01")) == woman);
        give(woman, "2026-04-30");
        CHECK_FALSE(service::find_action(*clinic, first, day("2026-05-01")));
    }
}

}  // namespace
}  // namespace egret
