#include "registry/rules/period_text.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::rules {
namespace {

TEST_SUITE("registry/rules/period_text") {
    TEST_CASE("spans are read as protocols write them") {
        CHECK(parse_period("9 years - 4 days") == Period{9, 0, -4});
        CHECK(parse_period("13 months + 4 weeks") == Period{0, 13, 28});
        CHECK(parse_period("1 year") == Period{1, 0, 0});
        CHECK(parse_period("0 days") == Period{0, 0, 0});
        CHECK(parse_period("2 years + 3 months - 1 week + 5 days") == Period{2, 3, -2});
    }

    TEST_CASE("what is no span is nothing") {
        for (const std::string text :
             {"", "9", "years", "9 year s", "nine years", "-9 years", "4 days + 9 years",
              "9 years + 9 years", "9 years 4 days", "9 years -", "99999 days", "9  years"}) {
            CAPTURE(text);
            CHECK_FALSE(parse_period(text));
        }
    }

    TEST_CASE("a span is written so that it can be read again") {
        for (const Period period : {Period{9, 0, -4}, Period{0, 13, 28}, Period{0, 0, 0},
                                    Period{1, 1, 1}, Period{2, 0, 0}})
            CHECK(parse_period(to_text(period)) == period);
    }
}

}  // namespace
}  // namespace egret::rules
