#include "registry/coverage/suppress.h"

#include "registry/base/random.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::coverage {
namespace {

/// Numerator and denominator of each cell.
Answer table(const std::vector<std::pair<int, int>>& figures, Date on = Date::from_days(0)) {
    Answer answer{{Dimension::area}, {}, {{on, {}}}};
    for (const auto& [numerator, denominator] : figures) {
        answer.cells.push_back(
            {on, {std::to_string(answer.cells.size())}, {numerator, denominator, false}});
        answer.totals[0].figure.numerator += numerator;
        answer.totals[0].figure.denominator += denominator;
    }
    return answer;
}

/// "x" for each suppressed cell, "." for each shown; then the total.
std::string pattern(Answer answer, int least = small_cell) {
    suppress_small_cells(answer, least);
    std::string text;
    for (const auto& cell : answer.cells) {
        text += cell.figure.is_suppressed ? 'x' : '.';
        if (cell.figure.is_suppressed) {
            CHECK(cell.figure.numerator == 0);
            CHECK(cell.figure.denominator == 0);
        }
    }
    return text + (answer.totals[0].figure.is_suppressed ? "|x" : "|.");
}

TEST_SUITE("registry/coverage/suppress") {
    TEST_CASE("nothing is taken from a table without small cells") {
        CHECK(pattern(table({{5, 10}, {0, 30}, {40, 40}})) == "...|.");
        CHECK(pattern(table({})) == "|.");
    }

    TEST_CASE("of cases that are told apart in three, each part is a number of people") {
        auto answer = table({{80, 100}, {70, 90}, {30, 60}});
        answer.cells[0].details.documented = 17;  // Three are unknown.
        answer.cells[1].details.documented = 10;
        answer.cells[2].details.documented = 20;
        answer.totals[0].details.documented = 47;
        auto plain = answer;
        suppress_small_cells(plain, small_cell);
        CHECK_FALSE(plain.cells[0].figure.is_suppressed);
        suppress_small_cells(answer, small_cell, true);
        CHECK(answer.cells[0].figure.is_suppressed);
        CHECK(answer.cells[0].details == CaseDetails{});
        CHECK_FALSE(answer.cells[1].figure.is_suppressed);
        // Or else it could be told from the total.
        CHECK(answer.cells[2].figure.is_suppressed);
        CHECK(answer.totals[0].details.documented == 47);
    }

    TEST_CASE("a single small cell takes the next smallest with it") {
        CHECK(pattern(table({{3, 40}, {20, 60}, {10, 50}})) == "x.x|.");
        CHECK(pattern(table({{0, 4}, {20, 60}, {10, 50}})) == "x.x|.");
    }

    TEST_CASE("two small cells hide each other, if they are enough people together") {
        CHECK(pattern(table({{0, 4}, {0, 3}, {10, 50}, {9, 60}})) == "xx..|.");
        // Together two of them: each must be one.
        CHECK(pattern(table({{0, 1}, {0, 1}, {10, 50}, {9, 60}})) == "xxx.|.");
        // Together three that count.
        CHECK(pattern(table({{2, 20}, {1, 20}, {10, 50}, {9, 60}})) == "xxx.|.");
    }

    TEST_CASE("a small total goes, and then hides its cells better than others could") {
        CHECK(pattern(table({{2, 40}})) == "x|x");
        CHECK(pattern(table({{1, 30}, {0, 40}})) == "x.|x");
        CHECK(pattern(table({{1, 30}, {2, 40}})) == "xx|x");
    }

    TEST_CASE("how few are too few is the caller's choice") {
        CHECK(pattern(table({{8, 40}, {20, 60}, {10, 50}}), 10) == "x.x|.");
        CHECK(pattern(table({{1, 2}, {1, 3}}), 0) == "..|.");
    }

    TEST_CASE("each day is a table of its own") {
        auto answer = table({{3, 40}, {20, 60}, {10, 50}});
        const auto other = table({{9, 40}, {20, 60}, {10, 50}}, Date::from_days(1));
        answer.cells.insert(answer.cells.end(), other.cells.begin(), other.cells.end());
        answer.totals.push_back(other.totals[0]);
        CHECK(pattern(answer) == "x.x...|.");
    }

    TEST_CASE("no small number is shown or can be worked out from the total") {
        SeededRandom random(9);
        for (int round = 0; round < 3000; ++round) {
            std::vector<std::pair<int, int>> figures;
            for (auto left = 1 + random.below(8); left > 0; --left) {
                const auto denominator = 1 + static_cast<int>(random.below(30));
                figures.emplace_back(static_cast<int>(random.below(31)) % (denominator + 1),
                                     denominator);
            }
            auto answer = table(figures);
            suppress_small_cells(answer);
            const auto is_small = [](std::int64_t count) { return count > 0 && count < 5; };
            Figure rest = answer.totals[0].figure;
            int hidden = 0;
            for (const auto& cell : answer.cells) {
                REQUIRE_FALSE(is_small(cell.figure.numerator));
                REQUIRE_FALSE(is_small(cell.figure.denominator));
                hidden += cell.figure.is_suppressed ? 1 : 0;
                rest.numerator -= cell.figure.numerator;
                rest.denominator -= cell.figure.denominator;
            }
            if (rest.is_suppressed) continue;
            REQUIRE(hidden != 1);
            REQUIRE_FALSE(is_small(rest.numerator));
            REQUIRE_FALSE(is_small(rest.denominator));
        }
    }
}

}  // namespace
}  // namespace egret::coverage
