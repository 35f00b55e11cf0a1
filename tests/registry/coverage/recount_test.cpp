// Two ways of counting that share no code give the same figures, in every cell, on any day.

#include "registry/coverage/recount.h"

#include "registry/coverage/contribution.h"
#include "registry/coverage/cube.h"
#include "registry/coverage/recount_beliefs.h"
#include "tests/support/facts.h"
#include "tests/support/random_life.h"
#include "tests/support/series.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace egret::coverage {
namespace {

using tests::day;
using tests::fact;
using tests::logged;
using tests::RandomLife;
using tests::uid;

std::vector<Date> random_days(SeededRandom& random, std::size_t count) {
    std::vector<Date> days(count);
    for (auto& one : days)
        one = day("2003-01-01").plus_days(static_cast<int>(random.below(50 * 365)));
    // And when those who were born in 2009 and 2010 turn 13.
    for (const auto* one : {"2022-12-31", "2023-01-01", "2023-07-31", "2023-12-31"})
        days.push_back(day(one));
    return days;
}

std::vector<Query> many_queries(const std::vector<Date>& on) {
    const auto where = [](const std::vector<const char*>& texts) {
        std::vector<Filter> filters;
        filters.reserve(texts.size());
        for (const auto* text : texts) filters.push_back(*parse_filter(text));
        return filters;
    };
    return {
        {{}, {}, on},
        {{Dimension::area}, {}, on},
        {{Dimension::area, Dimension::birth_year}, {}, on},
        {{Dimension::birth_month, Dimension::facility}, {}, on},
        {{Dimension::province, Dimension::city, Dimension::town, Dimension::village}, {}, on},
        {{Dimension::facility}, where({"area=350203"}), on},
        {{Dimension::birth_year}, where({"area=350200", "facility=C1"}), on},
        {{Dimension::area}, where({"area=350203001", "area=unknown", "area=441900"}), on},
        {{}, where({"birth_year=1985", "birth_year=1986", "area=350000"}), on},
        {{Dimension::town}, where({"town=350203001", "facility=C2"}), on},
    };
}

// No indicator of these tests names a protocol.
const ReachedOn nobody_asked;

HpvTest test(HpvResult result) { return {result, {}, {}}; }

TEST_SUITE("registry/coverage/recount") {
    TEST_CASE("the recount reads a plain life as the definitions say") {
        Register detail;
        detail.who.birth_date = *PartialDate::parse("1980-06-15");
        detail.who.sex = Sex::female;
        detail.who.area = "350203";
        std::vector<LoggedEvent> events = {
            logged(1, fact("2015-01-01", detail)),
            logged(2, fact("2020-05-10", test(HpvResult::invalid))),
            logged(3, fact("2020-05-11",
                           Correct{uid(2), {fact("2020-05-10", test(HpvResult::negative))}})),
            logged(4, fact("2030-01-01", Death{})),
        };
        const auto& screened = **find_indicator("cervical-screened-5y");
        const auto on = [&](const char* date) {
            const auto standing =
                BelievedFacts(events, nobody_asked).standing_on(screened, day(date));
            return std::pair{standing.in_denominator, standing.in_numerator};
        };
        CHECK(on("2015-06-14") == std::pair{false, false});
        CHECK(on("2015-06-15") == std::pair{true, false});
        CHECK(on("2020-05-09") == std::pair{true, false});
        CHECK(on("2020-05-10") == std::pair{true, true});
        CHECK(on("2025-05-09") == std::pair{true, true});
        CHECK(on("2025-05-10") == std::pair{true, false});
        CHECK(on("2029-12-31") == std::pair{true, false});
        CHECK(on("2030-01-01") == std::pair{false, false});
        events.push_back(logged(5, fact("2020-06-01", VoidFact{uid(3)})));
        CHECK(on("2020-05-10") == std::pair{true, false});
        const auto standing =
            BelievedFacts(events, nobody_asked).standing_on(screened, day("2020-01-01"));
        CHECK(standing.area == "350203");
        CHECK(standing.facility == "C1");
    }

    TEST_CASE("the recount believes of random lives what the fold holds, by rules of its own") {
        SeededRandom random(2028);
        std::size_t unheeded = 0;
        std::size_t erased = 0;
        std::size_t settled = 0;
        for (int i = 0; i < 4000; ++i) {
            const auto events = RandomLife(random).jumbled();
            const auto history = fold({WomanId{}}, events);
            unheeded += history.unheeded.size();
            erased += history.erased.size();
            std::map<EventUid, std::pair<Fact, std::string>> held;
            for (const auto& live : history.facts) held[live.uid] = {live.fact, live.facility()};
            std::map<EventUid, std::pair<Fact, std::string>> believed;
            const auto beliefs = believe(events);
            for (const auto& belief : beliefs) {
                auto fact = belief.fact;
                fact.at.role.reset();
                believed[belief.uid] = {std::move(fact), belief.facility};
            }
            REQUIRE(held == believed);
            const auto* birth = last_word(beliefs, [](const Belief& belief) {
                const auto* who = said_of_her(belief.fact);
                return who && who->birth_date;
            });
            // Of a registration that was voided the fold still tells who she was.
            if (birth)
                CHECK(said_of_her(birth->fact)->birth_date == history.who.birth_date);
            else if (!history.is_registration_voided)
                CHECK_FALSE(history.who.birth_date);
            for (const auto& said : history.said) settled += said.replaced.empty() ? 0U : 1U;
        }
        CHECK(unheeded > 500);
        CHECK(erased > 5);
        CHECK(settled > 500);
    }

    TEST_CASE("the cube and the recount agree in every cell, for every cut, on any day") {
        SeededRandom random(2026);
        const auto days = random_days(random, 20);
        std::vector<std::vector<LoggedEvent>> lives;
        lives.reserve(300);
        for (int i = 0; i < 300; ++i) lives.push_back(RandomLife(random).jumbled());
        for (const auto& indicator : known_indicators()) {
            if (indicator.counts != Counts::women) continue;
            CAPTURE(indicator.id);
            Cube cube;
            for (const auto& life : lives)
                cube.add(tests::contribution_of(indicator, fold({WomanId{}}, life)));
            std::int64_t counted = 0;
            std::size_t cells = 0;
            for (const auto& query : many_queries(days)) {
                auto recount = tests::recount_of(indicator, query);
                for (const auto& life : lives) recount.add(life);
                const auto expected = recount.answer();
                const auto answer = cube.ask(query);
                REQUIRE(answer.cells.size() == expected.cells.size());
                REQUIRE(answer == expected);
                for (const auto& total : answer.totals) counted += total.figure.numerator;
                cells += answer.cells.size();
            }
            CHECK(cells > 100);
            // Of a cohort of one year nobody counts for longer than that year.
            if (!indicator.population.age_reached_in_year) CHECK(counted > 10);
        }
    }

    TEST_CASE("appending differences fact by fact leads to the same figures") {
        SeededRandom random(2027);
        const auto days = random_days(random, 40);
        const Query query{{Dimension::area, Dimension::facility, Dimension::birth_month}, {}, days};
        std::size_t retracted = 0;
        for (const auto& indicator : known_indicators()) {
            if (indicator.counts != Counts::women) continue;
            CAPTURE(indicator.id);
            Cube appended;
            Cube fresh;
            auto recount = tests::recount_of(indicator, query);
            std::size_t retractions = 0;
            for (int i = 0; i < 200; ++i) {
                const auto events = RandomLife(random).jumbled();
                std::vector<LoggedEvent> known;
                Bytes stored;  // As a store keeps it.
                for (const auto& logged_event : events) {
                    known.push_back(logged_event);
                    const auto before = decode_contribution(stored);
                    REQUIRE(before);
                    const auto now = tests::contribution_of(indicator, fold({WomanId{}}, known));
                    const auto change = difference(now, *before);
                    if (!before->empty()) retractions += change.size();
                    appended.add(change);
                    stored = encode_contribution(now);
                }
                fresh.add(tests::contribution_of(indicator, fold({WomanId{}}, events)));
                recount.add(events);
            }
            CHECK(retractions > 0);
            retracted += retractions;
            const auto answer = appended.ask(query);
            CHECK(answer == fresh.ask(query));
            CHECK(answer == recount.answer());
        }
        CHECK(retracted > 500);
    }
}

}  // namespace
}  // namespace egret::coverage
