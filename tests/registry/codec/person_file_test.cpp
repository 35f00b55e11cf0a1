#include "registry/codec/person_file.h"

#include "tests/support/facts.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using tests::day;
using tests::fact;
using tests::logged;

TEST_SUITE("registry/codec/person_file") {
    TEST_CASE("a person comes back, with the members that we don't know") {
        const char* line =
            R"({"id":"c-17","names":[{"use":"official","text":"王小丽"}],"birth_date":"1980-01-01",)"
            R"("sex":"female","on":"2021-06-02","area":[{"code":"350203","from":"2019-01-01"}],)"
            R"("facility":"C1","flags":[{"code":"hiv","from":"2015-03-01","seen":"card"}],)"
            R"("events":[{"type":"cytology","date":"2019-05-01","results":["ASC-US"],"lab":7},)"
            R"({"type":"dose","date":"2025-11-10","product":"cvx:165",)"
            R"("uid":"000102030405060708090a0b0c0d0e0f"}],"pet":{"name":"cat"}})";
        const auto person = codec::parse_person(line);
        REQUIRE(person);
        CHECK(person->id == "c-17");
        CHECK(person->events.size() == 3);
        CHECK(codec::to_line(*person) == line);
    }

    TEST_CASE("a line that can't be used says which member is wrong") {
        const std::pair<const char*, const char*> cases[] = {
            {R"([1])", ""},
            {R"({"birth_date":"1980"})", "id"},
            {R"({"id":7})", "id"},
            {R"({"id":"a","birth_date":"1980-13"})", "birth_date"},
            {R"({"id":"a","sex":"woman"})", "sex"},
            {R"({"id":"a","on":"today"})", "on"},
            {R"({"id":"a","area":[{"from":"2019-01-01"}]})", "area[0]"},
            {R"({"id":"a","events":{}})", "events"},
            {R"({"id":"a","events":[{"type":"visit"},{"type":"doze"}]})", "events[1].type"},
            {R"({"id":"a","events":[{"type":"visit","uid":"12"}]})", "events[0].uid"},
            {R"({"id":"a","flags":[{"from":"2019"}]})", "flags[0].code"},
        };
        for (const auto& [line, field] : cases) {
            const auto& shown = line;  // clang++ 14 captures no structured binding.
            CAPTURE(shown);
            const auto refused = codec::parse_person(line);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().field == field);
        }
    }

    TEST_CASE("an event of a type that isn't known is passed over where that is asked for") {
        const auto line = R"({"id":"a","events":[{"type":"visit"},{"type":"teleconsultation",)"
                          R"("date":"2020-01-01"},{"type":"teleconsultation"}]})";
        CHECK_FALSE(codec::parse_person(line));
        const auto person = codec::parse_person(line, codec::UnknownEvents::pass_over);
        REQUIRE(person);
        CHECK(person->events.size() == 1);
        CHECK(person->unknown_types ==
              std::vector<std::string>{"teleconsultation", "teleconsultation"});
        // One that is but misspelt may be a dose.
        CHECK_FALSE(codec::parse_person(R"({"id":"a","events":[{"type":"doze"}]})",
                                        codec::UnknownEvents::pass_over));
    }

    TEST_CASE("a person becomes a registration, her moves and her events") {
        const auto person = codec::parse_person(
            R"({"id":"a","birth_date":"1980-01-01","sex":"female","facility":"C2",)"
            R"("area":[{"code":"350203"},{"code":"350212","from":"2024-05-01"}],)"
            R"("events":[{"type":"visit","date":"2020-01-01"},)"
            R"({"type":"register","date":"2019-01-01","facility":"C3"}]})");
        REQUIRE(person);
        const auto facts = codec::facts_of(*person, day("2026-01-01"));
        REQUIRE(facts.size() == 3);
        const auto& registered = std::get<Register>(facts[0].fact.detail);
        CHECK(facts[0].fact.at.date == PartialDate(day("2019-01-01")));
        CHECK(facts[0].fact.at.facility == "C3");
        CHECK(registered.who.area == "350203");
        CHECK(registered.who.sex == Sex::female);
        CHECK(std::get<DemographicsChange>(facts[1].fact.detail).who.area == "350212");
        CHECK(std::holds_alternative<Visit>(facts[2].fact.detail));
    }

    TEST_CASE("what is told of a history says again what it says") {
        Register registered;
        registered.who.birth_date = *PartialDate::parse("1980-01-01");
        registered.who.sex = Sex::female;
        registered.who.area = "350203";
        DemographicsChange moved;
        moved.who.area = "350212";
        const auto history =
            fold({tests::woman(1)}, {
                                        logged(1, fact("2019-01-01", registered)),
                                        logged(2, fact("2020-01-01", Dose{"cvx:165", {}, ""})),
                                        logged(3, fact("2020-02-01", moved)),
                                        logged(4, fact("2020-03-01", Flag{"hiv", {}, {}})),
                                        logged(5, fact("2020-03-01", Visit{})),
                                        logged(6, fact("2020-03-01", VoidFact{tests::uid(5)})),
                                    });
        const auto told = codec::parse_person(codec::to_line(codec::person_of(history)));
        REQUIRE(told);
        std::vector<LoggedEvent> events;
        std::uint8_t n = 1;
        for (auto& event : codec::facts_of(*told, day("2026-01-01")))
            events.push_back(logged(n++, std::move(event.fact)));
        const auto again = fold({tests::woman(1)}, std::move(events));
        CHECK(again.who == history.who);
        CHECK(again.residences == history.residences);
        CHECK(again.registered_on == history.registered_on);
        CHECK(again.facts.size() == history.facts.size());
    }
}

}  // namespace
}  // namespace egret
