#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

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

BreastUltrasound ultrasound(BiRads left, BiRads right) {
    BreastUltrasound image;
    image.left = BreastFinding{left, {}};
    image.right = BreastFinding{right, {}};
    return image;
}

Mammogram mammogram(BiRads left, BiRads right) {
    Mammogram image;
    image.left = BreastFinding{left, {}};
    image.right = BreastFinding{right, {}};
    return image;
}

SeniorReview reviewed(ReviewDecision decision) {
    SeniorReview review;
    review.decision = decision;
    review.rank = PhysicianRank::senior;
    return review;
}

/// Telling her of what was found on that day.
Loop informing_of(const CaredFor& her, std::string_view found_on, std::string_view on) {
    for (const auto& loop : her.loops_for("inform", on)) {
        if (loop.opened_on == day(found_on)) return loop;
    }
    FAIL("nobody has to tell her");
    return {};
}

void check_untold(const CaredFor& her, std::string_view found_on, std::string_view on,
                  std::string_view last_day) {
    const auto loop = informing_of(her, found_on, on);
    CHECK(loop.state == LoopState::open);
    CHECK(loop.due_to == day(last_day));
}

TEST_SUITE("registry/follow_up/meetings") {
    TEST_CASE("a senior review tells her nothing of the image that it is of") {
        for (const auto decision :
             {ReviewDecision::short_follow_up, ReviewDecision::other, ReviewDecision::biopsy}) {
            CAPTURE(to_string(decision));
            CaredFor her;
            her.add("2026-11-09", ultrasound(BiRads::b0, BiRads::b1));
            auto image = tests::fact("2026-11-10", mammogram(BiRads::b3, BiRads::b1));
            image.at.reported_on = day("2026-11-12");
            her.add_fact(image, {"C1", 1, "2026-11-12"});
            check_untold(her, "2026-11-10", "2026-11-12", "2026-11-19");
            her.add("2026-11-13", reviewed(decision), {"C1", 1, "2026-11-27"});
            check_untold(her, "2026-11-10", "2026-11-27", "2026-11-19");
        }
    }

    TEST_CASE("after the review she knows by what she comes for then") {
        CaredFor her;
        her.add("2026-03-10", mammogram(BiRads::b3, BiRads::b1));
        her.add("2026-03-13", reviewed(ReviewDecision::biopsy));
        her.add("2026-03-20", Histology{HistologySite::breast_left, {HistologyResult::benign}});
        CHECK(informing_of(her, "2026-03-10", "2026-03-21").closed_on == day("2026-03-20"));
        CHECK(informing_of(her, "2026-03-13", "2026-03-21").closed_on == day("2026-03-20"));
    }

    TEST_CASE("the short follow-up that a review asked for tells her of the first image") {
        CaredFor her;
        her.add("2026-03-10", mammogram(BiRads::b3, BiRads::b1));
        auto review = reviewed(ReviewDecision::short_follow_up);
        review.review_on = day("2026-09-10");
        her.add("2026-03-13", review);
        CHECK(informing_of(her, "2026-03-10", "2026-09-09").state == LoopState::open);
        her.add("2026-09-11", mammogram(BiRads::b1, BiRads::b1));
        CHECK(informing_of(her, "2026-03-10", "2026-09-12").closed_on == day("2026-09-11"));
    }

    TEST_CASE("what is done to the other breast tells her nothing of this one") {
        for (const bool is_of_other : {true, false}) {
            CaredFor her;
            her.add("2026-03-02", ultrasound(BiRads::b4b, BiRads::b1));
            Treatment removed;
            removed.procedure = Procedure::excision;
            removed.site = is_of_other ? DiagnosisSite::breast_right : DiagnosisSite::breast_left;
            her.add("2026-03-20", removed);
            CHECK(informing_of(her, "2026-03-02", "2026-03-21").state ==
                  (is_of_other ? LoopState::open : LoopState::done));
        }
    }

    TEST_CASE("a treatment for something else tells her nothing of her smear") {
        CaredFor her;
        her.add("2026-03-02", smear(CytologyResult::scc));
        Treatment therapy;
        therapy.procedure = Procedure::chemotherapy;
        therapy.reason = "lymphoma";
        her.add("2026-03-20", therapy);
        CHECK(informing_of(her, "2026-03-02", "2026-03-21").state == LoopState::open);
        therapy.reason = "SCC";
        her.add("2026-03-22", therapy);
        CHECK(informing_of(her, "2026-03-02", "2026-03-23").closed_on == day("2026-03-22"));
    }

    TEST_CASE("the report of tissue that was taken before is no visit of hers") {
        CaredFor her;
        auto look = looked(ColposcopyImpression::high_grade);
        look.biopsies = 2;
        her.add("2026-03-02", look);
        her.add("2026-03-12", tissue(HistologyResult::cin1));  // Dated to the report.
        CHECK(informing_of(her, "2026-03-02", "2026-03-13").state == LoopState::open);
        CHECK(informing_of(her, "2026-03-12", "2026-03-13").state == LoopState::open);
    }

    TEST_CASE("cells from the sample of the first test are no visit of hers") {
        const auto of_sample = [](auto result) {
            result.specimen = "B1";
            return result;
        };
        for (const bool is_sample_recorded : {true, false}) {
            CaredFor her;
            if (is_sample_recorded) {
                Specimen sample;
                sample.barcode = "B1";
                sample.tests = {SpecimenTest::hpv, SpecimenTest::cytology};
                her.add("2026-03-02", sample);
            }
            her.add("2026-03-02", of_sample(HpvTest{HpvResult::positive, {HpvType::hpv52}, {}}));
            her.add("2026-03-20", of_sample(smear(CytologyResult::nilm)));
            CHECK(informing_of(her, "2026-03-02", "2026-03-21").state == LoopState::open);
        }
    }

    TEST_CASE("tissue of an earlier day's sample by its barcode is no visit of hers") {
        CaredFor her;
        her.add("2026-03-02", looked(ColposcopyImpression::high_grade));
        Specimen sample;
        sample.barcode = "B2";
        sample.tests = {SpecimenTest::histology};
        her.add("2026-03-02", sample);
        auto report = tissue(HistologyResult::cin1);
        report.specimen = "B2";
        her.add("2026-03-12", report);
        CHECK(informing_of(her, "2026-03-02", "2026-03-13").state == LoopState::open);
    }

    TEST_CASE("what was given up of one breast isn't asked again by a review of the other") {
        CaredFor her;
        her.add("2026-04-11", ultrasound(BiRads::b3, BiRads::b1));
        Mammogram right;
        right.right = BreastFinding{BiRads::b3, {}};
        her.add("2026-06-05", right);
        const auto left = her.loop("mammography", "2026-06-06").id;
        her.add("2026-08-15", given_up(left, ClosingReason::other));
        her.add("2026-10-01", reviewed(ReviewDecision::biopsy));
        CHECK(her.loop("biopsy", "2026-10-02").breast == HistologySite::breast_right);
        CHECK(her.loop("mammography", "2026-10-02").state == LoopState::not_done);
    }

    TEST_CASE("what was given up isn't asked again because a doctor judged her films") {
        CaredFor her;
        her.add("2026-03-10", mammogram(BiRads::b3, BiRads::b1));
        const auto inform = informing_of(her, "2026-03-10", "2026-03-11").id;
        her.add("2026-03-12", given_up(inform, ClosingReason::unreachable));
        CHECK(informing_of(her, "2026-03-10", "2026-03-13").state == LoopState::not_done);
        her.add("2026-03-13", reviewed(ReviewDecision::other));
        CHECK(informing_of(her, "2026-03-10", "2026-03-14").state == LoopState::not_done);
        her.add("2026-03-16", ultrasound(BiRads::b1, BiRads::b1));
        CHECK(informing_of(her, "2026-03-10", "2026-03-17").is_asked_again());
    }
}

}  // namespace
}  // namespace egret
