#include "cli/world/plain_world.h"
#include "registry/coverage/cube.h"
#include "tests/support/plain_count.h"
#include "tests/support/series.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

namespace egret::world {
namespace {

/// What the logs hold, woman by woman: one device a clinic.
std::map<WomanId, std::vector<LoggedEvent>> logs_of(const PlainWorld& world) {
    constexpr std::int64_t day_ms = 86'400'000;
    std::map<WomanId, std::vector<LoggedEvent>> logs;
    for (std::uint64_t person = 0; person < world.plan().persons; ++person) {
        for (const auto& entry : world.life(person).entries) {
            auto& events = logs[entry.subject];
            LoggedEvent made;
            made.event.uid = entry.uid;
            made.event.hlc = Hlc{}.next(instant_from_unix_ms(entry.day.days() * day_ms));
            made.event.subject = entry.subject;
            made.event.fact = entry.fact;
            made.order.effective = made.event.hlc;
            made.order.device.bytes[0] = static_cast<std::uint8_t>(entry.clinic);
            made.order.seq = events.size();
            made.clinic = world.clinics()[entry.clinic].code;
            events.push_back(std::move(made));
        }
    }
    return logs;
}

tests::PlainCells cells_of(const coverage::Answer& answer) {
    tests::PlainCells cells;
    for (const auto& cell : answer.cells) {
        cells[{cell.values[0], cell.values[1], cell.values[2]}] = {
            static_cast<long>(cell.figure.numerator), static_cast<long>(cell.figure.denominator)};
    }
    return cells;
}

}  // namespace

TEST_SUITE("cli/world/counting") {
    // Three countings that share no code but the reading of facts: from what is true, by the
    // definitions as text says them; by sums of deltas, and by the recount, from what was typed in.
    TEST_CASE("what is true, counted plainly, is what both ways of counting find in the logs") {
        const PlainWorld world({600, 6, 5, 23});
        std::vector<std::string> lines;
        for (std::uint64_t person = 0; person < 600; ++person)
            lines.push_back(codec::to_line(true_person(world.life(person), world)));
        const auto logs = logs_of(world);
        for (const auto& indicator : coverage::known_indicators()) {
            if (indicator.counts != coverage::Counts::women) continue;
            coverage::Cube cube;
            for (const auto& [woman, events] : logs)
                cube.add(tests::contribution_of(indicator, fold({woman}, events)));
            tests::PlainFigure counted;
            for (const auto* on :
                 {"2021-03-01", "2021-06-30", "2022-02-28", "2023-03-15", "2024-02-29",
                  "2025-06-01", "2025-12-31", "2026-12-31", "2029-10-01", "2040-01-01"}) {
                CAPTURE(indicator.id);
                CAPTURE(on);
                coverage::Query query;
                query.by = {coverage::Dimension::area, coverage::Dimension::facility,
                            coverage::Dimension::birth_year};
                query.on = {*Date::parse(on)};
                auto recount = tests::recount_of(indicator, query);
                for (const auto& [woman, events] : logs) recount.add(events);
                tests::PlainCells plain;
                for (const auto& line : lines)
                    tests::PlainPerson(line).count(indicator.id, on, plain);
                CHECK(cells_of(cube.ask(query)) == plain);
                CHECK(cells_of(recount.answer()) == plain);
                for (const auto& [key, figure] : plain) {
                    counted.numerator += figure.numerator;
                    counted.denominator += figure.denominator;
                }
            }
            // Too few for a condition that few have.
            if (!indicator.population.flag.empty()) continue;
            CHECK(counted.numerator > 0);
            CHECK(counted.denominator > counted.numerator);
        }
    }
}

}  // namespace egret::world
