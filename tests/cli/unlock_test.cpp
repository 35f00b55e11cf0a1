#include "registry/keys/key_file.h"
#include "tests/support/egret_run.h"
#include "tests/support/pseudo_terminal.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <thread>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::EgretRun;
using tests::Ran;

struct UnlockRun : EgretRun {
    UnlockRun() { init(); }

    void write_pin(std::string_view text) { tests::write_file(dir.file("pin"), std::string(text)); }

    Ran show() { return run({"log", "show"}); }

    /// Somebody else with a PIN, as the key file knows her.
    void add_user(const std::string& name, std::string_view her_pin) const {
        auto file = keys::KeyFile::load(home());
        REQUIRE(file);
        const auto device = keys::DeviceSecret::load(file->device(), {home(), "", {}, nullptr});
        REQUIRE(device);
        crypto::SystemRandom chance;
        REQUIRE(file->add_user(key(), make_random_id<UserTag>(chance), name,
                               {bytes_of(her_pin), *device, {16, 1, 1}}, chance));
    }
};

bool says(const Ran& ran, std::string_view part) { return ran.err.find(part) != std::string::npos; }

TEST_SUITE("cli/unlock") {
    TEST_CASE_FIXTURE(UnlockRun, "nobody there to ask is exit status 4, and says what to do") {
        terminal.environment.erase("EGRET_PIN_FILE");
        for (const auto* language : {"en", "zh"}) {
            const auto locked = run({"woman", "find", "王", "--lang", language});
            CHECK(locked.status == ExitStatus::locked);
            CHECK(locked.out.empty());
            CHECK(says(locked, "EGRET_PIN_FILE"));
        }
    }

    TEST_CASE_FIXTURE(UnlockRun,
                      "a wrong PIN tells how many tries are left, then how long to wait") {
        write_pin("735104");
        for (const auto* left : {"wait: 4", "wait: 3", "wait: 2", "wait: 1", "in 1 minute "}) {
            const auto wrong = show();
            CHECK(wrong.status == ExitStatus::locked);
            CHECK_MESSAGE(says(wrong, left), wrong.err);
        }
        // The sixth isn't even tried, be it right or wrong.
        write_pin(pin);
        const auto waiting = run({"log", "show", "--lang", "zh"});
        CHECK(waiting.status == ExitStatus::locked);
        CHECK(says(waiting, "等待 1 分钟"));
        clock.advance(std::chrono::minutes{1});
        CHECK(show().status == ExitStatus::done);
        write_pin("735104");
        CHECK(says(show(), "wait: 4"));
    }

    TEST_CASE_FIXTURE(UnlockRun, "of several users she says who she is") {
        add_user("陈护士", "628413");
        const auto locked = show();
        CHECK(locked.status == ExitStatus::locked);
        CHECK(says(locked, "陈护士"));
        CHECK(says(locked, "EGRET_USER"));
        CHECK(run({"log", "show", "--as", "nobody"}).status == ExitStatus::refused);
        CHECK(run({"log", "show", "--as", "陈护士"}).status == ExitStatus::locked);
        write_pin("628413");
        CHECK(run({"log", "show", "--as", "陈护士"}).status == ExitStatus::done);
        terminal.environment["EGRET_USER"] = "陈护士";
        CHECK(show().status == ExitStatus::done);
        CHECK(run({"log", "show", "--as", "Lead"}).status == ExitStatus::locked);
    }

    TEST_CASE_FIXTURE(UnlockRun, "at a terminal she is asked who she is and for her PIN") {
        add_user("陈护士", "628413");
        terminal.environment.erase("EGRET_PIN_FILE");
        tests::PseudoTerminal device;
        asked_at = device.path();
        std::thread person([&] {
            device.answer("Who are you: Lead, 陈护士? ", "陈护士\n");
            device.answer("PIN of 陈护士? ", "628413\n");
        });
        const auto ran = show();
        person.join();
        CHECK_MESSAGE(ran.status == ExitStatus::done, ran.err);
        CHECK(device.shown().find("628413") == std::string::npos);
    }

    TEST_CASE_FIXTURE(UnlockRun, "keys that are gone, damaged or another registry's open nothing") {
        const auto keys = home() + "/registry.keys";
        const auto before = tests::read_file(registry());
        const auto whole = tests::read_file(keys);
        SUBCASE("gone") {
            std::filesystem::remove(keys);
            CHECK(says(show(), "is missing"));
        }
        SUBCASE("damaged") {
            auto damaged = whole;
            damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
            tests::write_file(keys, damaged);
            CHECK(says(show(), "is damaged"));
        }
        SUBCASE("another's") {
            EgretRun other;
            other.random = SeededRandom(7);
            other.init();
            for (const auto* name : {"registry.keys", "device.key"})
                tests::write_file(home() + "/" + name, tests::read_file(other.home() + "/" + name));
            CHECK(says(show(), "belongs to another registry"));
        }
        CHECK(tests::read_file(registry()) == before);
    }

    TEST_CASE_FIXTURE(UnlockRun, "a file that isn't encrypted is no registry") {
        std::filesystem::remove(registry());
        {
            sqlite::Database plain(tests::file_options(registry()));
            plain.execute("CREATE TABLE t (x TEXT) STRICT");
        }
        const auto before = tests::read_file(registry());
        CHECK(show().status == ExitStatus::refused);
        CHECK(tests::read_file(registry()) == before);
    }
}

}  // namespace
}  // namespace egret::cli
