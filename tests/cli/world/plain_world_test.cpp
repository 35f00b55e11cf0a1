#include "cli/world/plain_world.h"

#include "registry/domain/entry_check.h"
#include "registry/domain/history.h"
#include "registry/domain/identity_number.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace egret::world {
namespace {

const WorldPlan small_plan{1500, 8, 5, 17};

std::string whole(const PlainWorld& world) {
    std::string text;
    for (std::uint64_t i = 0; i < world.plan().persons; ++i)
        text += codec::to_line(true_person(world.life(i), world)) + "\n";
    return text;
}

/// The entries of one life, as the logs of its clinics would hold them.
std::vector<LoggedEvent> logged(const Life& life, const PlainWorld& world) {
    constexpr std::int64_t day_ms = 86'400'000;
    std::vector<LoggedEvent> events;
    for (const auto& entry : life.entries) {
        if (entry.subject != life.id) continue;
        LoggedEvent made;
        made.event.uid = entry.uid;
        made.event.hlc = Hlc{}.next(instant_from_unix_ms(entry.day.days() * day_ms));
        made.event.subject = entry.subject;
        made.event.fact = entry.fact;
        made.order = {made.event.hlc, {}, events.size()};
        made.order.device.bytes[0] = static_cast<std::uint8_t>(entry.clinic);
        made.clinic = world.clinics()[entry.clinic].code;
        events.push_back(std::move(made));
    }
    return events;
}

std::set<std::string> as_lines(const codec::Person& person) {
    std::set<std::string> lines;
    for (auto event : person.events) {
        event.fact.at.recorded_on.reset();
        codec::Person one;
        one.id = "1";
        one.events.push_back(std::move(event));
        lines.insert(codec::to_line(one));
    }
    return lines;
}

}  // namespace

