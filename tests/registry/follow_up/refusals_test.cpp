#include "registry/follow_up/loops.h"
#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using follow_up::LoopState;
using tests::CaredFor;
using tests::day;
using tests::given_up;
using tests::hpv_negative;

constexpr auto cervix = ScreenedSite::cervix;

TEST_SUITE("registry/follow_up/refusals") {
    TEST_CASE("what the centre refused waits for whoever recorded it") {
        CaredFor her;
        const auto before = her.recall(cervix, "2025-03-10").state;
        const auto odd = her.add("2025-03-03", hpv_negative(), {"C2"});
        her.refuse(odd, "invalid");
        CHECK(her.loops_for("review", "2025-03-02").empty());
        const auto open = her.loop("review", "2025-03-04");
        CHECK(open.state == LoopState::open);
        CHECK(open.kind == follow_up::LoopKind::review);
        CHECK(open.why.rule == "follow_up/refused");
        CHECK(open.opened_by == odd);
        CHECK(open.opened_on == day("2025-03-03"));
        CHECK(open.due_to > open.due);
        CHECK(open.owner == "C2");
        // It keeps her from no test.
        CHECK(her.recall(cervix, "2025-03-10").state == before);

        SUBCASE("she looks at it, and says so") {
            her.add("2025-03-05", given_up(open.id, ClosingReason::completed), {"C2"});
            const auto done = her.loop("review", "2025-03-06");
            CHECK(done.id == open.id);
            CHECK(done.state == LoopState::done);
            CHECK(done.closed_on == day("2025-03-05"));
        }
        SUBCASE("an officer accepts it") {
            her.accept(odd);
            CHECK(her.loops_for("review", "2025-03-06").empty());
        }
        SUBCASE("an officer refuses it, too") {
            her.refuse(odd, "officer");
            const auto still = her.loop("review", "2025-03-06");
            CHECK(still.id == open.id);
            CHECK(still.why.rule == "follow_up/refused-by-officer");
        }
    }

    TEST_CASE("a void that counts for nothing is a task of the clinic that made it") {
        CaredFor her;
        const auto test = her.add("2025-03-03", hpv_negative());
        const auto foreign = her.add("2025-03-04", VoidFact{test}, {"C2"});
        const auto open = her.loop("review", "2025-03-05");
        CHECK(open.why.rule == "follow_up/unheeded-other-clinic");
        CHECK(open.owner == "C2");
        CHECK(open.opened_by == foreign);
        her.accept(foreign);
        CHECK(her.loops_for("review", "2025-03-05").empty());
        CHECK(her.history().facts.size() == 1);
        her.refuse(foreign, "officer");
        CHECK(her.history().facts.size() == 2);
        const auto refused = her.loop("review", "2025-03-05");
        CHECK(refused.id == open.id);
        CHECK(refused.why.rule == "follow_up/refused-by-officer");
    }

    TEST_CASE("whoever takes her own void back has no task any more") {
        CaredFor her;
        const auto test = her.add("2025-03-03", hpv_negative());
        const auto foreign = her.add("2025-03-04", VoidFact{test}, {"C2"});
        her.add("2025-03-05", VoidFact{foreign}, {"C2"});
        CHECK(her.loops_for("review", "2025-03-06").empty());
    }

    TEST_CASE("two corrections that don't know of each other wait for a third") {
        CaredFor her;
        const auto test = her.add("2025-03-03", hpv_negative());
        const auto corrected = [&](const char* date, const char* to, const tests::Recorded& how) {
            Correct correct;
            correct.target = test;
            correct.replacement = {tests::fact(to, hpv_negative())};
            return her.add(date, correct, how);
        };
        const auto one = corrected("2025-03-04", "2025-03-01", {"C1", 1, "", {test}});
        CHECK(her.loops_for("review", "2025-03-05").empty());
        const auto other = corrected("2025-03-05", "2025-03-02", {"CENTRE", 2, "", {test}});
        const auto open = her.loop("review", "2025-03-06");
        CHECK(open.why.rule == "follow_up/disputed-correction");
        CHECK(open.owner == "C1");
        CHECK(open.opened_by == other);
        // That it is done can't be said; only what is right.
        her.add("2025-03-06", given_up(open.id, ClosingReason::completed));
        CHECK(her.loop("review", "2025-03-07").state == LoopState::open);
        corrected("2025-03-07", "2025-03-01", {"C1", 1, "", {test, one, other}});
        CHECK(her.loops_for("review", "2025-03-08").empty());
    }
}

}  // namespace
}  // namespace egret
