#pragma once

#include "cli/agent/agent.h"
#include "cli/agent/ask.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace egret::tests {

/// A pipe, each of whose ends is closed when nobody needs it any more.
struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        out = agent::Descriptor(ends[0]);
        in = agent::Descriptor(ends[1]);
    }

    /// All that is written until nobody has the other end.
    std::string read_all() {
        in.close();
        std::string text;
        for (;;) {
            std::array<char, 4096> some{};
            const auto got = ::read(out.number(), some.data(), some.size());
            if (got <= 0) return text;
            text.append(some.data(), static_cast<std::size_t>(got));
        }
    }

    char read_one() const {
        char one = 0;
        REQUIRE(::read(out.number(), &one, 1) == 1);
        return one;
    }

    void write_one(char one) const { REQUIRE(::write(in.number(), &one, 1) == 1); }

    agent::Descriptor out;
    agent::Descriptor in;
};

/// An agent in a process of its own, which does what the words say, by their first one.
class RunningAgent {
public:
    RunningAgent(std::string folder, agent::RunCommand run,
                 std::chrono::milliseconds idle = std::chrono::minutes{10},
                 std::chrono::milliseconds lock_wait = std::chrono::minutes{1})
        : folder_(std::move(folder)) {
        Pipe ready;
        id_ = ::fork();
        if (id_ == 0) {
            ready.out.close();
            agent::Agent::Parts parts{folder_,  "1", idle, std::move(run), [this] { forget(); },
                                      lock_wait};
            forgotten_.out.close();
            auto begun = agent::Agent::begin(std::move(parts));
            if (!begun) ::_exit(1);
            if (::write(ready.in.number(), "r", 1) != 1) ::_exit(1);
            ready.in.close();
            (*begun)->serve();
            ::_exit(0);
        }
        REQUIRE(ready.read_one() == 'r');
        forgotten_.in.close();
    }

    ~RunningAgent() {
        if (id_ <= 0) return;
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
    }

    RunningAgent(const RunningAgent&) = delete;
    RunningAgent& operator=(const RunningAgent&) = delete;

    pid_t id() const { return id_; }

    /// Its exit status, once it has ended by itself.
    int wait() {
        int status = -1;
        REQUIRE(::waitpid(std::exchange(id_, -1), &status, 0) > 0);
        return status;
    }

    void kill() {
        ::kill(id_, SIGKILL);
        wait();
    }

    /// Waits until it has wiped its keys; false, if it ended without.
    bool has_forgotten() const {
        char said = 0;
        return ::read(forgotten_.out.number(), &said, 1) == 1 && said == 'f';
    }

private:
    void forget() { CHECK(::write(forgotten_.in.number(), "f", 1) == 1); }

    std::string folder_;
    Pipe forgotten_;
    pid_t id_ = -1;
};

/// One command from a client: what it was given, and what came of it.
struct Asking {
    agent::Request request;
    Pipe in;
    Pipe out;
    Pipe err;
    agent::Ending ending;

    explicit Asking(std::vector<std::string> words) {
        request.version = "1";
        request.umask = 077;
        request.words = std::move(words);
    }

    /// The files of this client, whose own ends are closed here: only the command has them.
    agent::ClientFiles files() {
        agent::ClientFiles files;
        files.standard = {std::move(in.out), std::move(out.in), std::move(err.in)};
        files.folder = agent::Descriptor(::open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        return files;
    }

    void ask(const std::string& folder) { ending = ask_to_run(folder, request, files()); }

    /// The same, while the test goes on.
    std::thread begin(const std::string& folder) {
        return std::thread(
            [this, folder, given = std::make_unique<agent::ClientFiles>(files())]() mutable {
                ending = ask_to_run(folder, request, *given);
            });
    }
};

}  // namespace egret::tests
