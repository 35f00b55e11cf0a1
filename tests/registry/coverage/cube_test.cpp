#include "registry/coverage/cube.h"

#include "registry/base/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace egret::coverage {
namespace {

Date at(int day) { return Date::from_days(day); }

Delta delta(Part part, const char* area, const char* facility, int day, int amount = 1) {
    return {part, {area, facility, 2010 * 13 + 3}, at(day), amount};
}

Delta some_delta(SeededRandom& random) {
    const char* const areas[] = {"350203", "350203001", "350205", "", "350212"};
    const char* const facilities[] = {"C1", "C2", "C3"};
    Delta made;
    made.part = random.chance(0.5) ? Part::denominator : Part::numerator;
    made.key = {areas[random.below(5)], facilities[random.below(3)],
                2000 * 13 + static_cast<int>(random.below(6))};
    made.day = at(static_cast<int>(random.below(100)));
    made.amount = random.chance(0.7) ? 1 : -1;
    return made;
}

/// The same by going through all deltas.
Answer looked_through(const std::vector<Delta>& deltas, const Query& query) {
    std::map<std::vector<std::string>, std::vector<Figure>> cells;
    std::vector<Figure> totals(query.on.size());
    for (const auto& one : deltas) {
        std::vector<std::string> values;
        for (const auto dimension : query.by) values.push_back(value_of(dimension, one.key));
        auto& cell = cells.try_emplace(std::move(values), query.on.size()).first->second;
        for (std::size_t i = 0; i < query.on.size(); ++i) {
            if (one.day > query.on[i]) continue;
            for (auto* figure : {&cell[i], &totals[i]})
                (one.part == Part::denominator ? figure->denominator : figure->numerator) +=
                    one.amount;
        }
    }
    Answer answer{query.by, {}, {}};
    for (std::size_t i = 0; i < query.on.size(); ++i) {
        for (const auto& [values, figures] : cells) {
            if (!(figures[i] == Figure{}))
                answer.cells.push_back({query.on[i], values, figures[i]});
        }
        answer.totals.push_back({query.on[i], totals[i]});
    }
    return answer;
}

TEST_SUITE("registry/coverage/cube") {
    TEST_CASE("a figure changes on the day of a delta and holds until the next") {
        Cube cube;
        cube.add({delta(Part::denominator, "350203", "C1", 10),
                  delta(Part::denominator, "350203", "C1", 20, -1),
                  delta(Part::numerator, "350203", "C1", 15),
                  delta(Part::numerator, "350203", "C1", 20, -1)});
        const auto answer = cube.ask({{Dimension::area}, {}, {at(9), at(10), at(15), at(20)}});
        REQUIRE(answer.totals.size() == 4);
        CHECK(answer.totals[0].figure == Figure{0, 0, false});
        CHECK(answer.totals[1].figure == Figure{0, 1, false});
        CHECK(answer.totals[2].figure == Figure{1, 1, false});
        CHECK(answer.totals[3].figure == Figure{0, 0, false});
        REQUIRE(answer.cells.size() == 2);
        CHECK(answer.cells[0] == Cell{at(10), {"350203"}, {0, 1, false}});
        CHECK(answer.cells[1] == Cell{at(15), {"350203"}, {1, 1, false}});
    }

    TEST_CASE("cells come in the order of their values, towns summed to their district") {
        Cube cube;
        cube.add({delta(Part::denominator, "", "C1", 1),
                  delta(Part::denominator, "350205", "C1", 1),
                  delta(Part::denominator, "350203002", "C1", 1),
                  delta(Part::denominator, "350203001", "C2", 1)});
        const auto answer = cube.ask({{Dimension::area}, {}, {at(1)}});
        REQUIRE(answer.cells.size() == 3);
        CHECK(answer.cells[0] == Cell{at(1), {"350203"}, {0, 2, false}});
        CHECK(answer.cells[1] == Cell{at(1), {"350205"}, {0, 1, false}});
        CHECK(answer.cells[2] == Cell{at(1), {"unknown"}, {0, 1, false}});
    }

    TEST_CASE("a filter on what is not shown narrows all figures, totals too") {
        Cube cube;
        cube.add({delta(Part::denominator, "350203001", "C1", 1),
                  delta(Part::denominator, "350203002", "C1", 1),
                  delta(Part::denominator, "350205", "C2", 1)});
        const auto total = [&](std::vector<Filter> where) {
            return cube.ask({{Dimension::birth_year}, std::move(where), {at(1)}})
                .totals[0]
                .figure.denominator;
        };
        CHECK(total({*parse_filter("area=350203")}) == 2);
        CHECK(total({*parse_filter("area=350203002")}) == 1);
        CHECK(total({*parse_filter("area=350200")}) == 3);
        CHECK(total({*parse_filter("area=350203002"), *parse_filter("area=350205")}) == 2);
        CHECK(total({*parse_filter("area=350203"), *parse_filter("facility=C2")}) == 0);
        CHECK(total({*parse_filter("birth_year=2011")}) == 0);
    }

    TEST_CASE("an empty cube answers with totals of nothing") {
        Cube cube;
        const auto answer = cube.ask({{Dimension::area}, {}, {at(1)}});
        CHECK(answer.cells.empty());
        CHECK(answer.totals == std::vector<Total>{{at(1), {}}});
    }

    TEST_CASE("any mix of adding and asking gives what looking through all deltas gives") {
        SeededRandom random(3);
        Cube cube;
        std::vector<Delta> deltas;
        const std::vector<Dimension> cuts[] = {{},
                                               {Dimension::area},
                                               {Dimension::facility, Dimension::birth_year},
                                               {Dimension::birth_month, Dimension::town}};
        // Past the bounds at which tails are merged and rows united, with questions on the way.
        for (const std::size_t count :
             {1U, 50U, 3000U, 5000U, 100U, 63'000U, 10U, 4097U, 62'000U}) {
            for (std::size_t i = 0; i < count; ++i) {
                const auto retract = !deltas.empty() && random.chance(0.2);
                deltas.push_back(retract ? deltas[random.below(deltas.size())]
                                         : some_delta(random));
                if (retract) deltas.back().amount = -deltas.back().amount;
                cube.add(deltas.back());
            }
            const Query query{cuts[random.below(4)],
                              {},
                              {at(-1), at(static_cast<int>(random.below(100))), at(150)}};
            REQUIRE(cube.ask(query) == looked_through(deltas, query));
        }
        for (const auto& by : cuts) {
            const Query query{by, {}, {at(50), at(99)}};
            CHECK(cube.ask(query) == looked_through(deltas, query));
        }
    }
}

}  // namespace
}  // namespace egret::coverage
