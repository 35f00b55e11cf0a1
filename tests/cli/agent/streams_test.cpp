#include "cli/agent/streams.h"

#include "tests/cli/agent/agent_fixture.h"
#include "tests/support/pseudo_terminal.h"

#include <doctest/doctest.h>

#include <csignal>
#include <istream>
#include <ostream>
#include <string>
#include <thread>

namespace egret::agent {
namespace {

using tests::Pipe;

TEST_SUITE("cli/agent/streams") {
    TEST_CASE("who doesn't read keeps nobody waiting, and gets all in the end") {
        Pipe pipe;
        PatientOutput buffer(pipe.in.number(), 64U << 20U);
        std::ostream out(&buffer);
        const std::string text(1'000'000, 'x');
        out << text << 'y' << std::flush;
        REQUIRE(out);
        std::string got;
        std::thread reading([&] {
            char some[4096];
            while (got.size() <= text.size()) {
                const auto count = ::read(pipe.out.number(), some, sizeof some);
                got.append(some, static_cast<std::size_t>(count));
            }
        });
        CHECK(buffer.finish());
        reading.join();
        CHECK(got == text + 'y');
    }

    TEST_CASE("beyond what may wait, it waits") {
        Pipe pipe;
        PatientOutput buffer(pipe.in.number(), 10'000);
        std::ostream out(&buffer);
        std::string got;
        std::thread reading([&] {
            char some[4096];
            while (got.size() < 1'000'000) {
                const auto count = ::read(pipe.out.number(), some, sizeof some);
                got.append(some, static_cast<std::size_t>(count));
            }
        });
        for (int i = 0; i < 1000; ++i) out << std::string(1000, 'x');
        CHECK(buffer.finish());
        reading.join();
        CHECK(got.size() == 1'000'000);
    }

    TEST_CASE("what is written comes in time to who reads") {
        Pipe pipe;
        PatientOutput buffer(pipe.in.number(), 1000);
        std::ostream out(&buffer);
        out << 'a' << std::flush;
        CHECK(pipe.read_one() == 'a');
    }

    TEST_CASE("what nobody can read any more is told as lost") {
        const auto before = std::signal(SIGPIPE, SIG_IGN);
        Pipe pipe;
        pipe.out.close();
        PatientOutput buffer(pipe.in.number(), 1000);
        std::ostream out(&buffer);
        out << 'a' << std::flush;
        CHECK_FALSE(out);
        CHECK_FALSE(buffer.finish());
        std::signal(SIGPIPE, before);
    }

    TEST_CASE("input is read line by line, to its end") {
        Pipe pipe;
        for (const char c : {'a', '\n', 'b'}) pipe.write_one(c);
        pipe.in.close();
        PatientInput buffer(pipe.out.number(), std::nullopt, [] {});
        std::istream in(&buffer);
        std::string line;
        REQUIRE(std::getline(in, line));
        CHECK(line == "a");
        REQUIRE(std::getline(in, line));
        CHECK(line == "b");
        CHECK_FALSE(std::getline(in, line));
    }

    TEST_CASE("somebody who says nothing is given up") {
        Pipe pipe;
        int given_up = 0;
        PatientInput buffer(pipe.out.number(), std::chrono::milliseconds{1}, [&] { ++given_up; });
        std::istream in(&buffer);
        std::string line;
        CHECK_FALSE(std::getline(in, line));
        CHECK(given_up == 1);
    }
}

}  // namespace
}  // namespace egret::agent
