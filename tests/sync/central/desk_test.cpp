#include "tests/sync/central/desk_fixture.h"

#include <doctest/doctest.h>

namespace egret::central {
namespace {

using tests::DeskFixture;
using tests::FactPlace;

}  // namespace

TEST_SUITE("sync/central/desk") {
    TEST_CASE_FIXTURE(DeskFixture, "an officer's void takes back what a clinic said") {
        const auto woman = patient();
        REQUIRE(holds(woman, visit));
        const auto done = desk.void_fact("Chen", visit, "Of another woman");
        REQUIRE(done);
        CHECK_FALSE(holds(woman, visit));
        CHECK(fault_kinds().empty());

        // The clinic is told of it as of any fact of another's, as an officer's.
        REQUIRE(follows(at_first));
        REQUIRE(at_first.facts.contains({centre, 1}));
        const auto& told = at_first.facts.at({centre, 1});
        CHECK(codec::decode_header(told.header)->uid == done->events.front());
        CHECK(told.officer);
        // Nobody else is.
        REQUIRE(follows(at_second));
        CHECK(at_second.facts.empty());
    }

    TEST_CASE_FIXTURE(DeskFixture, "who is no officer is refused, and nothing is changed") {
        const auto woman = patient();
        REQUIRE(desk.add_user("Wang", CentreRole::auditor));
        const auto before = count("SELECT count(*) FROM ingest");
        for (const auto* name : {"Nobody", "Wang", "", "chen"})
            CHECK(refusal(desk.void_fact(name, visit, "Why")) == "central.no_officer");
        REQUIRE(desk.remove_user("Chen"));
        CHECK(refusal(desk.void_fact("Chen", visit, "Why")) == "central.no_officer");
        CHECK(holds(woman, visit));
        CHECK(count("SELECT count(*) FROM ingest") == before);
        CHECK(count("SELECT count(*) FROM device WHERE clinic = 'CENTRE'") == 0);
        CHECK(fault_kinds().empty());
    }
}

}  // namespace egret::central
