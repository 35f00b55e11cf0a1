#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

/// Ways in which a positive result was once lost, or closed by the wrong thing.
namespace egret {
namespace {

using follow_up::LoopState;
using follow_up::RecallState;
using rules::Severity;
using tests::CaredFor;
using tests::day;
using tests::given_up;
using tests::hpv_16;
using tests::looked;
using tests::smear;
using tests::tissue;
using Actions = std::vector<std::string>;

bool is_open(const CaredFor& her, std::string_view action, std::string_view on) {
    const auto open = her.open(on);
    return std::find(open.begin(), open.end(), action) != open.end();
}

Treatment treated(Procedure procedure, const char* reason = "") {
    Treatment treatment;
    treatment.procedure = procedure;
    treatment.reason = reason;
    return treatment;
}

template <class T>
Fact told(std::string_view date, T detail) {
    auto fact = tests::fact(date, std::move(detail));
    fact.at.source = Source::told;
    return fact;
}

BreastUltrasound image(BiRads left, BiRads right) {
    BreastUltrasound made;
    made.left = BreastFinding{left, {}};
    made.right = BreastFinding{right, {}};
    return made;
}

TEST_SUITE("registry/follow_up/nothing_forgotten") {
    TEST_CASE("a positive after something was given up opens it again, as bad as it is") {
        CaredFor her;
        her.add("2024-10-02", hpv_16());
        const auto id = her.loop("colposcopy", "2024-10-03").id;
        her.add("2024-11-02", given_up(id, ClosingReason::refused));
        CHECK(her.loop("colposcopy", "2024-11-03").state == LoopState::not_done);
        her.add("2025-10-02", smear(CytologyResult::hsil));
        auto loop = her.loop("colposcopy", "2025-10-03");
        CHECK(loop.state == LoopState::open);
        CHECK(loop.severity == Severity::high_grade);
        her.add("2025-10-05", given_up(id, ClosingReason::refused));
        CHECK(her.loop("colposcopy", "2025-10-06").awaits_second_person);
    }

    TEST_CASE("what she refused is asked again when she comes, and in a year") {
        CaredFor her;
        her.add("2024-10-02", hpv_16());
        const auto id = her.loop("colposcopy", "2024-10-03").id;
        her.add("2024-11-02", given_up(id, ClosingReason::refused));
        CHECK(her.loop("colposcopy", "2025-11-02").state == LoopState::not_done);
        CHECK(her.loop("colposcopy", "2025-11-03").is_asked_again());
        her.add("2024-12-02", Visit{});
        CHECK(her.loop("colposcopy", "2024-12-03").is_asked_again());
        CaredFor moved;
        moved.add("2024-10-02", hpv_16());
        moved.add("2024-11-02",
                  given_up(moved.loop("colposcopy", "2024-10-03").id, ClosingReason::moved));
        CHECK(moved.loop("colposcopy", "2027-11-03").state == LoopState::not_done);
    }

    TEST_CASE("a treatment that is less than what was found that day sets nothing aside") {
        CaredFor suspected;
        suspected.add("2025-10-02", looked(ColposcopyImpression::suspected_cancer));
        suspected.add("2025-10-03", treated(Procedure::cryotherapy));
        CHECK(is_open(suspected, "histology", "2025-10-04"));
        CaredFor hsil;
        hsil.add("2025-10-02", smear(CytologyResult::hsil));
        hsil.add("2025-10-02", treated(Procedure::cautery, "cervicitis"));
        CHECK(is_open(hsil, "colposcopy", "2025-10-04"));
        CHECK(is_open(hsil, "inform", "2025-10-04"));
        CaredFor cin3;
        cin3.add("2025-10-02", tissue(HistologyResult::cin3));
        cin3.add("2025-10-02", treated(Procedure::cautery, "bleeding"));
        CHECK(is_open(cin3, "treatment", "2025-10-04"));
        CaredFor breast;
        breast.add("2025-10-02", image(BiRads::b4c, BiRads::b1));
        breast.add("2025-10-02", treated(Procedure::other, "mastitis"));
        CHECK(is_open(breast, "biopsy", "2025-10-04"));
    }

    TEST_CASE("an ablation doesn't treat cancer") {
        CaredFor her;
        her.add("2025-10-02", tissue(HistologyResult::cancer));
        her.add("2025-10-20", treated(Procedure::cryotherapy));
        CHECK(is_open(her, "treatment", "2025-10-21"));
        her.add("2025-11-20", treated(Procedure::radiotherapy));
        CHECK_FALSE(is_open(her, "treatment", "2025-11-21"));
    }

    TEST_CASE("tissue that was taken out is examined, too") {
        CaredFor her;
        her.add("2025-10-02", tissue(HistologyResult::cin3));
        her.add("2025-10-20", treated(Procedure::leep, "CIN3"));
        CHECK(is_open(her, "result", "2025-10-21"));
        her.add("2025-10-28", tissue(HistologyResult::cin3));
        CHECK_FALSE(is_open(her, "result", "2025-10-29"));
    }

    TEST_CASE("what she tells of the day of a real result sets nothing aside") {
        CaredFor her;
        her.add("2025-10-02", hpv_16());
        her.add("2025-10-20", looked(ColposcopyImpression::high_grade));
        her.add_fact(told("2025-10-20", tissue(HistologyResult::benign)));
        CHECK(is_open(her, "histology", "2025-10-21"));
        CaredFor next_day;
        next_day.add("2025-10-02", hpv_16());
        next_day.add_fact(told("2025-10-03", looked(ColposcopyImpression::normal)));
        CHECK(is_open(next_day, "colposcopy", "2025-10-04"));
    }

    TEST_CASE("a review that she tells of, or of a lower rank, decides nothing") {
        SeniorReview review;
        review.decision = ReviewDecision::short_follow_up;
        review.review_on = day("2040-03-05");
        CaredFor her;
        her.add("2025-09-02", image(BiRads::b3, BiRads::b1));
        her.add_fact(told("2025-09-20", review));
        CHECK(is_open(her, "mammography", "2025-09-21"));
        review.rank = PhysicianRank::attending;
        her.add("2025-09-22", review);
        CHECK(is_open(her, "mammography", "2025-09-23"));
    }

    TEST_CASE("a normal image days after a treatment is no follow-up") {
        CaredFor her;
        Histology invasive;
        invasive.site = HistologySite::breast_left;
        invasive.results = {HistologyResult::invasive};
        her.add("2025-08-02", invasive);
        auto surgery = treated(Procedure::lumpectomy, "invasive");
        surgery.site = DiagnosisSite::breast_left;
        her.add("2025-09-02", surgery);
        her.add("2025-09-10", image(BiRads::b2, BiRads::b1));
        CHECK(her.recall(ScreenedSite::breast, "2025-09-11").state == RecallState::in_follow_up);
        CHECK(is_open(her, "surveillance", "2025-09-11"));
    }

    TEST_CASE("a cancer that is put to another organ is confirmed, and followed") {
        CaredFor her;
        const auto result = her.add("2025-09-02", tissue(HistologyResult::cancer));
        Histology ovary = tissue(HistologyResult::cancer);
        ovary.site = HistologySite::ovary;
        her.add("2025-09-10", Correct{result, {tests::fact("2025-09-02", ovary)}});
        CHECK(is_open(her, "confirm", "2025-09-11"));
        CHECK(is_open(her, "review", "2025-09-11"));
        CHECK(is_open(her, "inform", "2025-09-11"));
    }

    TEST_CASE("a diagnosis of cancer alone is looked at, and nobody calls her to screening") {
        CaredFor her;
        Diagnosis diagnosis;
        diagnosis.site = DiagnosisSite::cervix;
        diagnosis.code = "icd10:C53.9";
        her.add("2025-09-02", diagnosis);
        CHECK(is_open(her, "review", "2025-09-03"));
        CHECK(her.recall(ScreenedSite::cervix, "2025-09-03").state == RecallState::in_follow_up);
    }

    TEST_CASE("a birth date after the result leaves a review") {
        CaredFor her;
        her.add("2025-10-02", hpv_16());
        DemographicsChange change;
        change.who.birth_date = *PartialDate::parse("2025-10-20");
        her.add("2025-10-25", change);
        CHECK(is_open(her, "review", "2025-10-26"));
    }

    TEST_CASE("correcting an old closing gives up nothing that was found since") {
        CaredFor her;
        her.add("2025-01-02", HpvTest{HpvResult::positive, {HpvType::hpv31}, {}});
        Closing closing;
        closing.site = ScreenedSite::cervix;
        closing.reason = ClosingReason::moved;
        const auto closed = her.add("2025-02-02", closing);
        her.add("2025-10-02", hpv_16());
        auto again = tests::fact("2025-02-02", closing);
        again.at.note = "abc";
        her.add("2025-10-05", Correct{closed, {again}});
        CHECK(is_open(her, "colposcopy", "2025-10-06"));
    }

    TEST_CASE("a useless result beside a normal one is looked at") {
        for (const auto result : {HpvResult::unknown, HpvResult::invalid}) {
            CaredFor her;
            her.add("2025-09-02", HpvTest{result, {}, {}});
            her.add("2025-09-02", smear(CytologyResult::nilm));
            CHECK(her.open("2025-09-03") == Actions{"review"});
            her.add("2025-09-20", tests::hpv_negative());
            CHECK(her.open("2025-09-21").empty());
        }
    }

    TEST_CASE("nobody was told of a result before it was there") {
        CaredFor her;
        her.add("2025-10-02", hpv_16());
        her.add("2025-10-12", looked(ColposcopyImpression::normal));
        auto report = tests::fact("2025-10-02", smear(CytologyResult::hsil));
        report.at.reported_on = day("2025-11-25");
        const auto late = her.add_fact(report, {"C1", 1, "2025-11-25"});
        CHECK(is_open(her, "inform", "2025-11-26"));
        Informed informed;
        informed.about = {late};
        her.add("2025-11-20", informed, {"C1", 1, "2025-11-26"});
        CHECK(is_open(her, "inform", "2025-11-27"));
        her.add_fact(told("2025-11-27", informed));
        CHECK(is_open(her, "inform", "2025-11-28"));
        her.add("2025-11-28", informed);
        CHECK_FALSE(is_open(her, "inform", "2025-11-29"));
    }

    TEST_CASE("a second result of the visit keeps the number of what was asked for") {
        CaredFor her;
        her.add("2025-11-02", hpv_16());
        const auto id = her.loop("colposcopy", "2025-11-03").id;
        her.add("2025-11-02", smear(CytologyResult::nilm), {"C1", 1, "2025-11-10"});
        CHECK(her.loop("colposcopy", "2025-11-11").id == id);
        her.add("2025-11-12", given_up(id, ClosingReason::refused));
        GynExam exam;
        exam.result = ExamResult::normal;
        her.add("2025-11-02", exam, {"C1", 1, "2025-11-13"});
        CHECK(her.loop("colposcopy", "2025-11-14").state == LoopState::not_done);
    }

    TEST_CASE("whatever makes a positive less is confirmed by a second person") {
        CaredFor types;
        const auto hpv = types.add("2025-10-02", hpv_16());
        types.add("2025-10-05",
                  Correct{hpv,
                          {tests::fact("2025-10-02",
                                       HpvTest{HpvResult::positive, {HpvType::hpv31}, {}})}});
        CHECK(is_open(types, "confirm", "2025-10-06"));
        CaredFor sides;
        const auto both = sides.add("2025-10-02", image(BiRads::b5, BiRads::b1));
        sides.add("2025-10-05",
                  Correct{both, {tests::fact("2025-10-02", image(BiRads::b1, BiRads::b5))}});
        CHECK(is_open(sides, "confirm", "2025-10-06"));
        CaredFor dates;
        dates.add("2025-02-12", looked(ColposcopyImpression::normal));
        const auto hsil = dates.add("2025-10-02", smear(CytologyResult::hsil));
        dates.add("2025-10-05",
                  Correct{hsil, {tests::fact("2025-01-02", smear(CytologyResult::hsil))}});
        CHECK(is_open(dates, "confirm", "2025-10-06"));
    }

    TEST_CASE(
        "a review of what no rule knows has time, and may end in a word, of two where it is "
        "grave") {
        CaredFor her;
        her.add("2025-03-03", tissue(HistologyResult::lcis));
        const auto loop = her.loop("review", "2025-04-04");
        CHECK(loop.due < loop.due_to);
        const auto first = her.add("2025-04-05", given_up(loop.id, ClosingReason::completed));
        CHECK(is_open(her, "review", "2025-04-06"));
        her.add("2025-04-06", given_up(loop.id, ClosingReason::completed, first), {"C1", 2});
        CHECK_FALSE(is_open(her, "review", "2025-04-07"));
    }

    TEST_CASE("who was looked at is called to screening again") {
        CaredFor her;
        her.add("2025-06-01", smear(CytologyResult::bec));
        const auto id = her.loop("review", "2025-06-02").id;
        her.add("2025-06-03", given_up(id, ClosingReason::completed));
        CHECK(her.recall(ScreenedSite::cervix, "2025-06-04").state == RecallState::not_yet_invited);
        CHECK(her.recall(ScreenedSite::cervix, "2027-06-04").state == RecallState::overdue);
    }

    TEST_CASE("each test of a spoilt specimen is repeated, be it on the same day") {
        Specimen pot;
        pot.barcode = "A1";
        pot.tests = {SpecimenTest::hpv, SpecimenTest::cytology};
        pot.unusable = UnusableReason::leaked;
        CaredFor her;
        her.add("2025-06-01", pot);
        Specimen again;
        again.barcode = "A2";
        again.tests = {SpecimenTest::hpv};
        her.add("2025-06-01", again);
        CHECK(is_open(her, "repeat_specimen", "2025-06-02"));
        again.barcode = "A3";
        again.tests = {SpecimenTest::cytology};
        her.add("2025-06-01", again);
        CHECK_FALSE(is_open(her, "repeat_specimen", "2025-06-02"));
    }

    TEST_CASE("an awaited result is as bad as what it was taken for") {
        CaredFor her;
        her.add("2025-10-12", looked(ColposcopyImpression::suspected_cancer));
        Specimen pot;
        pot.barcode = "H1";
        pot.tests = {SpecimenTest::histology};
        her.add("2025-10-12", pot);
        CHECK(her.loop("result", "2025-10-13").severity == Severity::cancer);
    }

    TEST_CASE("a review hides nothing that comes after it, and ends in a later test") {
        Via negative;
        negative.result = ViaResult::negative;
        CaredFor her;
        her.add("2025-06-01", negative);
        her.add("2025-08-01", HpvTest{HpvResult::positive, {HpvType::hpv31}, {}});
        CHECK(is_open(her, "cytology", "2025-08-02"));
        CaredFor healthy;
        healthy.add("2024-06-01", negative);
        healthy.add("2025-01-05", tests::hpv_negative());
        CHECK(healthy.open("2025-01-06").empty());
        CHECK(healthy.recall(ScreenedSite::cervix, "2025-01-06").state == RecallState::up_to_date);
    }

    TEST_CASE("what a biopsy of the visit tells may be ablated there") {
        CaredFor her;
        auto look = looked(ColposcopyImpression::high_grade);
        look.biopsies = 2;
        her.add("2025-09-02", look);
        her.add("2025-09-02", treated(Procedure::thermal_ablation, "CIN2"));
        her.add("2025-09-02", tissue(HistologyResult::cin2));
        CHECK_FALSE(is_open(her, "treatment", "2025-09-20"));
        CHECK(is_open(her, "surveillance", "2025-09-20"));
    }

    TEST_CASE("an ablation without tissue does nothing for a HSIL, be it days later") {
        CaredFor her;
        her.add("2025-10-02", smear(CytologyResult::hsil));
        her.add("2025-10-05", treated(Procedure::cryotherapy));
        CHECK(is_open(her, "colposcopy", "2025-10-06"));
    }

    TEST_CASE("completing a record asks for nobody's agreement") {
        CaredFor her;
        const auto result = her.add("2025-10-02", tissue(HistologyResult::cin3));
        auto whole = tissue(HistologyResult::cin3);
        whole.site = HistologySite::cervix;
        her.add("2025-10-05", Correct{result, {tests::fact("2025-10-02", whole)}});
        CHECK_FALSE(is_open(her, "confirm", "2025-10-06"));
    }

    TEST_CASE("positives of a history that comes in as a whole ask nobody to tell her") {
        CaredFor her;
        auto old = tests::fact("2015-10-02", smear(CytologyResult::lsil));
        old.at.source = Source::imported;
        her.add_fact(old, {"C1", 1, "2025-10-02"});
        CHECK_FALSE(is_open(her, "inform", "2025-10-03"));
        CHECK(is_open(her, "colposcopy", "2025-10-03"));
    }

    TEST_CASE("feedback from nowhere doesn't start the time of the clinic's own results") {
        CaredFor her;
        auto result = tests::fact("2025-10-02", hpv_16());
        result.at.reported_on = day("2025-10-09");
        her.add_fact(result);
        const auto due = her.loop("inform", "2025-10-10").due_to;
        Referral referral;
        referral.to_facility = "H1";
        ReferralFeedback feedback;
        feedback.referral = her.add("2025-10-15", referral);
        her.add("2025-11-26", feedback);
        CHECK(her.loop("inform", "2025-11-27").due_to == due);
    }
}

}  // namespace
}  // namespace egret
