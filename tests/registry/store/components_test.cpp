#include "registry/store/components.h"

#include "registry/base/random.h"
#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret::store {
namespace {

using tests::fact;
using tests::logged;
using tests::said_at;
using tests::uid;
using tests::woman;

LoggedEvent registers(std::uint8_t n, const char* clinic) {
    return said_at(clinic, logged(n, fact("2026-01-10", Register{}), woman(n)));
}

LoggedEvent links(std::uint8_t n, const char* clinic) {
    return said_at(clinic, logged(n, fact("2026-02-01", Link{woman(2), "same number"}), woman(1)));
}

LoggedEvent parts(std::uint8_t n, const char* clinic) {
    return said_at(clinic, logged(n, fact("2026-02-02", Unlink{woman(2)}), woman(1)));
}

std::vector<Component> split(const std::vector<LoggedEvent>& more) {
    std::vector<LoggedEvent> events = {registers(1, "C1"), registers(2, "C2")};
    events.insert(events.end(), more.begin(), more.end());
    return split_components({woman(1), woman(2)}, std::move(events));
}

TEST_SUITE("registry/store/components") {
    TEST_CASE("a clinic that has to do with neither joins nobody and parts nobody") {
        const auto apart = split({links(3, "C3")});
        REQUIRE(apart.size() == 2);
        const auto history = history_of(apart[0]);
        CHECK(history.facts.size() == 1);
        REQUIRE(history.unheeded.size() == 1);
        CHECK(history.unheeded[0].uid == uid(3));
        CHECK(history.unheeded[0].why == WhyUnheeded::not_in_care);
        CHECK(history_of(apart[1]).unheeded.empty());

        for (const char* clinic : {"C1", "C2", "CENTRE"}) {
            CAPTURE(clinic);
            CHECK(split({links(3, clinic)}).size() == 1);
            CHECK(split({links(3, "C1"), parts(4, clinic)}).size() == 2);
        }
        const auto joined = split({links(3, "C1"), parts(4, "C3")});
        REQUIRE(joined.size() == 1);
        CHECK(history_of(joined[0]).unheeded.at(0).uid == uid(4));
        CHECK(
            split({links(3, "C1"), said_at("C2", logged(4, fact("", VoidFact{uid(3)}), woman(1)))})
                .size() == 1);
    }

    TEST_CASE(
        "a clinic to which one was sent joins her, and no stranger by sending her to itself") {
        const auto sent = [](std::uint8_t n, const char* clinic) {
            return said_at(clinic, logged(n, fact("2026-01-20", Transfer{"C3", ""}), woman(2)));
        };
        CHECK(split({sent(3, "C2"), links(4, "C3")}).size() == 1);
        CHECK(split({sent(3, "C4"), links(4, "C4")}).size() == 2);
    }

    TEST_CASE("whoever comes first, the women are the same, and so is what holds of each") {
        const std::vector<LoggedEvent> events = {
            registers(1, "C1"),
            registers(2, "C2"),
            links(3, "C3"),
            links(4, "C1"),
            parts(5, "C3"),
            said_at("C2", logged(6, fact("2026-02-03", VoidFact{uid(4)}), woman(1))),
            said_at("C4", logged(7, fact("2026-02-03", Transfer{"C5", ""}), woman(2))),
        };
        const auto expected = split_components({woman(1), woman(2)}, events);
        REQUIRE(expected.size() == 1);
        SeededRandom random(11);
        for (int round = 0; round < 100; ++round) {
            auto arrived = events;
            for (std::size_t i = arrived.size(); i > 1; --i)
                std::swap(arrived[i - 1], arrived[random.below(i)]);
            const auto split = split_components({woman(2), woman(1)}, arrived);
            REQUIRE(split.size() == expected.size());
            CHECK(history_of(split[0]) == history_of(expected[0]));
        }
    }

    TEST_CASE("what was said of an erased woman gives nobody a say") {
        const auto erased = said_at("CENTRE", logged(3, fact("2026-03-01", Erase{}), woman(1)));
        const auto link =
            said_at("C1", logged(4, fact("2026-02-01", Link{woman(1), "same"}), woman(2)));
        const auto components = split({erased, link});
        REQUIRE(components.size() == 2);
        CHECK(history_of(components[0]).erased == std::vector{woman(1)});
        CHECK(history_of(components[0]).facts.empty());
        CHECK(history_of(components[1]).registered_on);
    }
}

}  // namespace
}  // namespace egret::store
