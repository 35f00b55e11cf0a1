// How facts about a facility reach women: never as women, and always where their doses count.

#include "registry/store/lot_index.h"

#include "registry/codec/facility_subject.h"
#include "registry/domain/facility_id.h"
#include "registry/store/coverage_answer.h"
#include "tests/support/projected_registry.h"
#include "tests/support/random_world.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/stock_facts.h"

#include <doctest/doctest.h>

namespace egret::store {
namespace {

using tests::day;
using tests::excursion;
using tests::fact;
using tests::moved;
using tests::registration;
using tests::woman;

const WomanId clinic_1 = codec::facility_subject("C1");

const coverage::Indicator& by_15() { return **coverage::find_indicator("hpv1-by-15"); }

coverage::Answer answer_on(tests::ProjectedRegistry& registry, bool by_recount,
                           std::optional<Date> known_on = {}) {
    CoverageQuestion question;
    question.indicator = &by_15();
    question.query = {
        {coverage::Dimension::area, coverage::Dimension::facility, coverage::Dimension::birth_year},
        {},
        {day("2016-01-01"), day("2020-06-01"), day("2026-03-01")}};
    question.known_on = known_on;
    question.by_recount = by_recount;
    return answer_coverage(registry.log, *registry.db, question).answer;
}

struct LotFixture : tests::ProjectedRegistry {
    std::int64_t counting() {
        CHECK(answer_on(*this, true) == answer_on(*this, false));
        return answer_on(*this, false).totals.back().figure.numerator;
    }

    Fact dose_of(std::string lot, std::string_view on, std::string facility = "",
                 std::optional<Source> source = {}) {
        auto made = fact(on, Dose{"cvx:118", {}, std::move(lot)});
        made.at.facility = std::move(facility);
        made.at.source = source;
        return made;
    }

