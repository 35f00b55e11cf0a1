#include "registry/coverage/dimension.h"

#include <doctest/doctest.h>

namespace egret::coverage {
namespace {

TEST_SUITE("registry/coverage/dimension") {
    TEST_CASE("every dimension is read from its own name") {
        for (const auto dimension : {Dimension::area, Dimension::province, Dimension::city,
                                     Dimension::town, Dimension::village, Dimension::facility,
                                     Dimension::birth_year, Dimension::birth_month}) {
            const auto read = parse_dimension(to_string(dimension));
            REQUIRE(read);
            CHECK(*read == dimension);
        }
    }

    TEST_CASE("a misspelt dimension is refused, and the one that was meant is named") {
        const auto read = parse_dimension("birth_yaer");
        REQUIRE_FALSE(read);
        CHECK(read.error().code == ErrorCode::invalid_input);
        CHECK(read.error().message.id == "coverage.unknown_dimension_meant");
        CHECK(read.error().message.arguments[0].second == "birth_year");
        CHECK(parse_dimension("colour").error().message.id == "coverage.unknown_dimension");
    }

    TEST_CASE("an area is cut to its level, and stays as it is where it is known less exactly") {
        const Key village{"350203001002", "C1", 2010 * 13 + 3};
        CHECK(value_of(Dimension::province, village) == "350000");
        CHECK(value_of(Dimension::city, village) == "350200");
        CHECK(value_of(Dimension::area, village) == "350203");
        CHECK(value_of(Dimension::town, village) == "350203001");
        CHECK(value_of(Dimension::village, village) == "350203001002");
        CHECK(value_of(Dimension::area, {"3502", "", 0}) == "350200");
        CHECK(value_of(Dimension::village, {"350203", "", 0}) == "350203");
        CHECK(value_of(Dimension::area, {"441900003", "", 0}) == "441900");
        CHECK(value_of(Dimension::area, {"", "", 0}) == "unknown");
        CHECK(value_of(Dimension::area, {"Siming", "", 0}) == "unknown");
    }

    TEST_CASE("births are told apart as far as they are known") {
        CHECK(value_of(Dimension::birth_year, {"", "", 2010 * 13 + 12}) == "2010");
        CHECK(value_of(Dimension::birth_month, {"", "", 2010 * 13 + 12}) == "2010-12");
        CHECK(value_of(Dimension::birth_month, {"", "", 2010 * 13}) == "2010");
        CHECK(value_of(Dimension::birth_year, {"", "", 0}) == "unknown");
        CHECK(value_of(Dimension::facility, {"", "", 0}) == "unknown");
    }

    TEST_CASE("a filter is decided by the level of its area") {
        const auto decided_by = [](const char* text) {
            return deciding_dimension(*parse_filter(text));
        };
        CHECK(decided_by("area=35") == Dimension::province);
        CHECK(decided_by("area=350200") == Dimension::city);
        CHECK(decided_by("area=350203") == Dimension::area);
        CHECK(decided_by("area=350203001") == Dimension::town);
        CHECK(decided_by("area=350203001002") == Dimension::village);
        CHECK(decided_by("area=unknown") == Dimension::area);
        CHECK(decided_by("facility=C1") == Dimension::facility);
        CHECK(*parse_filter(" area = 3502 ") == Filter{Dimension::area, "350200"});
        CHECK(*parse_filter("birth_year=2010") == Filter{Dimension::birth_year, "2010"});
        CHECK(*parse_filter("birth_month=2010-03") == Filter{Dimension::birth_month, "2010-03"});
    }

    TEST_CASE("what is no filter is refused") {
        for (const char* text :
             {"", "area", "=350203", "colour=red", "area=", "area=Siming", "area=35020",
              "town=350203", "city=350203", "birth_year=10", "birth_year=2010-03",
              "birth_month=2010-13", "birth_month=2010-03-01", "facility="}) {
            CAPTURE(text);
            const auto read = parse_filter(text);
            REQUIRE_FALSE(read);
            CHECK(read.error().code == ErrorCode::invalid_input);
        }
    }
}

}  // namespace
}  // namespace egret::coverage
