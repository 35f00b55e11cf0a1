#include "registry/store/coverage_store.h"

#include "tests/support/projected_registry.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

namespace egret::store {
namespace {

using tests::day;
using tests::device;
using tests::dose;
using tests::ProjectedRegistry;
using tests::registration;
using tests::woman;

struct CoverageFixture : ProjectedRegistry {
    const coverage::Indicator& indicator = **coverage::find_indicator("cervical-screened-5y");

    std::size_t delta_count(std::optional<Date> known_on, std::int64_t after = 0,
                            std::int64_t* last = nullptr) {
        std::size_t count = 0;
        const auto end = coverage.read_deltas(indicator.id, indicator.version, known_on, after,
                                              [&](const coverage::Delta&) { ++count; });
        if (last) *last = end;
        return count;
    }
};

TEST_SUITE("registry/store/coverage_store") {
    TEST_CASE_FIXTURE(CoverageFixture,
                      "deltas are read once, and from where the last reading ended") {
        say(registration("王小丽", "1985-03-01", "350203"), woman(1));
        std::int64_t last = 0;
        const auto first = delta_count(std::nullopt, 0, &last);
        CHECK(first > 0);
        CHECK(delta_count(std::nullopt, last) == 0);
        std::int64_t unmoved = 0;
        delta_count(std::nullopt, last, &unmoved);
        CHECK(unmoved == last);
        say(registration("李娜", "1985-03-01", "350205"), woman(2));
        CHECK(delta_count(std::nullopt, last) == first);
        CHECK(delta_count(std::nullopt) == 2 * first);
    }

    TEST_CASE_FIXTURE(CoverageFixture, "what was not yet known on a day is left out") {
        today = day("2026-03-01");
        say(registration("王小丽", "1985-03-01", "350203"), woman(1));
        today = day("2026-03-05");
        say(registration("李娜", "1985-03-01", "350205"), woman(2));
        const auto all = delta_count(std::nullopt);
        CHECK(delta_count(day("2026-02-28")) == 0);
        CHECK(delta_count(day("2026-03-01")) * 2 == all);
        CHECK(delta_count(day("2026-03-04")) * 2 == all);
        CHECK(delta_count(day("2026-03-05")) == all);

        std::size_t women = 0;
        coverage.for_each_woman(day("2026-03-04"), [&](const Component&) { ++women; });
        CHECK(women == 1);
        coverage.for_each_woman(std::nullopt, [&](const Component&) { ++women; });
        CHECK(women == 3);
    }

    TEST_CASE_FIXTURE(CoverageFixture, "an indicator that is not kept has no deltas") {
        say(registration("王小丽", "1985-03-01", "350203"), woman(1));
        CHECK(coverage.read_deltas(indicator.id, "0.0.none", std::nullopt, 7,
                                   [](const coverage::Delta&) { FAIL("there is none"); }) == 7);
    }

    TEST_CASE_FIXTURE(CoverageFixture, "a delta without its place is damage") {
        say(registration("王小丽", "1985-03-01", "350203"), woman(1));
        db->execute("DELETE FROM area_key");
        CHECK(tests::trouble_of([&] { delta_count(std::nullopt); }) == sqlite::Trouble::damaged);
    }

    TEST_CASE_FIXTURE(CoverageFixture, "freshness is the oldest of the clinics' last batches") {
        CHECK(coverage.freshness() == Freshness{});
        const auto at = [&](std::uint8_t n, std::int64_t ms) {
            sqlite::WriteTransaction tx(*db);
            const auto ingest = log.begin_ingest({instant_from_unix_ms(ms), today}, tx);
            const auto event = speaker.event(dose("2026-01-01"), woman(n));
            projector.apply(ingest,
                            tests::append(log, device(n), {speaker.encode(event)}, ingest, tx), tx);
            tx.commit();
        };
        at(1, 1000);
        at(2, 2000);
        CHECK(coverage.freshness() == Freshness{2, instant_from_unix_ms(1000)});
        at(1, 3000);
        CHECK(coverage.freshness() == Freshness{2, instant_from_unix_ms(2000)});
    }

    TEST_CASE_FIXTURE(CoverageFixture, "freshness is as known on the day that is asked about") {
        const auto at = [&](std::uint8_t n, std::int64_t ms, Date received_on) {
            sqlite::WriteTransaction tx(*db);
            const auto ingest = log.begin_ingest({instant_from_unix_ms(ms), received_on}, tx);
            const auto event = speaker.event(dose("2026-01-01"), woman(n));
            projector.apply(ingest,
                            tests::append(log, device(n), {speaker.encode(event)}, ingest, tx), tx);
            tx.commit();
        };
        at(1, 1000, today);
        at(2, 2000, today.plus_days(1));
        at(1, 3000, today.plus_days(2));
        CHECK(coverage.freshness(today.plus_days(-1)) == Freshness{});
        CHECK(coverage.freshness(today) == Freshness{1, instant_from_unix_ms(1000)});
        CHECK(coverage.freshness(today.plus_days(1)) == Freshness{2, instant_from_unix_ms(1000)});
        CHECK(coverage.freshness(today.plus_days(2)) == Freshness{2, instant_from_unix_ms(2000)});
    }
}

}  // namespace
}  // namespace egret::store
