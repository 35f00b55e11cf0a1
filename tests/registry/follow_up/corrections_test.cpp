#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

/// What correcting, voiding and recording anew does to what is owed.
namespace egret {
namespace {

using follow_up::Loop;
using follow_up::LoopState;
using tests::CaredFor;
using tests::day;
using tests::given_up;
using tests::hpv_16;
using tests::looked;
using tests::smear;
using tests::tissue;

bool has_open_loop(const CaredFor& her, std::string_view action, std::string_view on) {
    const auto all = her.loops_for(action, on);
    return std::any_of(all.begin(), all.end(),
                       [](const Loop& loop) { return loop.state == LoopState::open; });
}

Fact reported(std::string_view date, std::string_view on) {
    auto made = tests::fact(date, hpv_16());
    made.at.reported_on = day(on);
    return made;
}

GynExam normal_exam() {
    GynExam exam;
    exam.result = ExamResult::normal;
    return exam;
}

TEST_SUITE("registry/follow_up/corrections") {
    TEST_CASE("the time to tell her runs from the first day on which her result was known") {
        CaredFor her;
        const auto result = her.add_fact(reported("2025-10-02", "2025-10-09"));
        const auto due = her.loop("inform", "2025-10-10").due_to;
        her.add("2025-11-27", Correct{result, {reported("2025-10-02", "2025-11-27")}});
        CHECK(her.loop("inform", "2025-11-28").due_to == due);
        CHECK(her.loop("inform", "2025-11-28").is_overdue(day("2025-11-28")));
        // An earlier day is heeded.
        her.add("2025-11-27", Correct{result, {reported("2025-10-02", "2025-10-03")}});
        CHECK(her.loop("inform", "2025-11-28").due_to < due);
    }

    TEST_CASE("what she was told and is amended since is to be told within its own time") {
        CaredFor her;
        auto first = tests::fact("2025-10-02", HpvTest{HpvResult::positive, {HpvType::hpv52}, {}});
        first.at.reported_on = day("2025-10-09");
        const auto result = her.add_fact(first);
        her.add("2025-10-10", Informed{{result}, {}});
        CHECK(her.loop("inform", "2025-10-11").state == LoopState::done);
        her.add("2025-11-27", Correct{result, {reported("2025-10-02", "2025-11-27")}});
        const auto anew = her.loop("inform", "2025-11-28");
        CHECK(anew.state == LoopState::open);
        CHECK(anew.due == day("2025-11-27"));
        // Another change gives no more time.
        her.add("2025-12-20", Correct{result, {reported("2025-10-02", "2025-12-20")}});
        CHECK(her.loop("inform", "2025-12-21").due_to == anew.due_to);
    }

    TEST_CASE("who was told what it said before isn't told by that what it says now") {
        struct Change {
            Fact before;
            Fact after;
            bool is_worse = false;
        };
        const auto of = [](auto detail) { return tests::fact("2025-10-02", std::move(detail)); };
        const auto hpv = [&](HpvResult result, std::vector<HpvType> types) {
            return of(HpvTest{result, std::move(types), {}});
        };
        auto labelled = HpvTest{HpvResult::positive, {HpvType::hpv52}, {}};
        labelled.specimen = "B1";
        const Change changes[] = {
            {hpv(HpvResult::negative, {}), of(hpv_16()), true},
            {hpv(HpvResult::positive, {HpvType::hpv52}), of(hpv_16()), true},
            {of(smear(CytologyResult::lsil)), of(smear(CytologyResult::hsil)), true},
            {of(tissue(HistologyResult::cin3)), of(tissue(HistologyResult::cancer)), true},
            {of(hpv_16()), hpv(HpvResult::positive, {HpvType::hpv52}), false},
            {hpv(HpvResult::positive, {HpvType::hpv52}), of(labelled), false},
        };
        int nth = 0;
        for (const auto& change : changes) {
            CAPTURE(++nth);
            CaredFor her;
            const auto result = her.add_fact(change.before);
            her.add("2025-10-04", Informed{{result}, {}});
            her.add("2025-11-27", Correct{result, {change.after}});
            const auto inform = her.loop("inform", "2025-11-28");
            CHECK(inform.state == (change.is_worse ? LoopState::open : LoopState::done));
            if (change.is_worse) CHECK(inform.due == day("2025-11-27"));
            // That she was told before is written down late: it was of what it said then.
            her.add("2025-10-05", Informed{{result}, {}}, {"C1", 1, "2025-11-28"});
            CHECK(her.loop("inform", "2025-11-29").state == inform.state);
            her.add("2025-11-28", Informed{{result}, {}});
            CHECK(her.loop("inform", "2025-11-29").state == LoopState::done);
        }
    }

    TEST_CASE("she may be told of an amendment before it is typed, from its own day of report on") {
        CaredFor her;
        auto made = tests::fact("2025-11-03", smear(CytologyResult::lsil));
        made.at.reported_on = day("2025-11-10");
        const auto result = her.add_fact(made, {"C1", 1, "2025-11-11"});
        her.add("2025-11-11", Informed{{result}, {}});
        made = tests::fact("2025-11-03", smear(CytologyResult::hsil));
        made.at.reported_on = day("2025-11-18");
        her.add("2025-11-20", Correct{result, {made}});
        her.add("2025-11-17", Informed{{result}, {}}, {"C1", 1, "2025-11-20"});
        CHECK(her.loop("inform", "2025-11-21").state == LoopState::open);
        her.add("2025-11-19", Informed{{result}, {}}, {"C1", 1, "2025-11-20"});
        CHECK(her.loop("inform", "2025-11-21").closed_on == day("2025-11-19"));
    }

    TEST_CASE("what she was told last is what she knows") {
        CaredFor her;
        const HpvTest hpv52{HpvResult::positive, {HpvType::hpv52}, {}};
        const auto result = her.add("2025-10-02", hpv52);
        her.add("2025-10-04", Informed{{result}, {}});
        her.add("2025-10-10",
                Correct{result, {tests::fact("2025-10-02", HpvTest{HpvResult::negative, {}, {}})}});
        her.add("2025-10-11", Informed{{result}, {}});
        her.add("2025-11-27", Correct{result, {tests::fact("2025-10-02", hpv52)}});
        CHECK(her.loop("inform", "2025-11-28").state == LoopState::open);
        CHECK(her.loop("inform", "2025-11-28").due == day("2025-11-27"));
    }

    TEST_CASE("who came before the result was amended doesn't know by that what it says now") {
        for (const bool is_amended : {true, false}) {
            CaredFor her;
            const auto result = her.add("2025-10-02", is_amended ? smear(CytologyResult::lsil)
                                                                 : smear(CytologyResult::hsil));
            her.add("2025-10-20", looked(ColposcopyImpression::normal));
            her.add("2025-11-27",
                    Correct{result, {tests::fact("2025-10-02", smear(CytologyResult::hsil))}});
            const auto inform = her.loop("inform", "2025-11-28");
            CHECK(inform.state == (is_amended ? LoopState::open : LoopState::done));
            if (is_amended) CHECK(inform.due == day("2025-11-27"));
            if (is_amended) CHECK_FALSE(inform.is_overdue(day("2025-11-28")));
        }
    }

    TEST_CASE("who came before the laboratory's result was known doesn't know it") {
        struct Course {
            bool has_day;         // Of report.
            const char* typed;    // When the result was written down,
            const char* seen_on;  // and when the look.
            LoopState state;
        };
        const Course courses[] = {
            {false, "2025-10-08", "2025-10-10", LoopState::done},
            {true, "2025-10-09", "2025-10-10", LoopState::done},
            {false, "2025-10-20", "2025-10-10", LoopState::open},
            {true, "2025-10-20", "2025-10-10", LoopState::open},
            // The look was typed in later still.
            {false, "2025-10-20", "2025-10-21", LoopState::open},
            {true, "2025-10-20", "2025-10-21", LoopState::done},
            // Old papers, typed in one after the other.
            {false, "2026-11-02", "2026-11-02", LoopState::done},
        };
        for (const auto& course : courses) {
            CAPTURE(course.has_day);
            CAPTURE(course.typed);
            CAPTURE(course.seen_on);
            CaredFor her;
            her.add("2025-10-02", Via{ViaResult::positive});
            auto late = tests::fact("2025-10-02", smear(CytologyResult::hsil));
            if (course.has_day) late.at.reported_on = day("2025-10-08");
            const auto found = her.add_fact(late, {"C1", 1, course.typed});
            her.add("2025-10-10", looked(ColposcopyImpression::normal), {"C1", 1, course.seen_on});
            const auto informs = her.loops_for("inform", "2026-11-03");
            const auto of_smear =
                std::find_if(informs.begin(), informs.end(),
                             [&](const Loop& loop) { return loop.opened_by == found; });
            REQUIRE(of_smear != informs.end());
            CHECK(of_smear->state == course.state);
        }
    }

    TEST_CASE("old papers tell of what she came for in whatever order they are typed") {
        CaredFor her;
        Treatment cut;
        cut.procedure = Procedure::leep;
        her.add("2024-03-20", cut, {"C1", 1, "2025-11-14"});
        auto found = tests::fact("2024-02-03", smear(CytologyResult::hsil));
        found.at.reported_on = day("2024-02-10");
        her.add_fact(found, {"C1", 1, "2025-11-14"});
        CHECK(her.loop("inform", "2025-11-15").closed_on == day("2024-03-20"));
    }

    TEST_CASE("a course of therapy tells her nothing of what it doesn't treat") {
        CaredFor her;
        her.add("2025-10-02", smear(CytologyResult::hsil));
        Treatment course;
        course.procedure = Procedure::chemotherapy;
        her.add("2025-10-20", course);
        CHECK(her.loop("inform", "2025-10-21").state == LoopState::open);
    }

    TEST_CASE("a report that has no day was known when it was first written down") {
        CaredFor her;
        const auto result = her.add("2025-10-02", hpv_16(), {"C1", 1, "2025-10-09"});
        const auto due = her.loop("inform", "2025-10-10").due_to;
        her.add("2025-11-27", Correct{result, {reported("2025-10-02", "2025-11-27")}});
        CHECK(her.loop("inform", "2025-11-28").due_to == due);
    }

    TEST_CASE("a result that was not positive at first was known when it became so") {
        CaredFor her;
        auto unread = tests::fact("2025-10-02", HpvTest{HpvResult::unknown, {}, {}});
        unread.at.reported_on = day("2025-10-09");
        const auto result = her.add_fact(unread);
        her.add("2025-11-27", Correct{result, {reported("2025-10-02", "2025-11-27")}});
        CHECK(her.loop("inform", "2025-11-28").due == day("2025-11-27"));
    }

    TEST_CASE("recording a result anew doesn't give more time to tell her") {
        CaredFor her;
        const auto result = her.add_fact(reported("2025-10-02", "2025-10-09"));
        const auto due = her.loop("inform", "2025-10-10").due_to;
        her.add("2025-11-27", VoidFact{result});
        her.add_fact(reported("2025-10-02", "2025-11-27"), {"C1", 1, "2025-11-27"});
        CHECK(her.loop("inform", "2025-11-28").due_to == due);
    }

    TEST_CASE("correcting when the feedback came doesn't give more time to tell her") {
        CaredFor her;
        Referral referral;
        referral.to_facility = "H1";
        ReferralFeedback feedback;
        feedback.referral = her.add("2025-10-01", referral);
        feedback.received_on = day("2025-10-14");
        auto found = reported("2025-10-09", "2025-10-10");
        found.at.facility = "H1";
        her.add_fact(found, {"C1", 1, "2025-10-14"});
        const auto answer = her.add("2025-10-14", feedback);
        const auto due = her.loop("inform", "2025-10-15").due_to;
        feedback.received_on = day("2025-11-27");
        her.add("2025-11-27", Correct{answer, {tests::fact("2025-10-14", feedback)}});
        CHECK(her.loop("inform", "2025-11-28").due_to == due);
    }

    TEST_CASE("a sample that is said to be later than its own recording is confirmed") {
        CaredFor her;
        const auto result = her.add("2025-01-02", hpv_16());
        her.add("2025-11-20", Correct{result, {tests::fact("2025-11-19", hpv_16())}});
        CHECK(has_open_loop(her, "confirm", "2025-11-21"));
        CaredFor mistyped;
        const auto typed = mistyped.add("2024-11-19", hpv_16(), {"C1", 1, "2025-11-20"});
        mistyped.add("2025-11-21", Correct{typed, {tests::fact("2025-11-19", hpv_16())}});
        CHECK_FALSE(has_open_loop(mistyped, "confirm", "2025-11-22"));
    }

    TEST_CASE("a day that is put back to what it was leaves nothing to confirm") {
        CaredFor her;
        const auto result = her.add("2025-01-02", hpv_16(), {"C1", 1, "2025-10-20"});
        her.add("2025-09-20", looked(ColposcopyImpression::normal));
        her.add("2025-10-21", Correct{result, {tests::fact("2025-10-10", hpv_16())}});
        CHECK_FALSE(has_open_loop(her, "confirm", "2025-10-22"));
        her.add("2025-10-22", Correct{result, {tests::fact("2025-01-02", hpv_16())}});
        CHECK_FALSE(has_open_loop(her, "confirm", "2025-10-23"));
        // To another day it does, and taking that back takes the question away.
        her.add("2025-10-24", Correct{result, {tests::fact("2025-10-10", hpv_16())}});
        const auto moved =
            her.add("2025-10-25", Correct{result, {tests::fact("2025-01-03", hpv_16())}});
        CHECK(has_open_loop(her, "confirm", "2025-10-26"));
        her.add("2025-10-26", VoidFact{moved});
        CHECK_FALSE(has_open_loop(her, "confirm", "2025-10-27"));
        her.add("2025-10-27", Correct{result, {tests::fact("2025-01-03", hpv_16())}});
        her.add("2025-10-28", Correct{result, {tests::fact("2025-10-10", hpv_16())}});
        CHECK_FALSE(has_open_loop(her, "confirm", "2025-10-29"));
    }

    TEST_CASE("a result that was made more severe and then less again is confirmed") {
        CaredFor her;
        const auto result = her.add("2025-10-02", smear(CytologyResult::nilm));
        her.add("2025-10-03",
                Correct{result, {tests::fact("2025-10-02", smear(CytologyResult::hsil))}});
        her.add("2025-10-04",
                Correct{result, {tests::fact("2025-10-02", smear(CytologyResult::nilm))}});
        CHECK(has_open_loop(her, "confirm", "2025-10-05"));
    }

    TEST_CASE("she is told of a result that was said to come from her afterwards") {
        CaredFor her;
        const auto result = her.add("2025-10-02", smear(CytologyResult::hsil));
        auto hers = tests::fact("2025-10-02", smear(CytologyResult::hsil));
        hers.at.source = Source::told;
        her.add("2025-10-05", Correct{result, {hers}});
        CHECK(her.loop("inform", "2025-10-06").state == LoopState::open);
        CaredFor told;
        told.add_fact(hers);
        CHECK(told.loops_for("inform", "2025-10-06").empty());
    }

    TEST_CASE("what was asked for answers to its number when the record that gave it is gone") {
        CaredFor her;
        const auto exam = her.add("2025-11-02", normal_exam());
        her.add("2025-11-02", smear(CytologyResult::unsat));
        const auto action = her.open("2025-11-03").front();
        const auto before = her.loop(action, "2025-11-03").id;
        her.add("2025-11-04", given_up(before, ClosingReason::refused));
        CHECK(her.loop(action, "2025-11-05").state == LoopState::not_done);
        her.add("2025-11-06", VoidFact{exam});
        const auto after = her.loop(action, "2025-11-07");
        CHECK(after.answers_to(before));
        CHECK(after.state == LoopState::not_done);
    }

    TEST_CASE("of two positives of a visit each gives a number that holds without the other") {
        CaredFor her;
        const auto hpv = her.add("2025-11-02", hpv_16());
        const auto first = her.loop("colposcopy", "2025-11-03").id;
        her.add("2025-11-02", smear(CytologyResult::asc_us), {"C1", 1, "2025-11-04"});
        her.add("2025-11-05", given_up(first, ClosingReason::refused));
        her.add("2025-11-06", VoidFact{hpv});
        const auto left = her.loop("colposcopy", "2025-11-07");
        CHECK(left.answers_to(first));
        CHECK(left.state == LoopState::not_done);
        // The referral that names it has its site.
        Referral referral;
        referral.action = first;
        her.add("2025-11-08", referral);
        CHECK(her.loop("referral_feedback", "2025-11-09").site == ScreenedSite::cervix);
        CHECK_FALSE(left.answers_to(her.loop("referral_feedback", "2025-11-09").id));
    }

    TEST_CASE("what was given up at one visit says nothing of the visit to which a result moves") {
        CaredFor her;
        const auto hpv = her.add("2025-11-02", hpv_16());
        her.add("2025-11-02", smear(CytologyResult::asc_us));
        const auto id = her.loop("colposcopy", "2025-11-03").id;
        her.add("2025-11-04", given_up(id, ClosingReason::refused));
        her.add("2025-11-20", Correct{hpv, {tests::fact("2025-10-02", hpv_16())}});
        CHECK(her.loops_for("colposcopy", "2025-11-21").front().state == LoopState::open);
    }
}

}  // namespace
}  // namespace egret
