#include "registry/service/recall_list.h"
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
using service::WorkSubject;
using tests::day;
using tests::fact;

struct FollowUpFixture : tests::ClinicFixture {
    EventUid record(const WomanId& woman, Fact made) {
        const auto recorded = Recorder(*clinic).record(nurse, woman, std::move(made));
        REQUIRE(recorded);
        warnings.clear();
        for (const auto& warning : recorded->warnings) warnings.push_back(warning.code);
        return recorded->event;
    }

    std::vector<service::WorkItem> find(WorkKind kind, std::string_view on) {
        WorkQuestion question;
        question.on = day(on);
        question.kind = kind;
        return service::find_work(*clinic, nurse, question);
    }

    std::vector<std::string> actions(WorkKind kind, std::string_view on) {
        std::vector<std::string> all;
        for (const auto& item : find(kind, on)) all.push_back(item.action);
        return all;
    }

    std::vector<std::string> warnings;
};

using Words = std::vector<std::string>;

const HpvTest hpv_16{HpvResult::positive, {HpvType::hpv16}, {}};

TEST_SUITE("registry/service/follow_up_work") {
    TEST_CASE_FIXTURE(FollowUpFixture,
                      "what is owed stands in due, and overdue on the failsafe list") {
        const auto low = add(somebody("甲", "1980-01-01"));
        const auto high = add(somebody("乙", "1981-01-01"));
        record(low, fact("2026-01-05", hpv_16));
        record(high, fact("2026-04-20", Cytology{{CytologyResult::hsil}}));
        CHECK(actions(WorkKind::due, "2026-05-01").size() == 4);  // And both are to be told.
        CHECK(actions(WorkKind::failsafe, "2026-05-01").size() == 1);
        const auto failsafe = find(WorkKind::failsafe, "2026-09-01");
        REQUIRE(failsafe.size() == 4);
        // The worst first, though the other has waited longer.
        CHECK(failsafe[0].woman == high);
        CHECK(failsafe[1].woman == high);
        CHECK(failsafe[2].overdue_days >= failsafe[3].overdue_days);
        CHECK(failsafe[0].facility == clinic->identity().code);
    }

    TEST_CASE_FIXTURE(FollowUpFixture,
                      "routine screening is no part of due, and has a list of its own") {
        const auto woman = add(somebody("甲", "1980-01-01"));
        CHECK(actions(WorkKind::due, "2026-05-01").empty());
        const auto items = find(WorkKind::screening, "2026-05-01");
        REQUIRE(items.size() == 2);
        CHECK(items[0].subject == WorkSubject::screening);
        Contact contact;
        contact.action = items[0].id;
        contact.outcome = ContactOutcome::reached;
        record(woman, fact("2026-05-01", contact));
        service::RecallQuestion question;
        question.on = day("2026-05-01");
        question.state = follow_up::RecallState::invited;
        const auto invited = service::find_recalls(*clinic, nurse, question);
        REQUIRE(invited.size() == 1);
        CHECK(invited[0].recall.action == items[0].id);
        question.state.reset();
        CHECK(service::find_recalls(*clinic, nurse, question).size() == 2);
        question.area = "350211";
        CHECK(service::find_recalls(*clinic, nurse, question).empty());
    }

    TEST_CASE_FIXTURE(FollowUpFixture,
                      "done, documented not done and unknown are counted by facility") {
        const auto one = add(somebody("甲", "1980-01-01"));
        const auto two = add(somebody("乙", "1981-01-01"));
        add(somebody("丙", "1982-01-01"));
        auto known = fact("2026-01-05", hpv_16);
        known.at.reported_on = day("2026-01-12");
        record(one, known);
        record(one, fact("2026-02-05", Colposcopy{ColposcopyImpression::normal, true, 1}));
        record(two, fact("2026-01-05", hpv_16));
        WorkQuestion question;
        question.on = day("2026-04-30");
        auto counts = service::count_loops(*clinic, question).at(clinic->identity().code);
        CHECK(counts.done == 2);  // She came for what she is told of, too.
        CHECK(counts.open == 3);  // Of one the review after a year, not yet due.
        CHECK(counts.overdue == 1);
        Closing closing;
        for (const auto& item : find(WorkKind::follow_up, "2026-04-30"))
            if (item.woman == two && item.action == "colposcopy") closing.action = item.id;
        closing.reason = ClosingReason::refused;
        record(two, fact("2026-04-30", closing));
        CHECK(warnings.empty());
        counts = service::count_loops(*clinic, question).at(clinic->identity().code);
        CHECK(counts.not_done == 1);
        CHECK(counts.overdue == 0);
    }

    TEST_CASE_FIXTURE(FollowUpFixture, "a call to an older number of an action is one to it") {
        const auto woman = add(somebody("甲", "1980-01-01"));
        GynExam exam;
        exam.result = ExamResult::normal;
        const auto first = record(woman, fact("2026-04-05", exam));
        record(woman, fact("2026-04-05", Cytology{{CytologyResult::unsat}}));
        const auto before = find(WorkKind::follow_up, "2026-04-30").front();
        Contact contact;
        contact.action = before.id;
        contact.outcome = ContactOutcome::reached;
        record(woman, fact("2026-04-20", contact));
        REQUIRE(Recorder(*clinic).void_fact(nurse, first, "mistake"));
        const auto after = find(WorkKind::follow_up, "2026-04-30").front();
        CHECK(after.contacts == 1);
        const auto found = service::find_action(*clinic, before.id, day("2026-04-30"));
        REQUIRE(found);
        CHECK(*found == woman);
    }

    TEST_CASE_FIXTURE(FollowUpFixture, "who is linked keeps her invitations and calls") {
        const auto one = add(somebody("甲", "1980-01-01"));
        const auto two = add(somebody("乙", "1980-01-01"));
        for (const auto& item : find(WorkKind::screening, "2026-05-01")) {
            Contact contact;
            contact.action = item.id;
            contact.outcome = ContactOutcome::reached;
            record(item.woman, fact("2026-05-01", contact));
        }
        REQUIRE(service::Registrar(*clinic).link(nurse, one, two, "the same"));
        for (const auto& item : find(WorkKind::screening, "2026-05-01")) {
            CHECK(item.contacts == 2);
            CHECK(item.recall->invitations == 2);
        }
    }

    TEST_CASE_FIXTURE(FollowUpFixture, "a number of the other site is warned of") {
        const auto woman = add(somebody("甲", "1980-01-01"));
        record(woman, fact("2026-04-05", hpv_16));
        Closing closing;
        for (const auto& item : find(WorkKind::follow_up, "2026-04-30"))
            if (item.action == "colposcopy") closing.action = item.id;
        closing.site = ScreenedSite::breast;
        closing.reason = ClosingReason::refused;
        record(woman, fact("2026-04-30", closing));
        CHECK(warnings == Words{"action_of_other_site"});
    }

    TEST_CASE_FIXTURE(FollowUpFixture, "a review of no site is closed without one") {
        const auto woman = add(somebody("甲", "1980-01-01"));
        auto report = Histology{{}, {HistologyResult::cancer}};
        report.site = HistologySite::ovary;
        record(woman, fact("2026-04-05", report));
        Closing closing;
        for (const auto& item : find(WorkKind::follow_up, "2026-04-30"))
            if (item.action == "review") closing.action = item.id;
        closing.reason = ClosingReason::completed;
        record(woman, fact("2026-04-30", closing));
        CHECK(warnings == Words{"second_person_needed"});
        closing.action.clear();
        const auto refused = Recorder(*clinic).record(nurse, woman, fact("2026-04-30", closing));
        // That of an action that has a site has it, too: figures count it there.
        record(woman, fact("2026-04-06", hpv_16));
        for (const auto& item : find(WorkKind::follow_up, "2026-04-30"))
            if (item.action == "colposcopy") closing.action = item.id;
        closing.reason = ClosingReason::refused;
        const auto uid = record(woman, fact("2026-04-30", closing));
        const auto history = clinic->load_history(woman);
        for (const auto& live : history->facts)
            if (live.uid == uid) CHECK(std::get<Closing>(live.fact.detail).site.has_value());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().field == "site");
    }

    TEST_CASE_FIXTURE(FollowUpFixture, "a deferral beyond the programme's bound is warned of") {
        const auto woman = add(somebody("甲", "1980-01-01"));
        Deferral deferral;
        deferral.site = ScreenedSite::cervix;
        deferral.reason = DeferralReason::own_wish;
        deferral.until = day("2027-05-02");
        record(woman, fact("2026-05-01", deferral));
        CHECK(warnings.empty());
        deferral.until = day("2099-01-01");
        record(woman, fact("2026-05-01", deferral));
        CHECK(warnings == Words{"deferral_long"});
    }

    TEST_CASE_FIXTURE(FollowUpFixture, "told before the report is warned of") {
        const auto woman = add(somebody("甲", "1980-01-01"));
        auto result = fact("2026-04-05", hpv_16);
        result.at.reported_on = day("2026-04-12");
        Informed informed;
        informed.about = {record(woman, result)};
        record(woman, fact("2026-04-11", informed));
        CHECK(warnings == Words{"told_before_report"});
        record(woman, fact("2026-04-12", informed));
        CHECK(warnings.empty());
    }

    TEST_CASE_FIXTURE(FollowUpFixture, "linking says what it ends of what is owed to her") {
        const auto one = add(somebody("甲", "1980-01-01"));
        const auto two = add(somebody("甲", "1980-01-01"));
        auto known = fact("2026-03-05", Cytology{{CytologyResult::hsil}});
        known.at.reported_on = day("2026-03-12");
        record(one, known);
        record(two, fact("2026-04-05", Colposcopy{ColposcopyImpression::normal, true, 1}));
        const auto linked = service::Registrar(*clinic).link(nurse, one, two, "the same");
        REQUIRE(linked);
        REQUIRE(linked->warnings.size() == 1);
        CHECK(linked->warnings[0].code == "link_ends_actions");
        CHECK(linked->warnings[0].text.arguments ==
              std::vector<Message::Argument>{{"loop_actions", "colposcopy,inform"}});
        const auto three = add(somebody("丙", "1982-01-01"));
        const auto four = add(somebody("丙", "1982-01-01"));
        record(three, fact("2026-03-05", hpv_16));
        record(four, fact("2026-04-05", Cytology{{CytologyResult::hsil}}));
        const auto both = service::Registrar(*clinic).link(nurse, three, four, "the same");
        REQUIRE(both);
        CHECK(both->warnings.empty());
    }

    TEST_CASE_FIXTURE(FollowUpFixture, "a closing that does nothing is warned of") {
        const auto woman = add(somebody("甲", "1980-01-01"));
        record(woman, fact("2026-04-05", Cytology{{CytologyResult::hsil}}));
        Closing closing;
        closing.action = "000000000000";
        closing.reason = ClosingReason::refused;
        record(woman, fact("2026-04-30", closing));
        CHECK(warnings == Words{"action_unknown"});
        for (const auto& item : find(WorkKind::follow_up, "2026-04-30"))
            if (item.action == "colposcopy") closing.action = item.id;
        closing.reason = ClosingReason::completed;
        record(woman, fact("2026-04-29", closing));
        CHECK(warnings == Words{"closes_nothing"});
        closing.reason = ClosingReason::refused;
        record(woman, fact("2026-04-30", closing));
        CHECK(warnings == Words{"second_person_needed"});
    }

    TEST_CASE_FIXTURE(FollowUpFixture, "a result moved to another woman leaves a confirm loop") {
        const auto mine = add(somebody("甲", "1980-01-01"));
        const auto hers = add(somebody("乙", "1981-01-01"));
        const auto result = record(mine, fact("2026-04-05", hpv_16));
        Recorder recorder(*clinic);
        const auto live = recorder.find_live(nurse, result);
        REQUIRE(live);
        const auto without_reason = recorder.move(nurse, result, hers, live->live.fact, "");
        REQUIRE_FALSE(without_reason);
        CHECK(without_reason.error().field == "because");
        const auto to_herself = recorder.move(nurse, result, mine, live->live.fact, "条码贴错");
        REQUIRE_FALSE(to_herself);
        CHECK(to_herself.error().message.id == "move.is_hers");
        const auto moved = recorder.move(nurse, result, hers, live->live.fact, "条码贴错");
        REQUIRE(moved);
        CHECK(moved->woman == hers);
        std::vector<std::string> of_mine;
        std::vector<std::string> of_hers;
        for (const auto& item : find(WorkKind::follow_up, "2026-05-01"))
            (item.woman == mine ? of_mine : of_hers).push_back(item.action);
        CHECK(of_mine == Words{"confirm"});
        CHECK(of_hers.size() == 2);
        CHECK_FALSE(recorder.find_live(nurse, result));
    }
}

}  // namespace
}  // namespace egret
