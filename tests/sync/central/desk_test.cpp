#include "tests/sync/central/desk_fixture.h"

#include <doctest/doctest.h>

namespace egret::central {
namespace {

using tests::day;
using tests::DeskFixture;
using tests::fact;

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

    TEST_CASE_FIXTURE(DeskFixture, "what one says names it: who works here, once, and who did") {
        CHECK(refusal(desk.add_user("Chen", CentreRole::manager)) == "central.user_there");
        for (const auto* name : {"", " Chen", "a\nb"})
            CHECK_FALSE(desk.add_user(name, CentreRole::officer));
        CHECK(refusal(desk.add_user(std::string(2000, 'x'), CentreRole::officer)) ==
              "central.user_name");
        REQUIRE(desk.remove_user("Chen"));
        CHECK(refusal(desk.remove_user("Chen")) == "central.no_user");
        const auto again = desk.add_user("Chen", CentreRole::officer);
        REQUIRE(again);
        CHECK(again->number == 2);
        const auto users = store->users();
        REQUIRE(users.size() == 2);
        CHECK(users[0].removed);
        CHECK(users[0].id != users[1].id);
        CHECK(fault_kinds().empty());
    }

    TEST_CASE_FIXTURE(DeskFixture, "a void says why, and of something that holds") {
        const auto woman = patient();
        CHECK(refusal(desk.void_fact("Chen", visit, "")) == "desk.needs_reason");
        CHECK(refusal(desk.void_fact("Chen", visit, "  ")) == "desk.needs_reason");
        CHECK(refusal(desk.void_fact("Chen", make_random_id<EventTag>(random), "Why")) ==
              "event.unknown");
        REQUIRE(desk.void_fact("Chen", visit, "Why"));
        CHECK(refusal(desk.void_fact("Chen", visit, "Why")) == "desk.voided");
        const auto other = say(first, woman, Visit{});
        const auto registered = history_of(woman).facts.front().uid;
        CHECK(refusal(desk.void_fact("Chen", registered, "Why")) == "void.others_hold");
        REQUIRE(desk.void_fact("Chen", other, "Why"));
        REQUIRE(desk.void_fact("Chen", registered, "Never was here"));
        CHECK(history_of(woman).facts.empty());
        CHECK(fault_kinds().empty());
    }

    TEST_CASE_FIXTURE(DeskFixture, "a correction says it anew in the clinic's place") {
        const auto woman = patient();
        auto right = fact("2026-01-06", Visit{});
        const auto done = desk.correct("Chen", visit, right, "Wrong day");
        REQUIRE(done);
        const auto history = history_of(woman);
        const auto live = std::find_if(history.facts.begin(), history.facts.end(),
                                       [&](const auto& one) { return one.uid == visit; });
        REQUIRE(live != history.facts.end());
        CHECK(live->fact.at.date == *PartialDate::parse("2026-01-06"));
        CHECK(live->facility() == first_clinic);
        CHECK(refusal(desk.correct("Chen", visit, right, "Again")) == "record.says_so");
        // By the name of the correction, too.
        right.at.date = *PartialDate::parse("2026-01-07");
        REQUIRE(desk.correct("Chen", done->events.front(), right, "Still wrong"));
        CHECK_FALSE(history_of(woman).amended.front().is_disputed);
        CHECK(refusal(desk.correct("Chen", visit, fact("2026-01-07", Dose{"cvx:118", {}, "A1"}),
                                   "Other kind")) == "event.other_kind");
        CHECK(fault_kinds().empty());
    }

    TEST_CASE_FIXTURE(DeskFixture, "officers link, unlink and transfer whom no clinic may") {
        const auto one = patient();
        const auto other = new_woman();
        say(second, other, registration());
        CHECK(refusal(desk.link("Chen", one, one, "Why")) == "woman.link_to_herself");
        CHECK(refusal(desk.link("Chen", one, new_woman(), "Why")) == "desk.no_woman");
        REQUIRE(desk.link("Chen", one, other, "Same number"));
        CHECK(history_of(one).members.size() == 2);
        CHECK(refusal(desk.link("Chen", other, one, "Again")) == "woman.linked_already");
        // Each clinic is told of what the other knows of her.
        REQUIRE(follows(at_first));
        REQUIRE(follows(at_second));
        CHECK(has(at_first, second, 1));
        CHECK(has(at_second, first, 2));
        REQUIRE(desk.unlink("Chen", one, other, "Sisters"));
        CHECK(history_of(one).members.size() == 1);
        CHECK(refusal(desk.unlink("Chen", one, other, "Again")) == "woman.not_linked");

        CHECK(refusal(desk.transfer("Chen", one, "C009", "Why")) == "central.no_clinic");
        CHECK(refusal(desk.transfer("Chen", one, first_clinic, "Why")) == "desk.in_its_care");
        REQUIRE(desk.transfer("Chen", one, second_clinic, "Moved"));
        CHECK(history_of(one).residences.back().facility == second_clinic);
        CHECK(history_of(one).unheeded.empty());
        CHECK(fault_kinds().empty());
    }

    TEST_CASE_FIXTURE(DeskFixture, "an append that breaks off leaves nothing half") {
        const auto woman = patient();
        const auto rows = [&] {
            return count(
                "SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM ingest)"
                " + (SELECT count(*) FROM device) + (SELECT count(*) FROM feed)"
                " + (SELECT count(*) FROM desk_act) + (SELECT count(*) FROM ruling)");
        };
        const auto before = rows();
        store->before_commit([] { throw std::runtime_error("the machine stops"); });
        CHECK_THROWS_AS((void)desk.void_fact("Chen", visit, "Why"), std::runtime_error);
        CHECK(rows() == before);
        reopen();
        CHECK(rows() == before);
        CentreDesk again(*store, centre, zone, clock, random);
        CHECK(holds(woman, visit));
        REQUIRE(again.void_fact("Chen", visit, "Why"));
        CHECK_FALSE(holds(woman, visit));
        CHECK(fault_kinds().empty());
    }
}

}  // namespace egret::central
