#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using follow_up::LoopKind;
using follow_up::LoopState;
using tests::CaredFor;
using tests::given_up;
using tests::hpv_16;
using tests::hpv_negative;
using tests::smear;
using Actions = std::vector<std::string>;

TEST_SUITE("registry/follow_up/amendments") {
    TEST_CASE("voiding a positive leaves a confirm loop until a second person agrees") {
        CaredFor her;
        const auto result = her.add("2025-03-03", hpv_16());
        her.add("2025-03-10", VoidFact{result});
        const auto loop = her.loop("confirm", "2025-03-11");
        CHECK(loop.kind == LoopKind::confirm);
        CHECK(loop.site == ScreenedSite::cervix);
        CHECK(her.recall(ScreenedSite::cervix, "2025-03-11").state ==
              follow_up::RecallState::in_follow_up);
        her.add("2025-03-11", given_up(loop.id, ClosingReason::completed));  // The same person.
        CHECK(her.open("2025-03-12") == Actions{"confirm"});
        her.add("2025-03-12", given_up(loop.id, ClosingReason::completed), {"C1", 2});
        CHECK(her.open("2025-03-13").empty());
        CHECK(her.loop("confirm", "2025-03-13").state == LoopState::done);
    }

    TEST_CASE("a void that is itself voided leaves nothing to confirm") {
        CaredFor her;
        const auto result = her.add("2025-03-03", hpv_16());
        const auto voided = her.add("2025-03-10", VoidFact{result});
        her.add("2025-03-11", VoidFact{voided});
        CHECK(her.loops_for("confirm", "2025-03-12").empty());
    }

    TEST_CASE("downgrading a positive leaves a confirm loop; upgrading doesn't") {
        CaredFor her;
        const auto result = her.add("2025-03-03", smear(CytologyResult::hsil));
        her.add("2025-03-10",
                Correct{result, {tests::fact("2025-03-03", smear(CytologyResult::asc_us))}});
        CHECK(her.loop("confirm", "2025-03-11").severity == rules::Severity::high_grade);
        her.add("2025-03-12",
                Correct{result, {tests::fact("2025-03-03", smear(CytologyResult::hsil))}});
        CHECK(her.loops_for("confirm", "2025-03-13").empty());
        her.add("2025-03-14",
                Correct{result, {tests::fact("2025-03-03", smear(CytologyResult::scc))}});
        CHECK(her.loops_for("confirm", "2025-03-15").empty());
    }

    TEST_CASE("voiding a negative, or recording the positive anew, leaves nothing to confirm") {
        CaredFor her;
        const auto negative = her.add("2025-03-03", hpv_negative());
        her.add("2025-03-10", VoidFact{negative});
        CHECK(her.loops_for("confirm", "2025-03-11").empty());
        const auto positive = her.add("2025-03-12", hpv_16());
        her.add("2025-03-13", VoidFact{positive});
        CHECK(her.loops_for("confirm", "2025-03-14").size() == 1);
        her.add("2025-03-12", hpv_16());
        CHECK(her.loops_for("confirm", "2025-03-14").empty());
    }

    TEST_CASE("an amended result opens what was given up before") {
        CaredFor her;
        const auto result = her.add("2025-03-03", smear(CytologyResult::asc_us));
        const auto id = her.loop("colposcopy", "2025-03-04").id;
        her.add("2025-05-05", given_up(id, ClosingReason::refused));
        CHECK(her.loop("colposcopy", "2025-05-06").state == LoopState::not_done);
        her.add("2025-05-07",
                Correct{result, {tests::fact("2025-03-03", smear(CytologyResult::hsil))}});
        CHECK(her.loops_for("colposcopy", "2025-05-08").back().state == LoopState::open);
    }
}

}  // namespace
}  // namespace egret
