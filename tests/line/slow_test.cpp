#include "tests/line/line_fixture.h"

#include <doctest/doctest.h>

#include <chrono>
#include <vector>

/// In real time, since it is the time that a nurse waits.
namespace egret::tests {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds round_trip{600};
constexpr std::size_t night_facts = 200;  // What a busy clinic records in a day.

struct Night {
    double seconds = 0;
    LineCounts counts;
    std::size_t syncs = 0;
};

/// Hands over a day's work through such lines, trying again at once when one fails, as the nightly
/// run would after a pause.
Night hand_over(LineFixture& f, const std::function<LineShape(std::size_t)>& shape_of) {
    LineProxy line(f.port, shape_of);
    Night night;
    const auto begun = std::chrono::steady_clock::now();
    do {
        f.sync_to(line.port());
        ++night.syncs;
        REQUIRE(night.syncs < 20);
    } while (f.acked() < f.head());
    night.seconds = Seconds(std::chrono::steady_clock::now() - begun).count();
    night.counts = line.counts();
    CHECK(f.at_centre() == f.head());
    MESSAGE(night_facts, " facts in ", night.seconds, " s: ", night.counts.bytes_up, " bytes up, ",
            night.counts.bytes_down, " down, ", night.counts.turns, " round trips on ",
            night.counts.connections, " connections");
    return night;
}

void record_a_day(LineFixture& f) {
    const auto before = f.head();
    f.record(night_facts / 2);  // Each woman is registered, and visits once.
    REQUIRE(f.head() - before == night_facts);
}

TEST_SUITE("line/slow") {
    TEST_CASE_FIXTURE(LineFixture, "a night over 128 kbit/s and 600 ms takes five seconds") {
        enrol_by_https();
        record_a_day(*this);
        const auto night = hand_over(*this, [](std::size_t) {
            return LineShape{128'000, round_trip};
        });
        CHECK(night.seconds <= 5);
        CHECK(night.counts.bytes_up + night.counts.bytes_down <= 30'000);
        CHECK(night.counts.turns <= 6);
    }

    TEST_CASE_FIXTURE(LineFixture, "a night over 32 kbit/s, 600 ms and cuts takes half a minute") {
        enrol_by_https();
        record_a_day(*this);
        // Worse than one cut in ten connections: the first, when nine tenths have gone.
        const auto night = hand_over(*this, [](std::size_t number) {
            LineShape shape{32'000, round_trip};
            if (number == 0) shape.up_max = 10'000;
            return shape;
        });
        CHECK(night.counts.connections >= 2);
        CHECK(night.seconds <= 30);
    }
}

}  // namespace
}  // namespace egret::tests
