#include "registry/base/date.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

Date day(const char* text) { return *Date::parse(text); }

TEST_SUITE("registry/base/date") {
    TEST_CASE("only a real day in the one form is read") {
        for (const char* wrong : {"", "2026", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01",
                                  "26-01-01", "2026-01-00", "2026-01-32", "2026/01/01",
                                  "2026-01-01 ", "1899-12-31", "2201-01-01", "+026-01-01"}) {
            CAPTURE(wrong);
            CHECK_FALSE(Date::parse(wrong));
        }
        CHECK(day("2024-02-29").to_string() == "2024-02-29");
        CHECK(day("1970-01-01").days() == 0);
        CHECK(day("1969-12-31").days() == -1);
    }

    TEST_CASE("a step to a day that doesn't exist rolls to the next month, or clamps") {
        CHECK(day("2026-01-31").plus_months(1) == day("2026-03-01"));
        CHECK(day("2026-01-31").plus_months(1, MissingDay::clamp) == day("2026-02-28"));
        CHECK(day("2024-02-29").plus_years(1) == day("2025-03-01"));
        CHECK(day("2024-02-29").plus_years(1, MissingDay::clamp) == day("2025-02-28"));
        CHECK(day("2024-02-29").plus_years(4) == day("2028-02-29"));
        CHECK(day("2026-03-31").plus_months(-1) == day("2026-03-01"));
        CHECK(plus(day("2025-01-31"), {0, 1, -1}) == day("2025-02-28"));
    }

    TEST_CASE("age is in completed years, and 29 February counts from 1 March") {
        CHECK(age_in_years(day("2000-02-29"), day("2015-02-28")) == 14);
        CHECK(age_in_years(day("2000-02-29"), day("2015-03-01")) == 15);
        CHECK(age_in_years(day("2000-02-29"), day("2016-02-29")) == 16);
        CHECK(age_in_years(day("2010-05-05"), day("2010-05-04")) == -1);
        CHECK(birthday(day("2000-02-29"), 15) == day("2015-03-01"));
    }

    TEST_CASE("a partial date keeps its precision") {
        const auto year = *PartialDate::parse("1962");
        const auto month = *PartialDate::parse("1962-02");
        CHECK(year.to_string() == "1962");
        CHECK(month.to_string() == "1962-02");
        CHECK(year.earliest() == day("1962-01-01"));
        CHECK(year.latest() == day("1962-12-31"));
        CHECK(month.latest() == day("1962-02-28"));
        CHECK(year.may_equal(month));
        CHECK_FALSE(month.may_equal(*PartialDate::parse("1962-03-01")));
        CHECK(year != month);
        for (const char* wrong : {"196", "1962-", "1962-2", "1962-00", "1962-02-30", "abcd"}) {
            CAPTURE(wrong);
            CHECK_FALSE(PartialDate::parse(wrong));
        }
    }
}

}  // namespace
}  // namespace egret
