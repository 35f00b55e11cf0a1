#include "registry/domain/area.h"

#include <doctest/doctest.h>

#include <string>

namespace egret {
namespace {

AreaCode area(std::string_view text) { return *AreaCode::parse(text); }

TEST_SUITE("registry/domain/area") {
    TEST_CASE("one area has one canonical form and one level") {
        struct Row {
            const char* text;
            const char* canonical;
            AreaLevel level;
        };
        for (const auto& row : {
                 Row{"35", "350000", AreaLevel::province},
                 Row{"3500", "350000", AreaLevel::province},
                 Row{"350000", "350000", AreaLevel::province},
                 Row{"3502", "350200", AreaLevel::city},
                 Row{"350200", "350200", AreaLevel::city},
                 Row{"350200000", "350200", AreaLevel::city},
                 Row{"350203", "350203", AreaLevel::district},
                 Row{"350210", "350210", AreaLevel::district},
                 Row{"350203000", "350203", AreaLevel::district},
                 Row{"350203000000", "350203", AreaLevel::district},
                 Row{"350203001", "350203001", AreaLevel::town},
                 Row{"350203100", "350203100", AreaLevel::town},
                 Row{"350203001000", "350203001", AreaLevel::town},
                 Row{"441900003", "441900003", AreaLevel::town},
                 Row{"350203001002", "350203001002", AreaLevel::village},
             }) {
            CAPTURE(row.text);
            const auto code = AreaCode::parse(row.text);
            REQUIRE(code);
            CHECK(code->text() == row.canonical);
            CHECK(code->level() == row.level);
            CHECK(*AreaCode::parse(code->text()) == *code);
        }
    }

    TEST_CASE("what is no area code is refused") {
        for (const char* text :
             {"", "3", "350", "35020", "3502030", "35020300", "3502030010", "35020300100", "00",
              "000000", "003502", "350003", "350000001", "350203000001", "35020a", "350203 01",
              "３５", "3502030010021", "-35020"}) {
            CAPTURE(text);
            const auto code = AreaCode::parse(text);
            REQUIRE_FALSE(code);
            CHECK(code.error().code == ErrorCode::invalid_input);
            CHECK(code.error().message == msg("area.shape"));
        }
    }

    TEST_CASE("an area lies in one of each wider level, and in none of a narrower") {
        const auto village = area("350203001002");
        CHECK(village.at_level(AreaLevel::province) == area("350000"));
        CHECK(village.at_level(AreaLevel::city) == area("350200"));
        CHECK(village.at_level(AreaLevel::district) == area("350203"));
        CHECK(village.at_level(AreaLevel::town) == area("350203001"));
        CHECK(village.at_level(AreaLevel::village) == village);
        CHECK_FALSE(area("350200").at_level(AreaLevel::district));
        CHECK_FALSE(area("35").at_level(AreaLevel::city));
        CHECK(area("441900003").at_level(AreaLevel::district) == area("441900"));
    }

    TEST_CASE("within goes down the tree only") {
        CHECK(area("350203001002").within(area("35")));
        CHECK(area("350203001002").within(area("350203001")));
        CHECK(area("350203").within(area("350203")));
        CHECK(area("441900003").within(area("441900")));
        CHECK_FALSE(area("350203").within(area("350204")));
        CHECK_FALSE(area("350203").within(area("3501")));
        CHECK_FALSE(area("350200").within(area("350203")));
        CHECK_FALSE(area("360203").within(area("350000")));
    }

    TEST_CASE("a level is written as its name") {
        CHECK(to_string(AreaLevel::province) == "province");
        CHECK(to_string(AreaLevel::village) == "village");
        CHECK(AreaLevel::province < AreaLevel::town);
    }
}

}  // namespace
}  // namespace egret
