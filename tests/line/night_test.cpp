// The nightly run over a line that breaks: what the next one has to do, and what a nurse is told.

#include "cli/nightly_note.h"
#include "tests/cli/sync_run.h"
#include "tests/line/line_proxy.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::tests {
namespace {

using console::ExitStatus;

struct CutNight : SyncRun {
    CutNight() : port(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)))) {}

    /// Nobody unlocks anything.
    Ran night(std::uint16_t to_port) {
        terminal.environment.erase("EGRET_PIN_FILE");
        auto ran = run({"nightly", "run", "--json", "--server",
                        "https://127.0.0.1:" + std::to_string(to_port)});
        terminal.environment["EGRET_PIN_FILE"] = dir.file("pin");
        return ran;
    }

    std::int64_t at_centre() { return centre.count("SELECT count(*) FROM event"); }

    std::uint16_t port;
};

TEST_SUITE("line/night") {
    TEST_CASE_FIXTURE(CutNight, "a night that is cut anywhere is gone on with by the next") {
        std::size_t LineShape::*way = &LineShape::up_max;
        SUBCASE("on the way up") {}
        SUBCASE("on the way down") { way = &LineShape::down_max; }
        std::int64_t recorded = 0;
        int failed = 0;
        int cuts = 0;
        for (std::size_t at = 0; at <= 6'000; at += 250) {
            CAPTURE(at);
            add();
            ++recorded;
            clock.advance(std::chrono::hours{24});
            centre.clock.set(clock.now());
            LineShape shape;
            shape.*way = at;
            {
                const LineProxy line(port, [shape](std::size_t) { return shape; });
                const auto cut = night(line.port());
                const auto run = *cli::load_nightly_note(home()).note.run;
                REQUIRE(run.started == clock.now());
                REQUIRE(run.ended == clock.now());
                REQUIRE(run.exit == static_cast<int>(cut.status));
                // It is called done only if it is.
                const bool is_done = cut.status == ExitStatus::done;
                if (is_done) REQUIRE(at_centre() == recorded);
                REQUIRE(run.left == static_cast<std::uint64_t>(number(cut, "left")));
                REQUIRE(is_done ==
                        (cli::load_nightly_note(home()).note.handed_over == clock.now()));
                ++cuts;
                failed += is_done ? 0 : 1;
            }
            // The line is back: no person has to do anything.
            const auto after = night(port);
            REQUIRE(after.status == ExitStatus::done);
            REQUIRE(number(after, "sent") <= 1);
            REQUIRE(at_centre() == recorded);
            REQUIRE(cli::load_nightly_note(home()).note.handed_over == clock.now());
        }
        CHECK(failed > 0);
        CHECK(failed < cuts);
        done({"sync"});
        CHECK(at_centre() == recorded);
    }
}

}  // namespace
}  // namespace egret::tests
