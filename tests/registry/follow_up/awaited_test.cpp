#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using follow_up::LoopState;
using tests::CaredFor;
using tests::day;
using tests::hpv_16;
using tests::hpv_negative;
using tests::looked;
using tests::smear;
using tests::tissue;
using Actions = std::vector<std::string>;

Specimen tube(const char* barcode, std::vector<SpecimenTest> tests = {SpecimenTest::hpv}) {
    Specimen specimen;
    specimen.barcode = barcode;
    specimen.tests = std::move(tests);
    return specimen;
}

HpvTest result_of(const char* barcode, HpvResult result) {
    HpvTest test{result, {}, {}};
    test.specimen = barcode;
    return test;
}

TEST_SUITE("registry/follow_up/awaited") {
    TEST_CASE("a specimen taken opens result awaited, until its own result is there") {
        CaredFor her;
        her.add("2025-03-03", tube("A1"));
        auto loop = her.loop("result", "2025-03-04");
        CHECK(loop.due_to == day("2025-03-17"));  // Two weeks.
        CHECK(her.recall(ScreenedSite::cervix, "2025-03-04").state ==
              follow_up::RecallState::in_follow_up);
        her.add("2025-03-10", result_of("B7", HpvResult::negative));
        CHECK(her.loop("result", "2025-03-11").state == LoopState::open);
        her.add("2025-03-12", result_of("A1", HpvResult::unknown));
        CHECK(her.loop("result", "2025-03-12").state == LoopState::open);
        her.add("2025-03-03", result_of("A1", HpvResult::negative), {"C1", 1, "2025-03-13"});
        CHECK(her.loop("result", "2025-03-14").state == LoopState::done);
    }

    TEST_CASE("a result that names no specimen is that of the specimen of its visit") {
        CaredFor her;
        her.add("2025-03-03", tube("A1"));
        her.add("2025-03-04", hpv_negative());
        CHECK(her.loop("result", "2025-03-05").state == LoopState::done);
    }

    TEST_CASE("of several tests of one specimen all results are awaited") {
        CaredFor her;
        her.add("2025-03-03", tube("A1", {SpecimenTest::hpv, SpecimenTest::cytology}));
        her.add("2025-03-03", result_of("A1", HpvResult::negative));
        CHECK(her.loop("result", "2025-03-05").state == LoopState::open);
        auto cytology = smear(CytologyResult::nilm);
        cytology.specimen = "A1";
        her.add("2025-03-03", cytology);
        CHECK(her.loop("result", "2025-03-05").state == LoopState::done);
    }

    TEST_CASE("a result of a specimen that is none of hers opens a review") {
        CaredFor her;
        her.add("2025-03-03", result_of("B7", HpvResult::negative));
        CHECK(her.open("2025-03-04") == Actions{"review"});
        her.add("2025-03-03", tube("A1"));
        her.add("2025-03-03", result_of("A1", HpvResult::negative));
        CHECK(her.open("2025-03-04") == Actions{"review"});
        her.add("2025-03-03", tube("B7"));
        CHECK(her.open("2025-03-04").empty());
    }

    TEST_CASE("a result from elsewhere may be of a specimen that is recorded there alone") {
        auto brought = tests::fact("2025-03-03", result_of("B7", HpvResult::negative));
        brought.at.source = Source::imported;
        CaredFor her;
        her.add_fact(brought);
        CHECK(her.open("2025-03-04").empty());
        her.add("2025-03-03", tube("A1"));
        her.add("2025-03-03", result_of("A1", HpvResult::negative));
        CHECK(her.open("2025-03-04") == Actions{"review"});
    }

    TEST_CASE("whose specimen it was is looked at from the day on which the result was known") {
        CaredFor her;
        auto late = tests::fact("2025-03-03", result_of("B7", HpvResult::negative));
        late.at.reported_on = day("2025-03-24");
        her.add_fact(late, {"C1", 1, "2025-03-25"});
        CHECK(her.loop("review", "2025-03-25").due == day("2025-03-24"));
        CHECK_FALSE(her.loop("review", "2025-03-25").is_overdue(day("2025-03-25")));
    }

    TEST_CASE("a test sent whose result isn't there opens a loop") {
        Colposcopy look;
        look.adequate = true;
        BreastUltrasound image;
        image.left = BreastFinding{};
        image.right = BreastFinding{};
        const std::vector<Fact> sent = {
            tests::fact("2025-03-03", HpvTest{}),   tests::fact("2025-03-03", Cytology{}),
            tests::fact("2025-03-03", Via{}),       tests::fact("2025-03-03", look),
            tests::fact("2025-03-03", Histology{}), tests::fact("2025-03-03", image),
            tests::fact("2025-03-03", Mammogram{})};
        for (const auto& one : sent) {
            CaredFor her;
            her.add_fact(one);
            CAPTURE(type_name(one));
            CHECK_FALSE(her.open("2025-03-04").empty());
        }
    }

    TEST_CASE("the laboratory's time runs from the day on which it had the specimen") {
        CaredFor her;
        auto specimen = tube("A1");
        specimen.sent_on = day("2025-03-05");
        specimen.received_on = day("2025-03-07");
        her.add("2025-03-03", specimen);
        CHECK(her.loop("result", "2025-03-08").due_to == day("2025-03-21"));
    }

    TEST_CASE("a specimen that can't be examined asks for another one") {
        CaredFor her;
        auto specimen = tube("A1");
        specimen.unusable = UnusableReason::leaked;
        her.add("2025-03-03", specimen);
        CHECK(her.open("2025-03-05") == Actions{"repeat_specimen"});
        her.add("2025-03-20", tube("A2"));
        CHECK(her.open("2025-03-21") == Actions{"result"});
    }

    TEST_CASE("tissue is of the site of the visit at which it was taken") {
        Specimen pot;
        pot.barcode = "H1";
        pot.tests = {SpecimenTest::histology};
        CaredFor her;
        her.add("2025-06-01", pot);
        CHECK_FALSE(her.loop("result", "2025-06-02").site);
        her.add("2025-06-01", tests::looked(ColposcopyImpression::low_grade));
        CHECK(her.loop("result", "2025-06-02").site == ScreenedSite::cervix);
        BreastExam exam;
        exam.result = ExamResult::normal;
        her.add("2025-06-01", exam);
        CHECK_FALSE(her.loop("result", "2025-06-02").site);
    }

    TEST_CASE("a biopsy taken opens result awaited") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        auto look = looked(ColposcopyImpression::high_grade);
        look.biopsies = 2;
        her.add("2025-03-20", look);
        auto loop = her.loop("result", "2025-03-21");
        CHECK(loop.severity == rules::Severity::high_grade);
        CHECK(loop.due_to == day("2025-04-03"));
        her.add("2025-03-28", tissue(HistologyResult::cin1));
        CHECK(her.loop("result", "2025-03-29").state == LoopState::done);
    }

    TEST_CASE("tissue of the other breast is not what was taken out") {
        CaredFor her;
        Mammogram image;
        image.left.emplace().birads = BiRads::b5;
        image.right.emplace().birads = BiRads::b4;
        her.add("2025-03-03", image);
        Treatment excision;
        excision.procedure = Procedure::lumpectomy;
        excision.site = DiagnosisSite::breast_left;
        her.add("2025-03-20", excision);
        her.add("2025-04-01", Histology{HistologySite::breast_right, {HistologyResult::benign}});
        const auto awaited = her.loop("result", "2025-04-02");
        CHECK(awaited.state == LoopState::open);
        CHECK(awaited.severity == rules::Severity::high_grade);
        her.add("2025-04-02", Histology{HistologySite::breast_left, {HistologyResult::dcis}});
        CHECK(her.loop("result", "2025-04-03").state == LoopState::done);
    }

    TEST_CASE("the report of a biopsy is not that of what was cut out beside it") {
        for (const auto method : {BiopsyMethod::punch, BiopsyMethod::ecc}) {
            for (const bool has_pot : {true, false}) {
                CaredFor her;
                auto look = looked(ColposcopyImpression::high_grade);
                look.biopsies = 2;
                her.add("2025-03-20", look);
                Specimen pot;
                pot.barcode = "P1";
                pot.tests = {SpecimenTest::histology};
                if (has_pot) her.add("2025-03-20", pot);
                pot.barcode = "P2";
                if (has_pot) her.add("2025-03-20", pot);
                Treatment loop;
                loop.procedure = Procedure::leep;
                const auto cut = her.add("2025-03-20", loop);
                auto report = tissue(HistologyResult::cin3);
                report.taken_by = method;
                if (has_pot) report.specimen = "P1";
                her.add("2025-03-20", report, {"C1", 1, "2025-03-27"});
                const auto of_cut = [&](std::string_view on) {
                    const auto waits = her.loops_for("result", on);
                    return std::count_if(waits.begin(), waits.end(), [&](const auto& wait) {
                        return wait.opened_by == cut && wait.state == LoopState::open;
                    });
                };
                CHECK(of_cut("2025-03-28") == 1);
                report.taken_by = BiopsyMethod::leep;
                report.specimen = "";
                her.add("2025-03-20", report, {"C1", 1, "2025-03-29"});
                CHECK(of_cut("2025-03-30") == 0);
            }
        }
    }

    TEST_CASE("a referral made opens feedback awaited, closed by the feedback alone") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        Referral referral;
        referral.action = her.loop("colposcopy", "2025-03-04").id;
        referral.to_facility = "H1";
        const auto sent = her.add("2025-03-05", referral);
        auto loop = her.loop("referral_feedback", "2025-03-06");
        CHECK(loop.site == ScreenedSite::cervix);
        CHECK(loop.owner == "C1");
        CHECK(loop.due_to == day("2025-04-04"));  // 30 days, the programme's.
        // The hospital has a result on a Tuesday: it tells the clinic within 5 working days.
        auto look = tests::fact("2025-04-01", looked(ColposcopyImpression::normal));
        look.at.facility = "H1";
        look.at.reported_on = day("2025-04-01");
        her.add_fact(look, {"H1", 9});
        loop = her.loop("referral_feedback", "2025-04-02");
        CHECK(loop.state == LoopState::open);
        CHECK(loop.owner == "H1");
        CHECK(loop.due == day("2025-04-01"));
        CHECK(loop.due_to == day("2025-04-09"));  // Qingming, Friday 4 April, is a day off.
        ReferralFeedback feedback;
        feedback.referral = sent;
        her.add("2025-04-08", feedback);
        CHECK(her.loop("referral_feedback", "2025-04-09").state == LoopState::done);
    }

    TEST_CASE("after feedback she is told within five working days of the day it was received") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        Referral referral;
        referral.to_facility = "H1";
        const auto sent = her.add("2025-03-05", referral);
        auto report = tests::fact("2025-04-14", tissue(HistologyResult::cin3));
        report.at.facility = "H1";
        her.add_fact(report, {"H1", 9});
        ReferralFeedback feedback;
        feedback.referral = sent;
        feedback.from_facility = "H1";
        feedback.received_on = day("2025-04-25");  // A Friday; Sunday the 27th is worked.
        her.add("2025-04-25", feedback);
        const auto informs = her.loops_for("inform", "2025-04-26");
        REQUIRE(informs.size() == 2);
        CHECK(informs.back().due == day("2025-04-25"));
        CHECK(informs.back().due_to == day("2025-05-06"));
    }
}

}  // namespace
}  // namespace egret
