#include "registry/store/coverage_answer.h"

#include "tests/support/clinic_fixture.h"

namespace egret::store {
namespace {

struct CoverageFixture : tests::ClinicFixture {
    CoverageFixture() {
        for (int i = 0; i < 7; ++i) {
            auto girl = somebody("陈雨", i < 3 ? "2012-06-01" : "2013-02-09");
            girl.area = i < 4 ? "350203" : "350206";
            girls.push_back(add(girl));
        }
        for (int i = 0; i < 2; ++i) vaccinate(girls[static_cast<std::size_t>(i)]);
    }

    void vaccinate(const WomanId& girl) {
        Dose dose;
        dose.product = "cvx:165";
        REQUIRE(service::Recorder(*clinic).record(nurse, girl, tests::fact("2026-04-02", dose)));
    }

    CoverageQuestion question() {
        CoverageQuestion asked;
        asked.indicator = *coverage::find_indicator("hpv1-by-15");
        asked.query = {{coverage::Dimension::area}, {}, {clinic->today()}};
        return asked;
    }

    CoverageReply ask(const CoverageQuestion& asked) {
        return answer_coverage(clinic->log(), clinic->database(), asked);
    }

    std::vector<WomanId> girls;
};

TEST_SUITE("registry/store/coverage_answer") {
    TEST_CASE_FIXTURE(CoverageFixture, "the sum of the deltas is what a recount counts") {
        auto asked = question();
        const auto summed = ask(asked);
        asked.by_recount = true;
        CHECK(ask(asked).answer == summed.answer);
        REQUIRE(summed.answer.cells.size() == 2);
        CHECK(summed.answer.cells[0].figure.numerator == 2);
        CHECK(summed.answer.cells[0].figure.denominator == 4);
        CHECK(summed.answer.totals.at(0).figure.denominator == 7);
        CHECK(summed.freshness.clinics == 1);
    }

    TEST_CASE_FIXTURE(CoverageFixture, "what came later is not in what was known before") {
        auto asked = question();
        asked.known_on = clinic->today();
        const auto then = ask(asked);
        clock.advance(std::chrono::hours(24 * 3));
        vaccinate(girls[2]);
        CHECK(ask(asked).answer == then.answer);
        CHECK(ask(asked).stamp == then.stamp);
        asked.by_recount = true;
        CHECK(ask(asked).answer == then.answer);
        asked.known_on = std::nullopt;
        CHECK(ask(asked).answer.cells[0].figure.numerator == 3);
        CHECK(ask(asked).stamp != then.stamp);
    }

    TEST_CASE_FIXTURE(CoverageFixture, "small cells are hidden from who may not see persons") {
        auto asked = question();
        asked.hides_small_cells = true;
        for (const auto& cell : ask(asked).answer.cells) CHECK(cell.figure.is_suppressed);
    }
}

}  // namespace
}  // namespace egret::store