    void add_girl(std::uint8_t n) { say(registration("王小丽", "2012-01-01", "350203"), woman(n)); }
};

TEST_SUITE("registry/store/lot_index") {
    TEST_CASE("a facility's subject follows from its code, and is nobody's id") {
        CHECK(codec::facility_subject("C1") == codec::facility_subject("C1"));
        CHECK(codec::facility_subject("C1") != codec::facility_subject("C2"));
        CHECK(codec::facility_subject("C1").to_string() == "ffffffff-ffff-807f-b9f5-10e0b8cf13d3");
        SeededRandom random(1);
        for (int i = 0; i < 200; ++i) {
            CHECK(is_facility(codec::facility_subject("C" + std::to_string(i))));
            // Even a clock that shows the last of all times makes another one.
            CHECK_FALSE(is_facility(make_time_ordered_id<WomanTag>((1LL << 48) - 1, random)));
        }
        CHECK_FALSE(is_facility(WomanId{}));
    }

    TEST_CASE_FIXTURE(LotFixture, "nothing that walks women meets a facility") {
        add_girl(1);
        const auto women = tests::dump_table(*db, "profile");
        const auto receipt =
            say(fact("2026-02-01", moved(StockAction::receipt, "A1", 10)), clinic_1);
        say(fact("2026-02-02", excursion({"A1"}, "2026-02-01")), clinic_1);
        say(fact("", VoidFact{receipt.uid}), clinic_1);
        // What should never come, but might.
        say(registration("王小丽", "2012-01-01", "350203"), clinic_1);
        say(fact("2026-02-03", Link{woman(1), ""}), clinic_1);
        say(fact("2026-02-03", Link{clinic_1, ""}), woman(1));
        say(fact("2026-02-03", Unlink{clinic_1}), woman(1));
        say(fact("2026-02-04", excursion({"A1"}, "2026-02-01")), woman(2));
        say(fact("2026-02-04", NewerFact{900, 7, {0xa0}}), clinic_1);
        CHECK(Women(*db).count() == 1);
        CHECK(Women(*db).find(woman(1))->fact_count == 3);  // Links that name nobody are kept.
        CHECK_FALSE(Women(*db).find(clinic_1));
        CHECK(Search(*db).find("王小丽", 10).rows.size() == 1);
        std::size_t walked = 0;
        coverage.for_each_woman(std::nullopt, [&](const Component& one) {
            ++walked;
            CHECK(one.members == std::vector{woman(1)});
        });
        CHECK(walked == 1);
        Components components(log, *db);
        CHECK(components.read_woman(clinic_1).members.empty());
        CHECK(answer_on(*this, true).totals.back().figure.denominator == 1);
        CHECK(answer_on(*this, false).totals.back().figure.denominator == 1);
        CHECK(women.find("王小丽") != std::string::npos);
        const auto before = tests::dump_projections(*db);
        NoProgress quiet;
        projector.rebuild(quiet);
        CHECK(tests::dump_projections(*db) == before);
    }

    TEST_CASE_FIXTURE(LotFixture,
                      "a lot found substandard takes its doses out, a release back in") {
        add_girl(1);
        say(dose_of("a1", "2026-02-02"), woman(1));
        add_girl(2);
        say(dose_of("A1", "2026-01-31"), woman(2));  // Before it.
        add_girl(3);
        say(dose_of("B2", "2026-02-02"), woman(3));
        add_girl(4);
        say(dose_of("A1", "2026-02-02", "C2"), woman(4));
        add_girl(5);
        say(dose_of("A1", "2026-02-02", "", Source::card_seen), woman(5));
        CHECK(counting() == 5);
        const auto held = say(fact("2026-02-03", excursion({"A1"}, "2026-02-01")), clinic_1);
        CHECK(counting() == 5);
        const auto bad =
            say(fact("2026-02-04", tests::decided(held.uid, LotDecision::substandard)), clinic_1);
        CHECK(counting() == 4);
        say(fact("2026-02-05", tests::decided(held.uid, LotDecision::released)), clinic_1);
        CHECK(counting() == 5);
        say(fact("2026-02-06", tests::decided(held.uid, LotDecision::substandard)), clinic_1);
        CHECK(counting() == 4);
        // It began earlier.
        say(fact("", Correct{held.uid, {fact("2026-02-03", excursion({"A1"}, "2026-01-01"))}}),
            clinic_1);
        CHECK(counting() == 3);
        say(fact("", VoidFact{held.uid}), clinic_1);
        CHECK(counting() == 5);
        CHECK(log.find(bad.uid));
    }

    TEST_CASE_FIXTURE(LotFixture, "what comes after the decision is judged by it, too") {
        say(fact("2026-02-03", excursion({"A1"}, "2026-02-01", LotDecision::substandard)),
            clinic_1);
        add_girl(1);
        const auto given = say(dose_of("A1", "2026-02-10"), woman(1));
        CHECK(counting() == 0);
        // The lot was misread.
        say(fact("", Correct{given.uid, {dose_of("A7", "2026-02-10")}}), woman(1));
        CHECK(counting() == 1);
    }

    TEST_CASE_FIXTURE(LotFixture, "her doses stay hers through links and unlinks") {
        add_girl(1);
        add_girl(2);
        say(dose_of("A1", "2026-02-02"), woman(2));
        say(fact("2026-02-03", Link{woman(2), ""}), woman(1));
        say(fact("2026-02-03", excursion({"A1"}, "2026-02-01", LotDecision::substandard)),
            clinic_1);
        CHECK(counting() == 0);
        CHECK(LotIndex(*db).women_of("A1").size() == 1);
        say(fact("2026-02-04", Unlink{woman(2)}), woman(1));
        CHECK(counting() == 0);
        CHECK(answer_on(*this, false).totals.back().figure.denominator == 2);
    }

    TEST_CASE_FIXTURE(LotFixture, "what was known before it was decided stays as it was") {
        add_girl(1);
        say(dose_of("A1", "2026-02-02"), woman(1));
        const auto known_on = today;
        today = today.plus_days(1);
        say(fact("2026-02-03", excursion({"A1"}, "2026-02-01", LotDecision::substandard)),
            clinic_1);
        CHECK(counting() == 0);
        for (const bool by_recount : {true, false})
            CHECK(answer_on(*this, by_recount, known_on).totals.back().figure.numerator == 1);
    }

    TEST_CASE_FIXTURE(LotFixture, "another clinic's word on its own lots is its own") {
        add_girl(1);
        say(dose_of("A1", "2026-02-02"), woman(1));
        // Under this facility's subject, from a device of C2: about stock at C2.
        say(fact("2026-02-03", excursion({"A1"}, "2026-02-01", LotDecision::substandard)), clinic_1,
            tests::device(2));
        CHECK(counting() == 1);
        // A decision under another subject decides nothing.
        const auto held = say(fact("2026-02-03", excursion({"A1"}, "2026-02-01")), clinic_1);
        say(fact("2026-02-04", tests::decided(held.uid, LotDecision::substandard)),
            codec::facility_subject("C2"));
        CHECK(counting() == 1);
    }

    TEST_CASE_FIXTURE(LotFixture, "nobody else's word on a clinic's lots counts") {
        add_girl(1);
        say(dose_of("A1", "2026-02-02"), woman(1));
        const auto other = tests::device(2);  // Of C2.
        const auto bad = excursion({"A1"}, "2026-02-01", LotDecision::substandard);
        auto condemned = fact("2026-02-03", bad);
        condemned.at.facility = "C1";
        say(condemned, clinic_1, other);
        CHECK(counting() == 1);
        const auto held = say(fact("2026-02-03", excursion({"A1"}, "2026-02-01")), clinic_1);
        auto decision = fact("2026-02-04", tests::decided(held.uid, LotDecision::substandard));
        say(decision, clinic_1, other);
        say(fact("2026-02-05", Correct{held.uid, {fact("2026-02-03", bad)}}), clinic_1, other);
        CHECK(counting() == 1);
        decision.at.facility = "C1";
        say(decision, clinic_1, other);
        CHECK(counting() == 1);
        decision.at.facility = "";
        const auto own = say(decision, clinic_1);
        CHECK(counting() == 0);
        say(fact("", VoidFact{own.uid}), clinic_1, other);
        say(fact("", VoidFact{held.uid}), clinic_1, other);
        CHECK(counting() == 0);
        say(fact("", VoidFact{own.uid}), clinic_1);
        CHECK(counting() == 1);
    }

    TEST_CASE_FIXTURE(LotFixture, "a receipt makes nobody's facts read again") {
        add_girl(1);
        say(dose_of("A1", "2026-02-02"), woman(1));
        db->execute("UPDATE contribution SET content = x'00'");  // Whoever reads it, stops.
        say(fact("2026-02-03", moved(StockAction::receipt, "A1", 10)), clinic_1);
        say(fact("2026-02-03", excursion({"A1"}, "2026-02-01")), clinic_1);
        CHECK(tests::trouble_of([&] {
                  say(fact("2026-02-03", excursion({"A1"}, "2026-02-01", LotDecision::substandard)),
                      clinic_1);
              }) == sqlite::Trouble::damaged);
    }

    TEST_CASE("sums, a rebuild and a recount agree whatever becomes of lots") {
        for (std::uint64_t seed = 31; seed <= 36; ++seed) {
            CAPTURE(seed);
            tests::ProjectedRegistry registry;
            tests::RandomWorld world(registry, seed, 10);
            std::vector<std::pair<Date, coverage::Answer>> as_known;
            for (int step = 0; step < 150; ++step) {
                world.say_one();
                if (step % 30 != 29) continue;
                const auto summed = answer_on(registry, false);
                CHECK(answer_on(registry, true) == summed);
                as_known.emplace_back(registry.today, summed);
                registry.today = registry.today.plus_days(1);
            }
            CHECK(tests::number(*registry.db, "SELECT count(*) FROM spoilt_lot") > 0);
            for (const auto& [known_on, summed] : as_known) {
                CHECK(answer_on(registry, false, known_on) == summed);
                CHECK(answer_on(registry, true, known_on) == summed);
            }
            const auto before = tests::dump_projections(*registry.db);
            NoProgress quiet;
            registry.projector.rebuild(quiet);
            CHECK(tests::dump_projections(*registry.db) == before);
        }
    }
}

}  // namespace
}  // namespace egret::store
