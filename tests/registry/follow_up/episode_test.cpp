#include "registry/follow_up/episode.h"

#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using tests::CaredFor;
using tests::day;
using tests::hpv_16;
using tests::hpv_negative;
using tests::smear;

Closing closed(ClosingReason reason = ClosingReason::completed) {
    Closing closing;
    closing.site = ScreenedSite::cervix;
    closing.reason = reason;
    return closing;
}

follow_up::Episode episode(const CaredFor& her, std::string_view on) {
    const auto all = follow_up::episodes_of(her.history(), her.loops(on), day(on));
    REQUIRE(all.size() == 1);
    return all.front();
}

TEST_SUITE("registry/follow_up/episode") {
    TEST_CASE(
        "a case is open from its first result until it is closed, and the next round opens one") {
        CaredFor her;
        CHECK(follow_up::episodes_of(her.history(), {}, day("2025-01-01")).empty());
        her.add("2025-03-03", hpv_negative());
        CHECK(episode(her, "2025-03-04").opened_on == day("2025-03-03"));
        CHECK_FALSE(episode(her, "2025-03-04").closed_on);
        her.add("2025-03-20", closed());
        CHECK(episode(her, "2025-03-21").closed_on == day("2025-03-20"));
        CHECK(episode(her, "2025-03-21").reason == ClosingReason::completed);
        her.add("2030-04-01", hpv_negative());
        const auto next = episode(her, "2030-04-02");
        CHECK(next.opened_on == day("2030-04-01"));
        CHECK_FALSE(next.closed_on);
        CHECK_FALSE(next.reopened_by);
    }

    TEST_CASE("a late result opens it again") {
        CaredFor her;
        her.add("2025-03-03", hpv_negative());
        her.add("2025-03-20", closed());
        const auto late =
            her.add("2025-03-03", smear(CytologyResult::nilm), {"C1", 1, "2025-04-10"});
        const auto again = episode(her, "2025-04-11");
        CHECK_FALSE(again.closed_on);
        CHECK(again.reopened_by == late);
        her.add("2025-04-12", closed());
        CHECK(episode(her, "2025-04-13").closed_on == day("2025-04-12"));
    }

    TEST_CASE("an amended result opens it again") {
        CaredFor her;
        const auto result = her.add("2025-03-03", hpv_negative());
        her.add("2025-03-20", closed());
        her.add("2025-04-10", Correct{result, {tests::fact("2025-03-03", hpv_16())}});
        CHECK(episode(her, "2025-04-11").reopened_by == result);
    }

    TEST_CASE("it isn't closed while something is open") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        her.add("2025-03-20", closed());
        CHECK_FALSE(episode(her, "2025-03-21").closed_on);
        her.add("2025-03-22", closed(ClosingReason::refused));
        CHECK(episode(her, "2025-03-23").reason == ClosingReason::refused);
    }
}

}  // namespace
}  // namespace egret
