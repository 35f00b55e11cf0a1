#include "registry/coverage/interval.h"

#include "registry/base/random.h"

#include <doctest/doctest.h>

namespace egret::coverage {
namespace {

Date at(int day) { return Date::from_days(day); }

Interval span(int from, int to) { return {at(from), at(to)}; }

/// Up to six intervals over days 0 to 39, some of them empty or the wrong way round.
std::vector<Interval> some_intervals(SeededRandom& random) {
    std::vector<Interval> intervals(random.below(7));
    for (auto& interval : intervals) {
        const auto from = static_cast<int>(random.below(40));
        interval = span(from, from + static_cast<int>(random.below(12)) - 2);
    }
    return intervals;
}

bool is_canonical(const Intervals& intervals) {
    const Interval* before = nullptr;
    for (const auto& interval : intervals) {
        if (interval.from >= interval.to || (before && interval.from <= before->to)) return false;
        before = &interval;
    }
    return true;
}

TEST_SUITE("registry/coverage/interval") {
    TEST_CASE("an interval holds its first day and not its end") {
        const Intervals days{span(10, 20)};
        CHECK_FALSE(days.contains(at(9)));
        CHECK(days.contains(at(10)));
        CHECK(days.contains(at(19)));
        CHECK_FALSE(days.contains(at(20)));
    }

    TEST_CASE("intervals that touch or overlap are one, and empty ones are none") {
        CHECK(Intervals{span(5, 8), span(1, 3), span(3, 5)} == Intervals{span(1, 8)});
        CHECK(Intervals{span(4, 4), span(6, 2)}.empty());
        CHECK(Intervals{span(1, 3), span(4, 5)} != Intervals{span(1, 5)});
    }

    TEST_CASE("there is a time before and after all days") {
        const Intervals all{{no_start, no_end}};
        CHECK(complement({}) == all);
        CHECK(complement(all).empty());
        CHECK(complement({span(3, 4)}) == Intervals{{no_start, at(3)}, {at(4), no_end}});
        CHECK(complement({{at(4), no_end}}) == Intervals{{no_start, at(4)}});
    }

    TEST_CASE("the algebra agrees with asking day by day, and keeps its one form") {
        SeededRandom random(11);
        for (int round = 0; round < 2000; ++round) {
            const auto parts = some_intervals(random);
            const Intervals a(parts);
            const Intervals b(some_intervals(random));
            const auto either = united(a, b);
            const auto both = intersected(a, b);
            const auto neither = complement(either);
            REQUIRE((is_canonical(a) && is_canonical(either) && is_canonical(both) &&
                     is_canonical(neither)));
            for (int day = -3; day < 55; ++day) {
                bool is_in_parts = false;
                for (const auto& part : parts)
                    is_in_parts = is_in_parts || (part.from <= at(day) && at(day) < part.to);
                REQUIRE(a.contains(at(day)) == is_in_parts);
                const bool in_a = a.contains(at(day));
                const bool in_b = b.contains(at(day));
                REQUIRE(either.contains(at(day)) == (in_a || in_b));
                REQUIRE(both.contains(at(day)) == (in_a && in_b));
                REQUIRE(neither.contains(at(day)) == !(in_a || in_b));
            }
        }
    }
}

}  // namespace
}  // namespace egret::coverage
