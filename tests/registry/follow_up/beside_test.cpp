#include "registry/follow_up/loops.h"
#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

/// What is asked for stands beside what was asked for before: neither hides the other.
namespace egret {
namespace {

using follow_up::LoopState;
using follow_up::RecallState;
using rules::Severity;
using tests::CaredFor;
using tests::day;
using tests::hpv_16;
using tests::hpv_negative;
using tests::looked;
using tests::smear;
using tests::tissue;

constexpr auto cervix = ScreenedSite::cervix;

HpvTest hpv_31() { return HpvTest{HpvResult::positive, {HpvType::hpv31}, {}}; }

HpvTest hpv_invalid() { return HpvTest{HpvResult::invalid, {}, {}}; }

Treatment treated(Procedure procedure, const std::string& reason) {
    Treatment treatment;
    treatment.procedure = procedure;
    treatment.site = DiagnosisSite::cervix;
    treatment.reason = reason;
    return treatment;
}

/// The one that isn't closed.
follow_up::Loop open_loop(const CaredFor& her, std::string_view action, std::string_view on) {
    auto all = her.loops_for(action, on);
    std::erase_if(all, [](const auto& loop) { return loop.state != LoopState::open; });
    CAPTURE(action);
    REQUIRE(all.size() == 1);
    return all.front();
}

TEST_SUITE("registry/follow_up/beside") {
    TEST_CASE("an action that is owed twice is done by what does it for both") {
        CaredFor cancer;
        cancer.add("2025-06-02", tissue(HistologyResult::cin3));
        cancer.add("2025-07-01", tissue(HistologyResult::cancer));
        cancer.add("2025-08-01", treated(Procedure::cryotherapy, "CIN3"));
        CHECK(open_loop(cancer, "treatment", "2025-08-02").severity == Severity::cancer);
        CaredFor cells;
        cells.add("2025-05-01", hpv_16());
        cells.add("2025-06-02", smear(CytologyResult::hsil));
        cells.add("2025-07-01", treated(Procedure::cryotherapy, "HPV16"));
        CHECK(open_loop(cells, "colposcopy", "2025-07-02").severity == Severity::high_grade);
    }

    TEST_CASE("what is found anew moves the day before which a normal test is too early") {
        CaredFor her;
        her.add("2025-01-06", tissue(HistologyResult::cin1));
        her.add("2025-08-04", hpv_31());
        her.add("2025-08-04", smear(CytologyResult::nilm));
        her.add("2025-10-20", hpv_negative());
        CHECK(open_loop(her, "surveillance", "2025-10-21").due == day("2026-08-04"));
    }

    TEST_CASE("what is suspected doesn't take the place of what is proven") {
        for (const auto proven : {HistologyResult::cancer, HistologyResult::cin3}) {
            CaredFor her;
            her.add("2025-06-02", tissue(proven));
            her.add("2025-07-01", looked(ColposcopyImpression::suspected_cancer));
            CHECK(open_loop(her, "histology", "2025-07-02").severity == Severity::cancer);
            CHECK(open_loop(her, "treatment", "2025-07-02").opened_on == day("2025-06-02"));
            her.add("2025-07-21", tissue(HistologyResult::benign));
            CHECK(her.loop("histology", "2025-07-22").state == LoopState::done);
            CHECK(open_loop(her, "treatment", "2025-07-22").opened_on == day("2025-06-02"));
        }
    }

    TEST_CASE("something positive that no row knows is looked at, whatever else was found") {
        CaredFor her;
        her.add("2025-06-02", tissue(HistologyResult::lcis));
        her.add("2025-06-02", smear(CytologyResult::nilm));
        CHECK(open_loop(her, "review", "2025-06-03").severity == Severity::high_grade);
        CaredFor other;
        other.add("2025-06-02", tissue(HistologyResult::dcis));
        other.add("2025-06-02", GynExam{ExamResult::normal});
        CHECK(open_loop(other, "review", "2025-06-03").severity == Severity::high_grade);
        CHECK(other.recall(cervix, "2025-06-03").state == RecallState::in_follow_up);
    }

    TEST_CASE("a result that can't be used leaves follow-up as it was") {
        CaredFor treated_her;
        treated_her.add("2025-01-06", tissue(HistologyResult::cin3));
        treated_her.add("2025-02-03", treated(Procedure::leep, "CIN3"));
        treated_her.add("2025-02-03", tissue(HistologyResult::cin3));
        treated_her.add("2025-03-10", smear(CytologyResult::unsat));
        treated_her.add("2025-04-10", smear(CytologyResult::nilm));
        CHECK(open_loop(treated_her, "surveillance", "2025-04-11").due == day("2026-02-03"));
        CaredFor her;
        her.add("2025-01-06", hpv_31());
        her.add("2025-01-06", smear(CytologyResult::nilm));
        her.add("2025-03-10", hpv_invalid());
        her.add("2025-04-10", hpv_negative());
        CHECK(her.loop("hpv_test", "2025-04-11").state == LoopState::done);
        CHECK(open_loop(her, "surveillance", "2025-04-11").due == day("2026-01-06"));
    }

    TEST_CASE("the report of what was cut out hides nothing else of its visit") {
        CaredFor suspected;
        suspected.add("2025-04-01", tissue(HistologyResult::cin3));
        suspected.add("2025-05-06", treated(Procedure::leep, "CIN3"));
        suspected.add("2025-07-21", looked(ColposcopyImpression::suspected_cancer));
        suspected.add("2025-07-21", tissue(HistologyResult::insufficient));
        CHECK(open_loop(suspected, "histology", "2025-07-22").severity == Severity::cancer);
        CaredFor cells;
        cells.add("2025-05-06", treated(Procedure::cryotherapy, "CIN1"));
        cells.add("2025-06-20", smear(CytologyResult::hsil));
        cells.add("2025-06-20", GynExam{ExamResult::normal});
        CHECK(open_loop(cells, "colposcopy", "2025-06-21").severity == Severity::high_grade);
    }

    TEST_CASE("the specimen of an excision of two days keeps the first day of follow-up") {
        CaredFor her;
        her.add("2025-01-06", tissue(HistologyResult::cin3));
        her.add("2025-02-03", treated(Procedure::leep, "CIN3"));
        her.add("2025-02-04", GynExam{ExamResult::normal});
        her.add("2025-02-13", tissue(HistologyResult::cin3));
        her.add("2025-04-01", hpv_negative());
        CHECK(open_loop(her, "surveillance", "2025-04-02").severity == Severity::high_grade);
    }

    TEST_CASE(
        "a decision that is owed leaves a senior review to be done, and the other way round") {
        CaredFor her;
        Mammogram image;
        image.left.emplace().birads = BiRads::b3;
        image.right.emplace().birads = BiRads::b1;
        her.add("2025-03-03", image);
        BreastExam exam;
        exam.result = exam.left = ExamResult::abnormal;
        exam.right = ExamResult::normal;
        her.add("2025-04-07", exam);
        CHECK(open_loop(her, "senior_review", "2025-04-08").opened_on == day("2025-03-03"));
        CHECK(open_loop(her, "clinician_decides", "2025-04-08").opened_on == day("2025-04-07"));
    }

    TEST_CASE("what a treatment makes needless tells what the treatment has to be") {
        CaredFor her;
        her.add("2025-05-05", tissue(HistologyResult::cin2));
        her.add("2025-06-16", smear(CytologyResult::scc));
        her.add("2025-07-15", treated(Procedure::cryotherapy, "CIN2"));
        CHECK(open_loop(her, "treatment", "2025-07-16").severity == Severity::cancer);
        her.add("2025-08-04", treated(Procedure::leep, "CIN2"));
        CHECK(her.loop("treatment", "2025-08-05").state == LoopState::done);
    }

    TEST_CASE("too little tissue tells nothing: an ablation of that day is none for a suspicion") {
        CaredFor her;
        her.add("2025-06-02", looked(ColposcopyImpression::suspected_cancer));
        her.add("2025-06-02", tissue(HistologyResult::insufficient));
        her.add("2025-06-03", treated(Procedure::cryotherapy, "CIN3"));
        CHECK(open_loop(her, "histology", "2025-06-04").severity == Severity::cancer);
    }

    TEST_CASE("tissue of an excision that was too little is awaited still") {
        CaredFor her;
        her.add("2025-06-02", smear(CytologyResult::hsil));
        her.add("2025-07-01", treated(Procedure::leep, "HSIL"));
        her.add("2025-07-01", tissue(HistologyResult::insufficient));
        CHECK(open_loop(her, "result", "2025-07-20").severity == Severity::high_grade);
    }

    TEST_CASE("a senior review of one breast ends no surveillance after a cancer") {
        CaredFor her;
        her.add("2025-01-01", Histology{HistologySite::breast_left, {HistologyResult::invasive}});
        Treatment surgery;
        surgery.procedure = Procedure::lumpectomy;
        surgery.site = DiagnosisSite::breast_left;
        her.add("2025-01-20", surgery);
        Mammogram image;
        image.left.emplace().birads = BiRads::b1;
        image.right.emplace().birads = BiRads::b3;
        her.add("2025-03-03", image);
        SeniorReview review;
        review.decision = ReviewDecision::short_follow_up;
        review.rank = PhysicianRank::senior;
        review.review_on = day("2025-07-01");
        her.add("2025-03-10", review);
        const auto all = her.loops_for("surveillance", "2025-03-11");
        CHECK(std::any_of(all.begin(), all.end(), [](const auto& loop) {
            return loop.breast == HistologySite::breast_left && loop.state == LoopState::open &&
                   loop.severity == Severity::cancer;
        }));
    }

    TEST_CASE("she knows her result by what it asked for, not by a test for something else") {
        CaredFor her;
        her.add("2025-01-06", hpv_31());
        her.add("2025-01-06", smear(CytologyResult::nilm));
        her.add("2025-03-10", hpv_invalid());
        her.add("2025-05-12", hpv_negative());
        CHECK(open_loop(her, "inform", "2025-05-13").opened_on == day("2025-01-06"));
        her.add("2026-01-12", hpv_negative());
        CHECK(her.loop("inform", "2026-01-13").state == LoopState::done);
    }

    TEST_CASE("a date that makes a result count for nothing is put right, not looked at") {
        CaredFor her("1990-05-01");
        auto early = tests::fact("1986-09-02", hpv_16());
        her.add_fact(early, {"C1", 1, "2025-09-02"});
        const auto review = open_loop(her, "review", "2025-09-03");
        her.add("2025-09-04", tests::given_up(review.id, ClosingReason::completed));
        CHECK(open_loop(her, "review", "2025-09-05").id == review.id);
    }

    TEST_CASE("what is needless passes its severity on to what makes it so") {
        CaredFor her;
        her.add("2024-01-08", tissue(HistologyResult::cancer));
        her.add("2024-02-05", treated(Procedure::hysterectomy, "cancer"));
        her.add("2024-02-05", tissue(HistologyResult::cancer));
        her.add("2024-07-01", tissue(HistologyResult::insufficient));
        her.add("2025-03-03", looked(ColposcopyImpression::normal));
        CHECK(open_loop(her, "histology", "2025-03-04").severity == Severity::cancer);
    }

    TEST_CASE("nothing ends early for the sake of what isn't asked for") {
        CaredFor her;
        her.add("2025-01-06", tissue(HistologyResult::cin3));
        her.add("2025-02-03", treated(Procedure::leep, "CIN3"));
        her.add("2025-02-03", tissue(HistologyResult::cin3));
        her.add("2025-05-20", tissue(HistologyResult::insufficient));
        her.add("2025-07-01", hpv_31());
        CHECK(open_loop(her, "surveillance", "2025-07-02").due == day("2026-02-03"));
    }

    TEST_CASE("what she tells of being treated moves no day, and makes no specimen of a biopsy") {
        CaredFor her;
        her.add("2025-01-06", tissue(HistologyResult::cin3));
        her.add("2025-02-03", treated(Procedure::leep, "CIN3"));
        her.add("2025-02-03", tissue(HistologyResult::cin3));
        auto told = tests::fact("2026-04-06", treated(Procedure::leep, "CIN3"));
        told.at.source = Source::told;
        her.add_fact(told);
        const auto all = her.loops_for("surveillance", "2026-04-07");
        REQUIRE_FALSE(all.empty());
        CHECK(all.front().due == day("2026-02-03"));
        CHECK(all.front().state == LoopState::open);
        her.add("2026-05-04", tissue(HistologyResult::cin3));
        CHECK(her.loops_for("treatment", "2026-05-05").back().state == LoopState::open);
    }

    TEST_CASE("no two of what is owed to her have one number") {
        CaredFor her;
        her.add("2025-06-02", treated(Procedure::leep, "CIN3"));
        her.add("2025-06-03", tissue(HistologyResult::cin3));
        her.add("2025-06-04", hpv_31());
        her.add("2025-06-04", smear(CytologyResult::nilm));
        her.add("2025-09-04", hpv_31());
        her.add("2025-09-04", smear(CytologyResult::nilm));
        auto all = her.loops("2025-09-05");
        std::sort(all.begin(), all.end(),
                  [](const auto& one, const auto& other) { return one.id < other.id; });
        CHECK(std::adjacent_find(all.begin(), all.end(), [](const auto& one, const auto& other) {
                  return one.id == other.id;
              }) == all.end());
    }

    TEST_CASE("a test that is to be done once more is still for what it was") {
        CaredFor her;
        her.add("2025-01-06", hpv_31());
        her.add("2025-02-03", smear(CytologyResult::unsat));
        her.add("2025-02-03", smear(CytologyResult::nilm));
        her.add("2025-03-03", smear(CytologyResult::nilm));
        CHECK(open_loop(her, "surveillance", "2025-03-04").due == day("2026-03-03"));
    }

    TEST_CASE("too little of a specimen, told on another day, is as bad as what was cut out") {
        CaredFor her;
        her.add("2025-01-06", tissue(HistologyResult::cin3));
        her.add("2025-02-03", treated(Procedure::leep, "CIN3"));
        her.add("2025-02-20", tissue(HistologyResult::insufficient));
        CHECK(open_loop(her, "histology", "2025-02-21").severity == Severity::high_grade);
    }

    TEST_CASE("a treatment says what it has to be, as long as no tissue has told") {
        CaredFor her;
        her.add("2025-05-05", tissue(HistologyResult::cin2));
        CHECK_FALSE(open_loop(her, "treatment", "2025-05-06").needs_tissue);
        her.add("2025-06-16", smear(CytologyResult::scc));
        CHECK(open_loop(her, "treatment", "2025-06-17").needs_tissue);
        CHECK_FALSE(open_loop(her, "treatment", "2025-06-17").has_cancer);
        her.add("2025-07-14", tissue(HistologyResult::cancer));
        CHECK_FALSE(open_loop(her, "treatment", "2025-07-15").needs_tissue);
        CHECK(open_loop(her, "treatment", "2025-07-15").has_cancer);
    }

    TEST_CASE("an invalid test that she only tells of asks for nothing") {
        CaredFor her;
        her.add("2025-01-06", hpv_negative());
        auto told = tests::fact("2025-03-10", hpv_invalid());
        told.at.source = Source::told;
        her.add_fact(told);
        CHECK(her.loops_for("hpv_test", "2025-03-11").empty());
    }
}

}  // namespace
}  // namespace egret
