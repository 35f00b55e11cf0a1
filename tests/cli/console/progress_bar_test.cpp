#include "cli/console/progress_bar.h"

#include "tests/support/terminal.h"

#include <doctest/doctest.h>

namespace egret::console {
namespace {

TEST_SUITE("cli/console/progress_bar") {
    TEST_CASE("a watched bar redraws its line and leaves it empty") {
        tests::FakeTerminal fake;
        auto terminal = fake.terminal();
        terminal.is_watched = true;
        {
            ProgressBar bar(terminal, "Sending");
            bar.at(1, 2);
            const auto half = fake.err.str();
            CHECK(half == "\rSending  [############------------]  50 %");
            bar.at(1, 2);
            CHECK(fake.err.str() == half);
            bar.at(5, 2);
            CHECK(fake.err.str() == half + "\rSending  [########################] 100 %");
        }
        const std::string blank(std::string("Sending  [########################] 100 %").size(),
                                ' ');
        CHECK(fake.err.str().ends_with("\r" + blank + "\r"));
        CHECK(fake.out.str().empty());
    }

    TEST_CASE("a bar never fills the terminal's line") {
        tests::FakeTerminal fake;
        auto terminal = fake.terminal();
        terminal.is_watched = true;
        terminal.columns = 10;
        ProgressBar bar(terminal, "发送记录中");
        bar.at(250, 0);
        CHECK(fake.err.str() == "\r发送记录…");
    }

    TEST_CASE("nobody watches, --json or --quiet: not a byte") {
        for (const int silent : {0, 1, 2}) {
            tests::FakeTerminal fake;
            auto terminal = fake.terminal();
            terminal.is_watched = silent != 0;
            terminal.json = silent == 1;
            terminal.quiet = silent == 2;
            {
                ProgressBar bar(terminal, "x");
                bar.at(1, 2);
            }
            CHECK(fake.err.str().empty());
        }
    }
}

}  // namespace
}  // namespace egret::console
