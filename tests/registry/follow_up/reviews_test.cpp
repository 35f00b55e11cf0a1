#include "registry/follow_up/loops.h"
#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using follow_up::LoopState;
using follow_up::RecallState;
using rules::Severity;
using tests::CaredFor;
using tests::day;
using tests::given_up;
using tests::hpv_negative;
using tests::smear;
using tests::tissue;

constexpr auto cervix = ScreenedSite::cervix;

HpvTest hpv_31() { return HpvTest{HpvResult::positive, {HpvType::hpv31}, {}}; }

/// Endometrial cells, of which China's plan doesn't speak.
Cytology left_open() { return smear(CytologyResult::bec); }

TEST_SUITE("registry/follow_up/reviews") {
    TEST_CASE("a review waits beside what is owed, and one person's look ends the review alone") {
        CaredFor her;
        her.add("2025-03-03", hpv_31());
        her.add("2025-06-02", left_open());
        CHECK(her.loop("cytology", "2025-06-03").state == LoopState::open);
        const auto review = her.loop("review", "2025-06-03");
        CHECK(review.state == LoopState::open);
        her.add("2025-06-09", given_up(review.id, ClosingReason::completed));
        CHECK(her.loop("review", "2025-06-10").state == LoopState::done);
        CHECK(her.loop("cytology", "2025-06-10").state == LoopState::open);
        CHECK(her.recall(cervix, "2025-06-10").state == RecallState::in_follow_up);
    }

    TEST_CASE("of one visit, the review and what a rule asks for stand side by side") {
        CaredFor her;
        her.add("2025-03-03", hpv_31());
        her.add("2025-03-03", left_open());
        CHECK(her.loop("review", "2025-03-04").state == LoopState::open);
        CHECK(her.loop("cytology", "2025-03-04").state == LoopState::open);
        her.add("2025-05-05", smear(CytologyResult::nilm));
        CHECK(her.loop("review", "2025-05-06").state == LoopState::done);
        CHECK(her.loop("cytology", "2025-05-06").state == LoopState::done);
        CHECK(her.loop("surveillance", "2025-05-06").state == LoopState::open);
    }

    TEST_CASE("a review that waits keeps no later positive from being followed") {
        CaredFor her;
        her.add("2025-03-03", left_open());
        her.add("2025-08-04", hpv_31());
        CHECK(her.loop("cytology", "2025-08-05").state == LoopState::open);
    }

    TEST_CASE("a review that somebody completed stays so, whatever is found later") {
        CaredFor her;
        her.add("2025-03-03", left_open());
        const auto id = her.loop("review", "2025-03-04").id;
        her.add("2025-03-10", given_up(id, ClosingReason::completed));
        her.add("2025-09-01", GynExam{ExamResult::abnormal});
        CHECK(her.loop("review", "2025-09-02").state == LoopState::done);
        CHECK(her.loop("colposcopy", "2025-09-02").state == LoopState::open);
    }

    TEST_CASE("any later test ends a review of what wasn't positive; an examination doesn't") {
        CaredFor her;
        her.add("2024-03-04", left_open());
        her.add("2024-03-04", GynExam{ExamResult::normal});
        her.add("2024-09-02", GynExam{ExamResult::normal});
        CHECK(her.loop("review", "2024-09-03").state == LoopState::open);
        her.add("2025-01-06", hpv_negative());
        CHECK(her.loop("review", "2025-01-07").state == LoopState::done);
        CHECK(her.recall(cervix, "2025-01-07").state == RecallState::up_to_date);
    }

    TEST_CASE("VIA that shows nothing does nothing in a plan that has no place for it") {
        CaredFor her;
        her.add("2025-03-03", hpv_31());
        her.add("2025-06-02", Via{ViaResult::negative});
        CHECK(her.loop("cytology", "2025-06-03").state == LoopState::open);
        CHECK(her.loops_for("review", "2025-06-03").empty());
        her.add("2025-06-09", smear(CytologyResult::nilm));
        her.add("2026-06-15", Via{ViaResult::negative});
        CHECK(her.loop("surveillance", "2026-06-16").state == LoopState::open);
        her.add("2026-07-06", hpv_negative());
        CHECK(her.loop("surveillance", "2026-07-07").state == LoopState::done);
    }

    TEST_CASE("VIA alone is no screening, and doesn't stay open for ever") {
        CaredFor her;
        her.add("2024-06-03", Via{ViaResult::negative});
        CHECK(her.loops("2024-06-04").empty());
        CHECK(her.recall(cervix, "2024-06-04").state == RecallState::not_yet_invited);
        her.add("2025-08-04", hpv_negative());
        CHECK(her.recall(cervix, "2025-08-05").state == RecallState::up_to_date);
    }

    TEST_CASE("an examination or VIA after a negative test doesn't call her earlier") {
        CaredFor her;
        her.add("2024-03-04", hpv_negative());
        her.add("2025-03-03", GynExam{ExamResult::normal});
        her.add("2025-04-07", Via{ViaResult::negative});
        const auto recall = her.recall(cervix, "2025-04-08");
        CHECK(recall.state == RecallState::up_to_date);
        CHECK(recall.next_test_due == day("2029-03-04"));
    }

    TEST_CASE("after a look her next test is that of before, or due at once") {
        CaredFor tested;
        tested.add("2024-03-04", hpv_negative());
        tested.add("2025-03-03", left_open());
        tested.add("2025-03-10",
                   given_up(tested.loop("review", "2025-03-04").id, ClosingReason::completed));
        CHECK(tested.recall(cervix, "2025-03-11").state == RecallState::up_to_date);
        CHECK(tested.recall(cervix, "2025-03-11").next_test_due == day("2029-03-04"));
        CaredFor untested;
        untested.add("2025-03-03", left_open());
        untested.add("2025-03-10",
                     given_up(untested.loop("review", "2025-03-04").id, ClosingReason::completed));
        CHECK(untested.recall(cervix, "2025-03-11").state == RecallState::not_yet_invited);
        CHECK(untested.recall(cervix, "2025-03-11").next_test_due == day("2025-03-10"));
    }

    TEST_CASE("what came of a high-grade result stays so, though a review ended the same day") {
        CaredFor her;
        her.add("2025-03-03", smear(CytologyResult::hsil));
        her.add("2025-03-20", left_open());
        her.add("2025-04-07", tissue(HistologyResult::benign));
        CHECK(her.loop("review", "2025-04-08").state == LoopState::done);
        CHECK(her.loop("surveillance", "2025-04-08").severity == Severity::high_grade);
    }
}

}  // namespace
}  // namespace egret
