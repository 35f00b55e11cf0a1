// The outbox outlives what happens to programs, lines and files: in any order, each fact comes to
// the centre once, and none is lost.

#include "tests/support/killed_child.h"
#include "tests/sync/client/outbox_fixture.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace egret {
namespace {

using tests::OutboxFixture;
using Send = tests::TrickyLine::Send;

/// The program is no more, from here on.
struct Killed : std::runtime_error {
    Killed() : std::runtime_error("killed") {}
};

struct CrashFixture : OutboxFixture {
    /// A run that is killed before or after its request number `at`. False, if it made fewer.
    bool sync_killed_at(int at, bool is_delivered) {
        int requests = 0;
        trick = [&](const http::Request& request, const Send& send) -> Result<http::Response> {
            if (requests++ < at) return send(request);
            if (is_delivered && !send(request)) return send(request);
            throw Killed();
        };
        try {
            locked_sync();
        } catch (const Killed&) {
            trick = nullptr;
            return true;
        }
        trick = nullptr;
        return false;
    }

    void finish() {
        if (!clinic) reopen();
        settled();
        check_outbox_has_rest();
        const auto outcome = locked_sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        reopen();
        settled();
        CHECK(acked() == head());
        CHECK(folder().items().empty());
        check_centre_has_all();
    }
};

TEST_SUITE("sync/client/outbox_crash") {
    TEST_CASE_FIXTURE(CrashFixture, "killed at any system call of sealing, all is sealed after") {
        auto keeper = settled();
        record(4);
        keeper->seal_new();
        record(5);
        keeper.reset();
        clinic.reset();
        std::filesystem::copy(home() + "/outbox", dir.file("outbox"));
        // Opening the registry takes calls, too, which its own tests cut.
        for (int at = 0;; at += 3) {
            CAPTURE(at);
            std::filesystem::remove_all(home() + "/outbox");
            std::filesystem::copy(dir.file("outbox"), home() + "/outbox");
            reopen();
            auto open = client::OutboxKeeper::find(*clinic, home());
            const bool was_killed = tests::is_killed_at(at, [&] {
                open->settle();
                open->seal_new();
            });
            settled();
            check_outbox_has_rest();
            clinic.reset();
            if (!was_killed) break;
        }
        finish();
    }

    TEST_CASE_FIXTURE(CrashFixture, "killed while a receipt is entered, it is entered after") {
        record(4);
        settled();
        locked_sync();
        std::filesystem::copy(home(), dir.file("kept"), std::filesystem::copy_options::recursive);
        int kills = 0;
        for (int at = 0;; at += 5) {
            CAPTURE(at);
            clinic.reset();
            std::filesystem::remove_all(home());
            std::filesystem::copy(dir.file("kept"), home(),
                                  std::filesystem::copy_options::recursive);
            const bool was_killed = tests::is_killed_at(at, [&] {
                auto opened = service::Clinic::open(home(), unlocked(), world());
                if (opened) client::OutboxKeeper::find(**opened, home())->settle();
            });
            reopen();
            settled();
            CHECK(acked() == head());
            CHECK(folder().items().empty());
            if (!was_killed) break;
            ++kills;
        }
        CHECK(kills > 10);
        finish();
    }

    TEST_CASE_FIXTURE(CrashFixture, "a run that is killed at any step loses and doubles nothing") {
        auto keeper = settled();
        for (const int count : {20, 6, 1}) {
            record(count);
            keeper->seal_new();
        }
        REQUIRE(folder().items().size() == 3);
        keeper.reset();
        for (int at = 0; at < 6; ++at) {
            for (const bool is_delivered : {false, true}) {
                const bool was_killed = sync_killed_at(at, is_delivered);
                reopen();
                settled();
                check_outbox_has_rest();
                if (!was_killed) continue;
                record(1);
                settled();
            }
        }
        finish();
    }

    TEST_CASE("in any order of commands, syncs, cuts and damage each fact arrives once") {
        for (std::uint64_t seed = 1; seed <= 12; ++seed) {
            CAPTURE(seed);
            CrashFixture world;
            SeededRandom chance(seed);
            auto keeper = world.settled();
            for (int step = 0; step < 14; ++step) {
                switch (chance.below(7)) {
                    case 0:
                    case 1:
                        world.record(static_cast<int>(1 + chance.below(6)));
                        // Or the program ended before.
                        if (chance.chance(0.7)) keeper->seal_new();
                        break;
                    case 2:
                        keeper.reset();
                        world.reopen();
                        keeper = world.settled();
                        break;
                    case 3:
                    case 4:
                        keeper.reset();
                        world.sync_killed_at(static_cast<int>(chance.below(4)), chance.chance(0.5));
                        world.reopen();
                        keeper = world.settled();
                        break;
                    case 5: {
                        const auto items = world.folder().items();
                        if (items.empty()) break;
                        const auto path = world.path_of(items[chance.below(items.size())]);
                        if (chance.chance(0.5)) {
                            std::filesystem::remove(path);
                        } else {
                            std::filesystem::resize_file(path, chance.below(300));
                        }
                        break;
                    }
                    default: CHECK_FALSE(world.sync().error); break;
                }
            }
            keeper.reset();
            world.record(1);
            world.finish();
        }
    }
}

}  // namespace
}  // namespace egret
