#include "registry/store/women.h"

#include "registry/store/components.h"
#include "tests/support/projected_registry.h"

#include <doctest/doctest.h>

namespace egret::store {
namespace {

using tests::day;
using tests::dose;
using tests::fact;
using tests::registration;
using tests::woman;

struct WomenFixture : tests::ProjectedRegistry {
    Women women{*db};
    Components components{log, *db};
};

TEST_SUITE("registry/store/women") {
    TEST_CASE_FIXTURE(WomenFixture, "a row says who she is now") {
        say(registration("王小丽", "1985-03", "350203", "2026-01-05"), woman(1));
        say(fact("2026-01-06", Transfer{"F9", ""}), woman(1));
        say(dose("2026-01-07"), woman(1));
        WomanRow expected;
        expected.id = woman(1);
        expected.name = "王小丽";
        expected.birth_date = *PartialDate::parse("1985-03");
        expected.sex = Sex::female;
        expected.area = "350203";
        expected.facility = "F9";
        expected.registered_on = day("2026-01-05");
        expected.fact_count = 3;
        CHECK(women.find(woman(1)) == expected);

        say(fact("2026-02-01", Death{}), woman(1));
        expected.died_on = day("2026-02-01");
        expected.fact_count = 4;
        CHECK(women.find(woman(1)) == expected);
        CHECK_FALSE(women.find(woman(2)).has_value());
    }

    TEST_CASE_FIXTURE(WomenFixture, "of whom little is known, there is a row all the same") {
        say(dose("2026-01-07"), woman(1));
        const auto row = women.find(woman(1));
        REQUIRE(row.has_value());
        CHECK(row->name.empty());
        CHECK_FALSE(row->birth_date.has_value());
        CHECK_FALSE(row->sex.has_value());
        CHECK(row->facility.empty());
        CHECK_FALSE(row->registered_on.has_value());
    }

    TEST_CASE_FIXTURE(WomenFixture, "a list goes on after any woman") {
        for (std::uint8_t n = 5; n >= 1; --n)
            say(registration("王小丽", "1985", "350203"), woman(n));
        CHECK(women.count() == 5);
        const auto first = women.list(std::nullopt, 2);
        REQUIRE(first.size() == 2);
        CHECK(first[0].id == woman(5));
        const auto rest = women.list(first[1].id, 100);
        REQUIRE(rest.size() == 3);
        CHECK(rest[2].id == woman(1));
        CHECK(women.list(rest[2].id, 100).empty());
    }

    TEST_CASE_FIXTURE(WomenFixture, "linked ids lead to one woman with all their facts") {
        say(registration("王小丽", "1985", "350203"), woman(1));
        say(registration("王莉", "1985", "350203"), woman(2));
        say(fact("2026-01-08", Link{woman(1), ""}), woman(2));
        CHECK(women.count() == 1);
        CHECK(women.find(woman(2))->id == woman(1));
        const auto both = components.read_woman(woman(2));
        CHECK(both.members == std::vector{woman(1), woman(2)});
        CHECK(both.events.size() == 3);
        CHECK(fold(both.members, both.events).woman == woman(1));
        CHECK(components.read_woman(woman(7)).members.empty());
    }

    TEST_CASE("the official name is shown, else the first") {
        Demographics who;
        CHECK(shown_name(who).empty());
        who.names.push_back({NameUse::alias, "小丽", {}});
        CHECK(shown_name(who) == "小丽");
        who.names.push_back({NameUse::official, "王小丽", {}});
        CHECK(shown_name(who) == "王小丽");
    }
}

}  // namespace
}  // namespace egret::store
