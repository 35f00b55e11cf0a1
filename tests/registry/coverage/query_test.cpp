#include "registry/coverage/query.h"

#include <doctest/doctest.h>

namespace egret::coverage {
namespace {

std::string percent(std::int64_t numerator, std::int64_t denominator) {
    return Figure{numerator, denominator, false}.percent().value_or("none");
}

std::vector<std::string> series(const char* from, const char* to, Step step) {
    std::vector<std::string> texts;
    for (const auto day : *days_of_series(*Date::parse(from), *Date::parse(to), step))
        texts.push_back(day.to_string());
    return texts;
}

using Texts = std::vector<std::string>;

TEST_SUITE("registry/coverage/query") {
    TEST_CASE("percentages have one decimal, rounded half up") {
        CHECK(percent(12, 30) == "40.0");
        CHECK(percent(1, 3) == "33.3");
        CHECK(percent(2, 3) == "66.7");
        CHECK(percent(1, 2000) == "0.1");  // 0.05
        CHECK(percent(49, 100'000) == "0.0");
        CHECK(percent(1999, 2000) == "100.0");  // 99.95
        CHECK(percent(0, 7) == "0.0");
        CHECK(percent(7, 7) == "100.0");
        CHECK(percent(1'400'000'000, 1'400'000'001) == "100.0");
    }

    TEST_CASE("of nobody there is no percentage, and none of what is suppressed") {
        CHECK(percent(0, 0) == "none");
        CHECK(percent(3, 0) == "none");
        CHECK_FALSE(Figure{0, 0, true}.percent());
    }

    TEST_CASE("more than everybody is shown and pointed out") {
        CHECK(percent(9, 8) == "112.5");
        CHECK(Figure{9, 8, false}.exceeds_denominator());
        CHECK_FALSE(Figure{8, 8, false}.exceeds_denominator());
    }

    TEST_CASE("a series steps from its first day and ends with the last that fits") {
        CHECK(series("2026-01-01", "2026-01-03", Step::day) ==
              Texts{"2026-01-01", "2026-01-02", "2026-01-03"});
        CHECK(series("2026-01-01", "2026-01-20", Step::week) ==
              Texts{"2026-01-01", "2026-01-08", "2026-01-15"});
        CHECK(series("2026-01-31", "2026-04-30", Step::month) ==
              Texts{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"});
        CHECK(series("2025-11-30", "2026-06-01", Step::quarter) ==
              Texts{"2025-11-30", "2026-02-28", "2026-05-30"});
        CHECK(series("2024-02-29", "2026-02-28", Step::year) ==
              Texts{"2024-02-29", "2025-02-28", "2026-02-28"});
        CHECK(series("2026-01-01", "2026-01-01", Step::year) == Texts{"2026-01-01"});
    }

    TEST_CASE("a series that runs backwards or on and on is refused") {
        const auto first = *Date::parse("2026-01-02");
        const auto backwards = days_of_series(first, first.plus_days(-1), Step::day);
        REQUIRE_FALSE(backwards);
        CHECK(backwards.error().code == ErrorCode::invalid_input);
        CHECK(days_of_series(first, first.plus_days(999), Step::day));
        const auto long_one = days_of_series(first, first.plus_days(1000), Step::day);
        REQUIRE_FALSE(long_one);
        CHECK(long_one.error().code == ErrorCode::too_large);
    }

    TEST_CASE("a step is one of five words") {
        for (const char* text : {"day", "week", "month", "quarter", "year"})
            CHECK(parse_step(text));
        CHECK(parse_step("Month").error().code == ErrorCode::invalid_input);
    }
}

}  // namespace
}  // namespace egret::coverage
