#include "registry/domain/demographics.h"

#include "registry/domain/history.h"
#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret {
namespace {

using tests::fact;
using tests::logged;
using tests::said_at;
using tests::uid;
using tests::woman;

Demographics born(const char* date) {
    Demographics who;
    who.birth_date = *PartialDate::parse(date);
    return who;
}

Demographics named(const char* name) {
    Demographics who;
    who.names = {{NameUse::official, name, {}}};
    return who;
}

LoggedEvent registers(std::uint8_t n, const char* clinic, Demographics who) {
    return said_at(clinic, logged(n, fact("2026-01-10", Register{std::move(who)})));
}

/// The n-th fact, at minute n, by the clinic's one machine.
LoggedEvent says(std::uint8_t n, const char* clinic, Demographics who,
                 std::vector<EventUid> replaces = {}) {
    auto made = said_at(clinic, logged(n, fact("2026-02-01", DemographicsChange{std::move(who)})));
    made.event.supersedes = std::move(replaces);
    return made;
}

History fold_one(std::vector<LoggedEvent> events) { return fold({woman(1)}, std::move(events)); }

std::string birth_of(const History& history) {
    return history.who.birth_date ? history.who.birth_date->to_string() : "";
}

bool is_disputed(const History& history, WhoField field) {
    return std::count(history.disputed.begin(), history.disputed.end(), field) > 0;
}

const SaidField& said_by(const History& history, WhoField field, std::uint8_t n) {
    const auto found = std::find_if(
        history.said.begin(), history.said.end(),
        [&](const SaidField& said) { return said.field == field && said.uid == uid(n); });
    REQUIRE(found != history.said.end());
    return *found;
}

TEST_SUITE("registry/domain/demographics") {
    TEST_CASE("of two edits that don't know of each other none is lost, and a person is asked") {
        const auto first = registers(1, "C1", born("1985"));
        const auto one = says(2, "C1", born("1985-03-04"), {uid(1)});
        const auto other = says(3, "C2", born("1985-04-03"), {uid(1)});
        const auto history = fold_one({first, one, other});
        CHECK(birth_of(history) == "1985-04-03");
        CHECK(history.disputed == std::vector{WhoField::birth_date});
        CHECK(said_by(history, WhoField::birth_date, 2).stands);
        CHECK_FALSE(said_by(history, WhoField::birth_date, 2).is_shown);
        CHECK(said_by(history, WhoField::birth_date, 3).is_shown);
        CHECK_FALSE(said_by(history, WhoField::birth_date, 1).stands);
        CHECK(said_by(history, WhoField::birth_date, 2).replaced == std::vector{uid(1)});

        // Somebody who sees both settles it, even by what was said.
        const auto replaced = replaced_by(born("1985-03-04"), history.said);
        CHECK(replaced == std::vector{uid(3), uid(2)});
        const auto settled =
            fold_one({first, one, other, says(4, "C2", born("1985-03-04"), replaced)});
        CHECK(birth_of(settled) == "1985-03-04");
        CHECK(settled.disputed.empty());
        // By order, as they stood.
        CHECK(said_by(settled, WhoField::birth_date, 4).replaced == std::vector{uid(2), uid(3)});
    }

    TEST_CASE("who says the same is in no dispute, in whatever order lists stand") {
        auto two = named("王小丽");
        two.names.push_back({NameUse::romanised, "Wang Xiaoli", {}});
        auto turned = two;
        std::reverse(turned.names.begin(), turned.names.end());
        CHECK(fold_one({registers(1, "C1", two), says(2, "C2", turned)}).disputed.empty());
        CHECK(is_disputed(fold_one({registers(1, "C1", two), says(2, "C2", named("王小丽"))}),
                          WhoField::names));
        // What is not known as well is another date.
        CHECK(is_disputed(
            fold_one({registers(1, "C1", born("1985-03-04")), says(2, "C2", born("1985"))}),
            WhoField::birth_date));
    }

    TEST_CASE("a phone or an address is nobody's dispute: the last one is taken") {
        Demographics here;
        here.phones = {"13900000001"};
        here.address = "鹭江道 1 号";
        Demographics there;
        there.phones = {"13900000002"};
        const auto history = fold_one({registers(1, "C1", here), says(2, "C2", there)});
        CHECK(history.who.phones == there.phones);
        CHECK(history.who.address == here.address);
        CHECK(history.disputed.empty());
        CHECK(said_by(history, WhoField::phones, 1).stands);
    }

    TEST_CASE("what was seen is replaced, whatever the clocks say") {
        auto first = registers(1, "C1", born("1985-03-04"));
        auto edit = says(2, "C2", born("1986-03-04"), {uid(1)});
        edit.order.effective = Hlc{}.next(instant_from_unix_ms(1'000'000'000'000));  // Years ago.
        const auto history = fold_one({first, edit});
        CHECK(birth_of(history) == "1986-03-04");
        CHECK(history.disputed.empty());

        // Also by the same machine's own log, without naming it.
        auto later = says(3, "C1", born("1987"));
        later.order.effective = edit.order.effective;
        CHECK(birth_of(fold_one({first, later})) == "1987");

        // By way of others, even if these were voided since.
        auto last = says(4, "C3", born("1988"), {uid(2)});
        last.order.effective = edit.order.effective;
        auto voided = said_at("C2", logged(5, fact("2026-03-01", VoidFact{uid(2)})));
        const auto by_way = fold_one({first, edit, last, voided});
        CHECK(birth_of(by_way) == "1988");
        CHECK(by_way.disputed.empty());
    }

    TEST_CASE("an edit replaces only the members that it says") {
        const auto first = registers(1, "C1", born("1985-03-04"));
        const auto renamed = says(2, "C2", named("王小丽"), {uid(1)});
        const auto other = says(3, "C3", born("1985-04-03"));
        const auto history = fold_one({first, renamed, other});
        CHECK(is_disputed(history, WhoField::birth_date));
        CHECK_FALSE(is_disputed(history, WhoField::names));
        CHECK(replaced_by(named("王小莉"), history.said) == std::vector{uid(2)});
    }

    TEST_CASE("records of one machine that were linked were not made knowing of each other") {
        const auto one = registers(1, "C1", born("1985-03-04"));
        auto other = registers(2, "C1", born("1985-04-03"));
        other.event.subject = woman(2);
        const auto history = fold({woman(1), woman(2)}, {one, other});
        CHECK(is_disputed(history, WhoField::birth_date));
        const auto settled =
            fold({woman(1), woman(2)},
                 {one, other,
                  says(3, "C1", born("1985-03-04"), replaced_by(born("1985"), history.said))});
        CHECK(settled.disputed.empty());
        CHECK(birth_of(settled) == "1985-03-04");
    }

    TEST_CASE("facts that name each other in circles are believed by their logs alone") {
        auto one = says(2, "C1", born("1985-03-04"), {uid(3)});
        auto other = says(3, "C2", born("1985-04-03"), {uid(2)});
        const auto history = fold_one({registers(1, "C1", born("1984")), one, other});
        CHECK(birth_of(history) == "1985-04-03");
        CHECK(is_disputed(history, WhoField::birth_date));
        CHECK_FALSE(said_by(history, WhoField::birth_date, 1).stands);
        auto herself = says(2, "C1", born("1985-03-04"), {uid(2)});
        CHECK(birth_of(fold_one({herself})) == "1985-03-04");
    }

    TEST_CASE("a school's area goes with the school, and a home area with its day") {
        const auto pupil = [](const char* school, const char* area) {
            Demographics who;
            who.school = school;
            who.school_area = area;
            return who;
        };
        const auto shown = [&](std::vector<LoggedEvent> events) {
            const auto who = fold_one(std::move(events)).who;
            return who.school + "/" + who.school_area;
        };
        const auto first = registers(1, "C1", pupil("一小", "350203"));
        CHECK(shown({first}) == "一小/350203");
        CHECK(shown({first, says(2, "C1", pupil("二小", ""))}) == "二小/");
        CHECK(shown({first, says(2, "C1", pupil("", "350205"))}) == "一小/350205");
        CHECK(shown({first, says(2, "C1", pupil("二小", "")), says(3, "C1", pupil("一小", ""))}) ==
              "一小/");

        Demographics home;
        home.area = "350203";
        auto moved = says(2, "C1", home);
        moved.event.fact.at.date = *PartialDate::parse("2025-01-01");
        home.area = "350205";
        const auto history = fold_one({registers(1, "C1", home), moved});
        CHECK(history.who.area == "350205");
        CHECK(said_by(history, WhoField::area, 1).is_shown);
        CHECK_FALSE(said_by(history, WhoField::area, 2).is_shown);
    }

    TEST_CASE("two corrections that don't know of each other are both kept, and looked at") {
        const auto test = [](HpvResult result) {
            return fact("2026-02-01", HpvTest{result, {}, {}});
        };
        const auto corrects = [&](std::uint8_t n, std::uint8_t device, HpvResult to) {
            auto made = logged(n, fact("2026-02-02", Correct{uid(1), {test(to)}}));
            made.order.device.bytes[15] = device;
            made.event.supersedes = {uid(1)};
            return made;
        };
        const auto first = logged(1, test(HpvResult::unknown));
        const auto one = corrects(2, 1, HpvResult::negative);
        auto other = corrects(3, 2, HpvResult::positive);
        const auto history = fold_one({first, one, other});
        CHECK(std::get<HpvTest>(history.facts.at(0).fact.detail).result == HpvResult::positive);
        CHECK(history.amended.at(0).is_disputed);
        CHECK(history.amended.at(0).versions.size() == 3);
        CHECK_FALSE(
            fold_one({first, one, corrects(3, 2, HpvResult::negative)}).amended.at(0).is_disputed);
        CHECK_FALSE(
            fold_one({first, one, corrects(3, 1, HpvResult::positive)}).amended.at(0).is_disputed);
        other.event.supersedes = {uid(2)};
        CHECK_FALSE(fold_one({first, one, other}).amended.at(0).is_disputed);
    }

    TEST_CASE("whatever the order in which six facts come, they give one history") {
        auto first = born("1985");
        first.names = {{NameUse::official, "王小丽", {}}};
        first.sex = Sex::female;
        auto moved = born("1985-04-03");
        moved.phones = {"13900000002"};
        const std::vector<LoggedEvent> events = {
            registers(1, "C1", first),
            says(2, "C1", born("1985-03-04"), {uid(1)}),
            says(3, "C2", moved, {uid(1)}),
            said_at("C3", logged(4, fact("2026-03-01", VoidFact{uid(3)}))),
            said_at("C2", logged(5, fact("2026-03-02", Transfer{"C4", ""}))),
            says(6, "C3", named("王小莉")),
        };
        const auto expected = fold_one(events);
        CHECK(expected.disputed == std::vector{WhoField::names, WhoField::birth_date});
        CHECK(expected.unheeded.size() == 2);
        std::vector<std::size_t> places = {0, 1, 2, 3, 4, 5};
        std::size_t count = 0;
        do {
            std::vector<LoggedEvent> arrived;
            for (const auto place : places) arrived.push_back(events[place]);
            arrived.push_back(events[places[count % 6]]);  // One of them twice.
            REQUIRE(fold_one(arrived) == expected);
            ++count;
        } while (std::next_permutation(places.begin(), places.end()));
        CHECK(count == 720);
    }
}

}  // namespace
}  // namespace egret
