// Facts without effect, and what officers make of them.

#include "tests/sync/central/desk_fixture.h"

#include <doctest/doctest.h>

namespace egret::central {
namespace {

using tests::DeskFixture;
using tests::fact;

struct RulingFixture : DeskFixture {
    /// The second clinic takes back what isn't its own.
    EventUid foreign_void(const WomanId& her) { return say(second, her, VoidFact{dose}); }

    /// A fact that says what none of its kind may say.
    EventUid invalid(const WomanId& her) { return say(first, her, Specimen{}); }
};

}  // namespace

TEST_SUITE("sync/central/desk_rulings") {
    TEST_CASE_FIXTURE(RulingFixture,
                      "a void by another clinic counts for nothing until an officer accepts it") {
        const auto her = girl();
        CHECK(vaccinated() == 1);
        const auto said = foreign_void(her);
        CHECK(vaccinated() == 1);
        REQUIRE(waiting().size() == 1);
        CHECK(waiting().front().event == said);
        CHECK(waiting().front().type == "void");
        CHECK(waiting().front().reason == "other_clinic");
        CHECK(waiting().front().clinic == second_clinic);
        CHECK(waiting().front().device == second.device.id);
        const auto day_before = today();

        next_day();
        REQUIRE(desk.accept("Chen", said, "The first clinic agrees"));
        CHECK(vaccinated() == 0);
        CHECK(vaccinated(day_before) == 1);
        CHECK(waiting().empty());
        CHECK(history_of(her).unheeded.empty());
        CHECK(fault_kinds().empty());
        const auto kept = projections();
        NoProgress nobody;
        REQUIRE(store->rebuild(nobody));
        CHECK(projections() == kept);

        // Both clinics hear of it.
        REQUIRE(follows(at_first));
        REQUIRE(follows(at_second));
        CHECK(at_first.accepted == std::set{said});
        CHECK(at_second.accepted == std::set{said});
    }

    TEST_CASE_FIXTURE(RulingFixture,
                      "what was ruled once is ruled otherwise, and not twice alike") {
        const auto her = girl();
        const auto said = foreign_void(her);
        REQUIRE(desk.accept("Chen", said, "Yes"));
        CHECK(refusal(desk.accept("Chen", said, "Yes")) == "desk.ruled_so");
        CHECK(vaccinated() == 0);
        const auto first_day = today();
        next_day();
        REQUIRE(desk.refuse("Chen", said, "No, after all"));
        CHECK(vaccinated() == 1);
        CHECK(vaccinated(first_day) == 0);
        CHECK(refusal(desk.refuse("Chen", said, "No")) == "desk.ruled_so");
        // It is settled: nobody waits for a word on it, and who made it is told.
        CHECK(waiting().empty());
        REQUIRE(follows(at_second));
        CHECK(at_second.refused == std::map<EventUid, std::string>{{said, refused_by_officer}});
        REQUIRE(history_of(her).refused.size() == 1);
        CHECK(history_of(her).refused.front().reason == refused_by_officer);
        next_day();
        REQUIRE(desk.accept("Chen", said, "Yes"));
        CHECK(vaccinated() == 0);
        CHECK(fault_kinds().empty());
        const auto kept = projections();
        NoProgress nobody;
        REQUIRE(store->rebuild(nobody));
        CHECK(projections() == kept);
    }

    TEST_CASE_FIXTURE(RulingFixture, "a fact that was refused when it came is told once it holds") {
        const auto her = girl();
        REQUIRE(desk.transfer("Chen", her, second_clinic, "Moved"));
        const auto odd = invalid(her);
        REQUIRE(waiting().size() == 1);
        CHECK(waiting().front().reason == "invalid");
        CHECK_FALSE(holds(her, odd));
        REQUIRE(follows(at_second));
        CHECK_FALSE(has(at_second, first, 3));
        REQUIRE(desk.accept("Chen", odd, "The laboratory says so"));
        CHECK(holds(her, odd));
        REQUIRE(follows(at_second));
        CHECK(has(at_second, first, 3));
        CHECK(at_second.accepted == std::set{odd});
        REQUIRE(follows(at_first));
        CHECK(at_first.refused.empty());
        CHECK(at_first.accepted == std::set{odd});
        REQUIRE(desk.refuse("Chen", odd, "It doesn't"));
        CHECK_FALSE(holds(her, odd));
        REQUIRE(follows(at_second));
        CHECK(at_second.refused.contains(odd));
        CHECK(fault_kinds().empty());
    }

    TEST_CASE_FIXTURE(RulingFixture, "who begins with a snapshot hears of all rulings") {
        const auto her = girl();
        REQUIRE(desk.transfer("Chen", her, second_clinic, "Moved"));
        const auto odd = invalid(her);
        const auto said = foreign_void(her);
        const auto other = say(second, her, Visit{});
        REQUIRE(desk.accept("Chen", said, "Yes"));
        REQUIRE(desk.accept("Chen", odd, "Yes"));
        REQUIRE(desk.refuse("Chen", odd, "No"));
        auto third = join(second_clinic);
        auto late = follower(third);
        REQUIRE(follows(late));
        CHECK(late.snapshots == 1);
        CHECK(late.accepted == std::set{said});
        CHECK(late.refused.contains(odd));
        CHECK_FALSE(has(late, first, 3));
        CHECK(holds(her, other));
    }

    TEST_CASE_FIXTURE(RulingFixture, "a link by strangers joins nobody until it is accepted") {
        const auto one = girl();
        const auto other = new_woman();
        say(first, other, registration());
        const auto said = say(second, one, Link{other, "Same name"});
        CHECK(history_of(one).members.size() == 1);
        REQUIRE(waiting().size() == 1);
        CHECK(waiting().front().reason == "not_in_care");
        REQUIRE(desk.accept("Chen", said, "Yes"));
        CHECK(history_of(one).members.size() == 2);
        CHECK(waiting().empty());
        REQUIRE(desk.refuse("Chen", said, "No"));
        CHECK(history_of(one).members.size() == 1);
        CHECK(fault_kinds().empty());
        const auto kept = projections();
        NoProgress nobody;
        REQUIRE(store->rebuild(nobody));
        CHECK(projections() == kept);
    }

    TEST_CASE_FIXTURE(RulingFixture, "a transfer by strangers moves her once it is accepted") {
        const auto her = girl();
        auto third = join(add_clinic());
        const auto said = say(third, her, transfer_to(second_clinic));
        CHECK(history_of(her).residences.back().facility == first_clinic);
        REQUIRE(desk.accept("Chen", said, "Yes"));
        CHECK(history_of(her).residences.back().facility == second_clinic);
        // Where she is now hears of her.
        REQUIRE(follows(at_second));
        CHECK(has(at_second, first, 1));
        CHECK(at_second.accepted.contains(said));
        CHECK(vaccinated() == 1);
        CHECK(fault_kinds().empty());
    }

    TEST_CASE_FIXTURE(RulingFixture, "what counts, is nowhere or can't be read is not ruled on") {
        const auto her = girl();
        CHECK(refusal(desk.accept("Chen", dose, "Why")) == "desk.counts");
        CHECK(refusal(desk.refuse("Chen", dose, "Why")) == "desk.counts");
        CHECK(refusal(desk.accept("Chen", make_random_id<EventTag>(random), "Why")) ==
              "event.unknown");
        const auto order = say(second, her, Erase{});
        REQUIRE(waiting().size() == 1);
        CHECK(waiting().front().reason == "centre_only");
        CHECK(refusal(desk.accept("Chen", order, "Why")) == "desk.erasure_is_ours");
        CHECK(refusal(desk.accept("Nobody", order, "Why")) == "central.no_officer");
        CHECK(refusal(desk.accept("Chen", order, "")) == "desk.needs_reason");
        CHECK(count("SELECT count(*) FROM ruling") == 0);
        CHECK(count("SELECT count(*) FROM desk_act") == 0);
    }

    TEST_CASE_FIXTURE(RulingFixture, "a ruling that breaks off leaves nothing half") {
        const auto her = girl();
        const auto said = foreign_void(her);
        const auto before = projections();
        store->before_commit([] { throw std::runtime_error("the machine stops"); });
        CHECK_THROWS_AS((void)desk.accept("Chen", said, "Yes"), std::runtime_error);
        CHECK(projections() == before);
        CHECK(count("SELECT count(*) FROM ruling") == 0);
        store->before_commit([] {});
        CHECK(waiting().size() == 1);
        REQUIRE(desk.accept("Chen", said, "Yes"));
        CHECK(vaccinated() == 0);
        CHECK(fault_kinds().empty());
    }
}

}  // namespace egret::central
