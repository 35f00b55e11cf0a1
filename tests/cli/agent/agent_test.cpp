#include "cli/agent/agent.h"

#include "cli/agent/socket.h"
#include "tests/cli/agent/agent_fixture.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace egret::agent {
namespace {

using tests::Asking;
using tests::Pipe;
using tests::RunningAgent;

void say(std::string_view text) {
    CHECK(::write(STDOUT_FILENO, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

/// What the commands of these tests do.
int do_words(const Request& request, const CommandPlace& place) {
    const auto& what = request.words.at(0);
    if (what == "words") {
        for (const auto& word : request.words) say("<" + word + ">");
    } else if (what == "place") {
        const auto mask = ::umask(0);
        say(std::filesystem::current_path().string() + "\n" + std::to_string(mask) + "\n");
        for (const auto* name : {"EGRET_TEST", "LC_ALL", "SECRET"}) {
            const char* value = std::getenv(name);
            say(std::string(value != nullptr ? value : "-") + "\n");
        }
        say(std::to_string(::prctl(PR_GET_DUMPABLE)) + "\n");
        say(place.terminal >= 0 ? "terminal\n" : "none\n");
    } else if (what == "copy") {
        char one = 0;
        while (::read(STDIN_FILENO, &one, 1) == 1) say({&one, 1});
        CHECK(::write(STDERR_FILENO, "end", 3) == 3);
    } else if (what == "wait" || what == "release") {
        if (what == "release") place.released();
        say("w");
        char one = 0;
        return ::read(STDIN_FILENO, &one, 1) == 1 ? 7 : 8;
    } else if (what == "abort") {
        std::abort();
    } else if (what == "throw") {
        throw std::runtime_error("what a command must not do");
    } else if (what == "spill") {
        for (int i = 0; i < 100; ++i) say(std::string(4096, 'x'));
    }
    return what == "exit" ? std::stoi(request.words.at(1)) : 0;
}

struct AgentFixture {
    tests::TempDir dir;
    std::string folder = dir.path();

    Ending run(std::vector<std::string> words) {
        Asking asking(std::move(words));
        asking.ask(folder);
        return asking.ending;
    }

    bool has_socket() const {
        return std::filesystem::exists(std::filesystem::path(folder) / socket_name);
    }
};

int status_of(const Ending& ending) {
    REQUIRE(ending.asked == Asked::done);
    REQUIRE(WIFEXITED(ending.wait_status));
    return WEXITSTATUS(ending.wait_status);
}

TEST_SUITE("cli/agent/agent") {
    TEST_CASE_FIXTURE(AgentFixture, "a command gets its words byte by byte, and gives its status") {
        RunningAgent agent(folder, do_words);
        Asking asking({"words", "", "王小丽", "\xff\n\x01", std::string(300'000, 'a')});
        auto asked = asking.begin(folder);
        const auto said = asking.out.read_all();
        asked.join();
        CHECK(status_of(asking.ending) == 0);
        std::string expected;
        for (const auto& word : asking.request.words) expected += "<" + word + ">";
        CHECK(said == expected);
        CHECK(status_of(run({"exit", "4"})) == 4);
    }

    TEST_CASE_FIXTURE(AgentFixture, "it is as if it were typed where the client is") {
        ::setenv("EGRET_TEST", "agent", 1);
        ::setenv("SECRET", "agent", 1);
        RunningAgent agent(folder, [](const Request& request, const CommandPlace& place) {
            return do_words(request, place);
        });
        Asking asking({"place"});
        asking.request.umask = 027;
        asking.request.environment = {"LC_ALL=C.UTF-8", "SECRET=client"};
        asking.ask(folder);
        const auto here = std::filesystem::current_path().string();
        CHECK(asking.out.read_all() == here + "\n23\n-\nC.UTF-8\nagent\n1\nnone\n");
        ::unsetenv("EGRET_TEST");
        ::unsetenv("SECRET");
    }

    TEST_CASE_FIXTURE(AgentFixture, "what the agent knows is not to be read out of it") {
        RunningAgent agent(folder, [](const Request& request, const CommandPlace& place) {
            guard_memory();
            return do_words(request, place);
        });
        Asking asking({"place"});
        asking.ask(folder);
        CHECK(asking.out.read_all().ends_with("\n0\nnone\n"));
    }

    TEST_CASE_FIXTURE(AgentFixture, "its standard files are the client's own") {
        RunningAgent agent(folder, do_words);
        Asking asking({"copy"});
        for (const char c : {'a', 'b'}) asking.in.write_one(c);
        asking.in.in.close();
        asking.ask(folder);
        CHECK(asking.out.read_all() == "ab");
        CHECK(asking.err.read_all() == "end");
    }

    TEST_CASE_FIXTURE(AgentFixture, "a fault of a command is its own, and is told") {
        RunningAgent agent(folder, do_words);
        const auto ending = run({"abort"});
        REQUIRE(ending.asked == Asked::done);
        CHECK(WIFSIGNALED(ending.wait_status));
        CHECK(WTERMSIG(ending.wait_status) == SIGABRT);
        CHECK(status_of(run({"throw"})) == 1);
        Asking unread({"spill"});
        unread.out.out.close();
        unread.ask(folder);
        CHECK(WTERMSIG(unread.ending.wait_status) == SIGPIPE);
        CHECK(status_of(run({"exit", "0"})) == 0);
    }

    TEST_CASE_FIXTURE(AgentFixture, "one that waits keeps nobody else waiting") {
        RunningAgent agent(folder, do_words);
        Asking waiting({"wait"});
        auto asked = waiting.begin(folder);
        CHECK(waiting.out.read_one() == 'w');
        CHECK(status_of(run({"exit", "3"})) == 3);
        waiting.in.write_one('x');
        asked.join();
        CHECK(status_of(waiting.ending) == 7);
    }

    TEST_CASE_FIXTURE(AgentFixture, "a command ends with its client") {
        RunningAgent agent(folder, do_words);
        Asking waiting({"wait"});
        const auto client = ::fork();
        if (client == 0) {
            waiting.in.in.close();
            waiting.ask(folder);
            ::_exit(0);
        }
        waiting.in.out.close();
        CHECK(waiting.out.read_one() == 'w');
        ::kill(client, SIGKILL);
        ::waitpid(client, nullptr, 0);
        CHECK(waiting.out.read_all().empty());  // Nobody has it open any more.
        CHECK(status_of(run({"exit", "0"})) == 0);
    }

    TEST_CASE_FIXTURE(AgentFixture, "locking waits for who has the registry, and lets nobody in") {
        RunningAgent agent(folder, do_words);
        Asking waiting({"wait"});
        auto asked = waiting.begin(folder);
        CHECK(waiting.out.read_one() == 'w');
        Asked locked = Asked::nobody;
        std::thread locking([&] { locked = ask_to_lock(folder, "1"); });
        CHECK(agent.has_forgotten());
        CHECK_FALSE(has_socket());
        CHECK(run({"exit", "0"}).asked == Asked::nobody);
        waiting.in.write_one('x');
        asked.join();
        locking.join();
        CHECK(status_of(waiting.ending) == 7);
        CHECK(locked == Asked::done);
        CHECK(agent.wait() == 0);
        CHECK(ask_to_lock(folder, "1") == Asked::nobody);
    }

    TEST_CASE_FIXTURE(AgentFixture, "locking ends what doesn't come to its end") {
        RunningAgent agent(folder, do_words, std::chrono::minutes{10},
                           std::chrono::milliseconds{1});
        Asking waiting({"wait"});
        auto asked = waiting.begin(folder);
        CHECK(waiting.out.read_one() == 'w');
        CHECK(ask_to_lock(folder, "1") == Asked::done);
        asked.join();
        REQUIRE(waiting.ending.asked == Asked::done);
        CHECK(WTERMSIG(waiting.ending.wait_status) == SIGTERM);
        CHECK(agent.wait() == 0);
    }

    TEST_CASE_FIXTURE(AgentFixture, "an answer that is still being read is not waited for") {
        RunningAgent agent(folder, do_words);
        Asking reading({"release"});
        auto asked = reading.begin(folder);
        CHECK(reading.out.read_one() == 'w');
        CHECK(ask_to_lock(folder, "1") == Asked::done);
        {
            // Another one may begin meanwhile.
            RunningAgent next(folder, do_words);
            CHECK(status_of(run({"exit", "5"})) == 5);
        }
        reading.in.write_one('x');
        asked.join();
        CHECK(status_of(reading.ending) == 7);
        CHECK(agent.wait() == 0);
    }

    TEST_CASE_FIXTURE(AgentFixture, "it locks by itself when nobody asks for anything") {
        RunningAgent agent(folder, do_words, std::chrono::milliseconds{50});
        CHECK(agent.has_forgotten());
        CHECK(agent.wait() == 0);
        CHECK_FALSE(has_socket());
        CHECK(run({"exit", "0"}).asked == Asked::nobody);
    }

    TEST_CASE_FIXTURE(AgentFixture,
                      "a command at work is not ended by the lock that comes by itself") {
        RunningAgent agent(folder, do_words, std::chrono::seconds{3});
        Asking waiting({"wait"});
        auto asked = waiting.begin(folder);
        CHECK(agent.has_forgotten());
        waiting.in.write_one('x');
        asked.join();
        CHECK(status_of(waiting.ending) == 7);
        CHECK(agent.wait() == 0);
    }

    TEST_CASE_FIXTURE(AgentFixture, "a signal locks it") {
        RunningAgent agent(folder, do_words);
        ::kill(agent.id(), SIGTERM);
        CHECK(agent.has_forgotten());
        CHECK(agent.wait() == 0);
        CHECK_FALSE(has_socket());
    }

    TEST_CASE_FIXTURE(AgentFixture, "a program of another version is refused, and ends it") {
        RunningAgent agent(folder, do_words);
        Asking other({"exit", "0"});
        other.request.version = "2";
        other.ask(folder);
        CHECK(other.ending.asked == Asked::other_version);
        CHECK(agent.has_forgotten());
        CHECK(agent.wait() == 0);
        CHECK(run({"exit", "0"}).asked == Asked::nobody);
    }

    TEST_CASE_FIXTURE(AgentFixture, "an agent that was killed is noticed once") {
        RunningAgent agent(folder, do_words);
        Asking waiting({"wait"});
        auto asked = waiting.begin(folder);
        CHECK(waiting.out.read_one() == 'w');
        agent.kill();
        asked.join();
        CHECK(waiting.ending.asked == Asked::gone);
        CHECK(waiting.out.read_all().empty());  // The command ended with it.
        CHECK(run({"exit", "0"}).asked == Asked::deserted);
        CHECK(run({"exit", "0"}).asked == Asked::nobody);
    }

    TEST_CASE_FIXTURE(AgentFixture, "a command that has begun is never done again by its client") {
        for (int i = 0; i < 30; ++i) {
            RunningAgent agent(folder, [](const Request&, const CommandPlace&) {
                // As early as it can be.
                if (::getppid() > 1) ::kill(::getppid(), SIGKILL);
                return 0;
            });
            CHECK(run({"exit", "0"}).asked == Asked::gone);
            agent.kill();
            CHECK(run({"exit", "0"}).asked == Asked::deserted);
        }
    }

    TEST_CASE_FIXTURE(AgentFixture,
                      "there is one at a time, and it takes the place of a dead one") {
        {
            RunningAgent agent(folder, do_words);
            const auto second =
                Agent::begin({folder, "1", std::chrono::minutes{1}, do_words, [] {}});
            REQUIRE_FALSE(second);
            CHECK(second.error().code == ErrorCode::conflict);
        }
        CHECK(has_socket());
        RunningAgent next(folder, do_words);
        CHECK(status_of(run({"exit", "0"})) == 0);
    }

    TEST_CASE_FIXTURE(AgentFixture, "a folder's path may be longer than a socket's address") {
        for (int i = 0; i < 8; ++i) folder += "/a-folder-with-a-long-name-" + std::to_string(i);
        std::filesystem::create_directories(folder);
        REQUIRE(folder.size() > 200);
        RunningAgent agent(folder, do_words);
        CHECK(status_of(run({"exit", "6"})) == 6);
    }

    TEST_CASE_FIXTURE(AgentFixture, "the socket is its owner's alone") {
        RunningAgent agent(folder, do_words);
        struct stat facts {};
        REQUIRE(::stat((folder + "/" + socket_name).c_str(), &facts) == 0);
        CHECK(S_ISSOCK(facts.st_mode));
        CHECK((facts.st_mode & 0777) == 0600);
    }

    TEST_CASE_FIXTURE(AgentFixture, "who sends nothing, or something else, harms nobody") {
        RunningAgent agent(folder, do_words);
        const auto silent = call_in(folder);
        REQUIRE(silent.line);
        Request request;
        request.version = "1";
        request.words = {"exit", "0"};
        const auto whole = encode(request);
        for (std::size_t length : {std::size_t{1}, std::size_t{7}, whole.size() - 1}) {
            const auto cut = call_in(folder);
            REQUIRE(cut.line);
            CHECK(::send(cut.line.number(), whole.data(), length, 0) ==
                  static_cast<ssize_t>(length));
        }
        for (const auto* garbage : {"GET / HTTP/1.1\r\n\r\n", "EGA1\xff\xff\xff\xff"}) {
            const auto other = call_in(folder);
            REQUIRE(other.line);
            CHECK(::send(other.line.number(), garbage, 8, 0) == 8);
            CHECK_FALSE(receive_frame(other.line));
        }
        // Whole, but without the files that a command needs.
        const auto bare = call_in(folder);
        CHECK(::send(bare.line.number(), whole.data(), whole.size(), 0) ==
              static_cast<ssize_t>(whole.size()));
        CHECK_FALSE(receive_frame(bare.line));
        CHECK(status_of(run({"exit", "0"})) == 0);
    }

    TEST_CASE_FIXTURE(AgentFixture, "more than it can take are told to wait") {
        RunningAgent agent(folder, do_words);
        std::vector<Call> calls;
        for (std::size_t i = 0; i < limits::clients_max; ++i) {
            calls.push_back(call_in(folder));
            REQUIRE(calls.back().line);
        }
        CHECK(run({"exit", "0"}).asked == Asked::too_many);
        calls.clear();
        // They are noticed before who comes next.
        CHECK(run({"exit", "0"}).asked != Asked::gone);
    }

    TEST_CASE("only what is exactly a request is taken for one") {
        Request request;
        request.version = "1";
        request.words = {"a", ""};
        request.environment = {"LANG=zh_CN.UTF-8"};
        const auto whole = encode(request);
        const auto rest = ByteView(whole).subspan(request_front_bytes);
        REQUIRE(decode(rest));
        CHECK(decode(rest)->words == request.words);
        CHECK(length_after(ByteView(whole).first(request_front_bytes)) == rest.size());
        for (std::size_t length = 0; length < rest.size(); ++length)
            CHECK_FALSE(decode(rest.first(length)));
        auto longer = copy_of(rest);
        longer.push_back(0);
        CHECK_FALSE(decode(longer));
        auto unknown = copy_of(rest);
        unknown[0] = 9;
        CHECK_FALSE(decode(unknown));
    }
}

}  // namespace
}  // namespace egret::agent