TEST_SUITE("cli/world/plain_world") {
    TEST_CASE("one seed makes one world, and another seed another") {
        const auto once = whole(PlainWorld({200, 4, 5, 1}));
        CHECK(once == whole(PlainWorld({200, 4, 5, 1})));
        CHECK(once != whole(PlainWorld({200, 4, 5, 2})));
    }

    TEST_CASE("the world ends on its fixed day, so many years after its beginning") {
        const PlainWorld world({1, 1, 3, 1});
        CHECK(world.first_day() == Date::from_ymd(2023, 1, 1));
        CHECK(world.last_day() == Date::from_ymd(2025, 12, 31));
    }

    TEST_CASE("clinics have names of their own and lie in all six districts") {
        const PlainWorld world({1, 800, 1, 1});
        std::set<std::string> names;
        std::set<std::string> areas;
        for (const auto& clinic : world.clinics()) {
            names.insert(clinic.name);
            areas.insert(clinic.area);
        }
        CHECK(names.size() == 800);
        CHECK(areas ==
              std::set<std::string>{"350203", "350205", "350206", "350211", "350212", "350213"});
        CHECK(world.clinics()[0].code == "C001");
        CHECK(world.clinics()[799].code == "C800");
    }

    TEST_CASE("every entry is one that a clinic may record on its day") {
        const PlainWorld world(small_plan);
        for (std::uint64_t i = 0; i < small_plan.persons; ++i) {
            const auto life = world.life(i);
            REQUIRE_FALSE(life.entries.empty());
            CHECK(std::holds_alternative<Register>(life.entries.front().fact.detail));
            Date before = world.first_day();
            for (const auto& entry : life.entries) {
                CHECK(before <= entry.day);
                before = entry.day;
                CHECK(entry.day <= world.last_day());
                CHECK(entry.clinic < world.clinics().size());
                CHECK(entry.fact.at.date.value().earliest() <= entry.day);
                CHECK(entry.fact.at.date.value().earliest() > *life.who.birth_date);
                auto fact = entry.fact;
                const auto checked = check_entry(fact);
                CHECK_MESSAGE(checked, type_name(entry.fact));
                CHECK(fact == entry.fact);
            }
        }
    }

    TEST_CASE("whatever was done elsewhere was done in a clinic of the world") {
        const PlainWorld world(small_plan);
        std::set<std::string> known;
        for (const auto& clinic : world.clinics()) known.insert(clinic.code);
        std::size_t elsewhere = 0;
        for (std::uint64_t i = 0; i < small_plan.persons; ++i) {
            const auto life = world.life(i);
            for (const auto& entry : life.entries) {
                const auto& facility = entry.fact.at.facility;
                if (facility.empty()) continue;
                CHECK(known.contains(facility));
                CHECK(facility != world.clinics()[entry.clinic].code);
                ++elsewhere;
            }
            for (const auto& event : true_person(life, world).events) {
                const bool is_known = known.contains(event.fact.at.facility);
                CHECK((is_known || (std::holds_alternative<Dose>(event.fact.detail) &&
                                    event.fact.at.source != Source::given_here)));
                const auto* transfer = std::get_if<Transfer>(&event.fact.detail);
                if (transfer) CHECK(known.contains(transfer->to_facility));
            }
        }
        CHECK(elsewhere > 10);
    }

    TEST_CASE("what was written down, folded, is what is true") {
        const PlainWorld world(small_plan);
        for (std::uint64_t i = 0; i < small_plan.persons; ++i) {
            const auto life = world.life(i);
            const auto told = true_person(life, world);
            const auto folded = codec::person_of(fold({life.id}, logged(life, world)));
            CHECK(told.id == folded.id);
            CHECK(told.who == folded.who);
            CHECK(told.facility == folded.facility);
            CHECK(as_lines(told) == as_lines(folded));
            REQUIRE(told.areas.size() == folded.areas.size());
            for (std::size_t area = 0; area < told.areas.size(); ++area) {
                CHECK(told.areas[area].code == folded.areas[area].code);
                CHECK(told.areas[area].from == folded.areas[area].from);
            }
        }
    }

    TEST_CASE("a line of the world is a person file that can be read") {
        const PlainWorld world({60, 4, 5, 9});
        for (std::uint64_t i = 0; i < 60; ++i) {
            const auto told = true_person(world.life(i), world);
            const auto line = codec::to_line(told);
            const auto read = codec::parse_person(line);
            REQUIRE(read);
            CHECK(codec::to_line(*read) == line);
            for (const auto& event : read->events) {
                CHECK(event.uid);
                CHECK(event.fact.at.recorded_on);
                CHECK(event.fact.at.source);
                if (event.fact.at.source == Source::given_here)
                    CHECK_FALSE(event.fact.at.facility.empty());
            }
        }
    }

    TEST_CASE("resident numbers are right, and nobody has another's") {
        // More people than a single round of numbers holds.
        const PlainWorld world({45'000, 3, 5, 4});
        std::set<std::string> numbers;
        std::size_t count = 0;
        for (std::uint64_t i = 0; i < world.plan().persons; i += i < 43'000 ? 7 : 1) {
            const auto life = world.life(i);
            for (const auto& identifier : life.who.identifiers) {
                const auto number = IdentityNumber::parse(identifier.kind, identifier.value);
                REQUIRE(number);
                CHECK(number->birth_date() == life.who.birth_date->earliest());
                CHECK(number->sex() == life.who.sex);
                numbers.insert(identifier.value);
                ++count;
            }
        }
        CHECK(numbers.size() == count);
    }

    TEST_CASE("the world is mixed as it should be") {
        const PlainWorld world({4000, 20, 5, 3});
        std::map<std::string, double> seen;  // Of each, how many for a person.
        for (std::uint64_t i = 0; i < 4000; ++i) {
            const auto life = world.life(i);
            const auto add = [&](const std::string& what, std::size_t number) {
                seen[what] += static_cast<double>(number) / 4000;
            };
            add("entries", life.entries.size());
            add("boys", life.who.sex == Sex::male ? 1 : 0);
            add("moved", life.areas.size() > 1 ? 1 : 0);
            add("no area", life.areas.empty() ? 1 : 0);
            for (const auto& entry : life.entries) {
                const auto& at = entry.fact.at;
                add(std::string(type_name(entry.fact)), 1);
                add("elsewhere", entry.clinic != life.clinic ? 1 : 0);
                add("not done", at.status == EventStatus::not_done ? 1 : 0);
                const bool is_here = at.source == Source::given_here;
                add("late", is_here && entry.day > at.date->earliest().plus_days(20) ? 1 : 0);
                if (const auto* dose = std::get_if<Dose>(&entry.fact.detail))
                    add("substandard", dose->substandard.value_or(false) ? 1 : 0);
            }
        }
        const auto is_about = [&](const std::string& what, double low, double high) {
            CAPTURE(what);
            CHECK(seen[what] >= low);
            CHECK(seen[what] <= high);
        };
        is_about("entries", 5.5, 8);
        is_about("boys", 0.03, 0.05);
        is_about("moved", 0.03, 0.06);
        is_about("no area", 0.005, 0.02);
        is_about("dose", 0.4, 0.7);
        is_about("not done", 0.003, 0.03);
        is_about("substandard", 0.003, 0.03);
        is_about("hpv_test", 0.5, 0.9);
        is_about("cytology", 0.3, 0.6);
        is_about("via", 0.02, 0.1);
        is_about("colposcopy", 0.01, 0.06);
        is_about("histology", 0.005, 0.05);
        is_about("treatment", 0.005, 0.03);
        is_about("flag", 0.02, 0.08);
        is_about("death", 0.005, 0.02);
        is_about("transfer", 0.005, 0.02);
        is_about("correct", 0.03, 0.1);
        is_about("void", 0.04, 0.12);
        is_about("late", 0.2, 0.9);
        is_about("elsewhere", 0.003, 0.05);
    }
}

}  // namespace egret::world
