#include "registry/domain/history.h"

#include "registry/base/random.h"
#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret {
namespace {

using tests::day;
using tests::fact;
using tests::logged;
using tests::uid;
using tests::woman;

Register registered(const char* area = "350203") {
    Register detail;
    detail.who.birth_date = *PartialDate::parse("1985-03-04");
    detail.who.sex = Sex::female;
    detail.who.area = area;
    return detail;
}

DemographicsChange moved_to(const char* area) {
    DemographicsChange detail;
    detail.who.area = area;
    return detail;
}

History fold_one(std::vector<LoggedEvent> events) { return fold({woman(1)}, std::move(events)); }

TEST_SUITE("registry/domain/history") {
    TEST_CASE("a voided fact is gone, and voiding the void brings it back") {
        std::vector<LoggedEvent> events = {
            logged(1, fact("2026-01-01", registered())),
            logged(2, fact("2026-02-01", HpvTest{HpvResult::positive, {HpvType::hpv16}, {}})),
            logged(3, fact("2026-02-02", VoidFact{uid(2)})),
        };
        CHECK(fold_one(events).facts.size() == 1);
        events.push_back(logged(4, fact("2026-02-03", VoidFact{uid(3)})));
        const auto back = fold_one(events);
        REQUIRE(back.facts.size() == 2);
        CHECK(back.facts[1].uid == uid(2));
    }

    TEST_CASE("whose registration is voided while results hold is known by it, and in no figure") {
        auto whole = registered();
        whole.who.names = {{NameUse::official, "王小丽", {}}};
        std::vector<LoggedEvent> events = {
            logged(1, fact("2026-01-01", whole)),
            logged(2, fact("2026-02-01", HpvTest{HpvResult::positive, {HpvType::hpv16}, {}})),
            logged(3, fact("2026-02-02", VoidFact{uid(1)})),
        };
        const auto left = fold_one(events);
        CHECK(left.is_registration_voided);
        CHECK(left.facts.size() == 1);
        CHECK(left.who.names == whole.who.names);
        CHECK_FALSE(left.registered_on);
        events.push_back(logged(4, fact("2026-02-03", VoidFact{uid(2)})));
        CHECK_FALSE(fold_one(events).is_registration_voided);
        CHECK(fold_one(events).who == Demographics{});
        events.pop_back();
        events.push_back(logged(4, fact("2026-02-03", VoidFact{uid(3)})));
        CHECK_FALSE(fold_one(events).is_registration_voided);
        CHECK(fold_one(events).registered_on);
    }

    TEST_CASE("the last correction in order holds, also one that corrects a correction") {
        const auto test = [](HpvResult result) {
            return fact("2026-02-01", HpvTest{result, {}, {}});
        };
        std::vector<LoggedEvent> events = {
            logged(1, test(HpvResult::positive)),
            logged(2, fact("2026-02-02", Correct{uid(1), {test(HpvResult::invalid)}})),
            logged(3, fact("2026-02-03", Correct{uid(2), {test(HpvResult::negative)}})),
        };
        const auto history = fold_one(events);
        REQUIRE(history.facts.size() == 1);
        CHECK(history.facts[0].uid == uid(1));
        CHECK(history.facts[0].is_corrected);
        CHECK(std::get<HpvTest>(history.facts[0].fact.detail).result == HpvResult::negative);

        events.push_back(logged(4, fact("2026-02-04", VoidFact{uid(3)})));
        const auto again = fold_one(events);
        CHECK(std::get<HpvTest>(again.facts[0].fact.detail).result == HpvResult::invalid);
    }

    TEST_CASE("a correction into another kind of fact has no effect") {
        const auto history = fold_one({
            logged(1, fact("2026-02-01", Via{ViaResult::positive})),
            logged(2, fact("2026-02-02", Correct{uid(1), {fact("2026-02-01", Visit{})}})),
        });
        REQUIRE(history.facts.size() == 1);
        CHECK(std::holds_alternative<Via>(history.facts[0].fact.detail));
    }

    TEST_CASE("a fact marked as entered in error doesn't count") {
        auto error = fact("2026-02-01", Via{ViaResult::positive});
        error.at.status = EventStatus::entered_in_error;
        CHECK(fold_one({logged(1, error)}).facts.empty());
    }

    TEST_CASE("she lives where the last word on that day says, however late it came") {
        const auto history = fold_one({
            logged(1, fact("2026-01-10", registered("350203"))),
            logged(2, fact("2026-06-01", moved_to("350212"))),
            logged(3, fact("2026-03-01", moved_to("350205"))),
        });
        REQUIRE(history.residences.size() == 3);
        CHECK(history.residences[1] == Residence{day("2026-03-01"), "350205", "C1", true});
        CHECK(history.residences[2] == Residence{day("2026-06-01"), "350212", "C1", true});
        CHECK(history.who.area == "350212");
    }

    TEST_CASE("a transfer changes who cares for her, from its day on") {
        const auto history = fold_one({
            logged(1, fact("2026-01-10", registered())),
            logged(2, fact("2026-02-10", Transfer{"C2", ""})),
        });
        REQUIRE(history.residences.size() == 2);
        CHECK(history.residences[1].facility == "C2");
        CHECK(history.residences[1].area == "350203");
    }

    TEST_CASE("what is said later of who she is replaces only what it says") {
        DemographicsChange change;
        change.who.phones = {"13900000000"};
        const auto history = fold_one({
            logged(1, fact("2026-01-10", registered())),
            logged(2, fact("2026-02-10", change)),
        });
        CHECK(history.who.phones.size() == 1);
        CHECK(history.who.sex == Sex::female);
        CHECK(history.registered_on == day("2026-01-10"));
    }

    TEST_CASE("two voids that name each other make no endless question") {
        const auto history = fold_one({
            logged(1, fact("2026-02-01", VoidFact{uid(2)})),
            logged(2, fact("2026-02-01", VoidFact{uid(1)})),
            logged(3, fact("2026-02-01", Visit{})),
        });
        CHECK(history.facts.size() == 1);
    }

    TEST_CASE("any order and any repetition of the facts gives the same history") {
        std::vector<LoggedEvent> events = {
            logged(1, fact("2026-01-10", registered())),
            logged(2, fact("2026-02-01", Dose{"cvx:165", {}, "L1"})),
            logged(3, fact("2026-02-02",
                           Correct{uid(2), {fact("2026-02-03", Dose{"cvx:62", {}, ""})}})),
            logged(4, fact("2026-03-01", moved_to("350205"))),
            logged(5, fact("2026-03-01", Visit{})),
            logged(6, fact("2026-03-02", VoidFact{uid(5)})),
            logged(7, fact("2026-04-01", Flag{"no_cervix", {}, {}})),
            logged(8, fact("2026-05-01", Death{})),
        };
        const auto expected = fold_one(events);
        SeededRandom random(7);
        for (int round = 0; round < 200; ++round) {
            auto shuffled = events;
            for (int extra = 0; extra < 3; ++extra)
                shuffled.push_back(events[random.below(events.size())]);
            for (std::size_t i = shuffled.size(); i > 1; --i)
                std::swap(shuffled[i - 1], shuffled[random.below(i)]);
            const auto folded = fold_one(shuffled);
            REQUIRE(folded.facts.size() == expected.facts.size());
            for (std::size_t i = 0; i < folded.facts.size(); ++i) {
                CHECK(folded.facts[i].uid == expected.facts[i].uid);
                CHECK(folded.facts[i].fact == expected.facts[i].fact);
            }
            CHECK(folded.residences == expected.residences);
            CHECK(folded.who == expected.who);
            CHECK(folded.died_on == expected.died_on);
        }
    }
}

}  // namespace
}  // namespace egret
