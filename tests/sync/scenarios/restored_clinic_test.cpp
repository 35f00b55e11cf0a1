// A clinic's disk breaks, and Monday's backup is put back on Wednesday. No person has to do
// anything, no fact is lost, and none is there twice.

#include "tests/sync/scenarios/machines.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>

namespace egret {
namespace {

using tests::MachinesFixture;

TEST_SUITE("sync/scenarios/restored_clinic") {
    TEST_CASE_FIXTURE(MachinesFixture, "the centre gives back what the backup doesn't have") {
        machine.record(3);
        CHECK(machine.sync().report.left == 0);
        machine.copy_to(path("monday"));
        machine.record(2);
        CHECK(machine.sync().report.left == 0);
        const auto head = machine.head();
        machine.put_back_folder(path("monday"));

        SUBCASE("with nothing recorded since") {
            const auto outcome = machine.sync();
            CHECK_FALSE(outcome.report.error);
            CHECK(outcome.repairs == client::RepairReport{1, 4, 0, 0});
            CHECK(machine.head().seq == head.seq);
            CHECK(machine.head().hash == head.hash);
        }
        SUBCASE("with other facts recorded since, under the same numbers") {
            machine.record(4);
            const auto outcome = machine.sync();
            CHECK_FALSE(outcome.report.error);
            CHECK(outcome.report.left == 0);
            CHECK(outcome.repairs == client::RepairReport{1, 4, 8, 0});
        }
        SUBCASE("handed over while it was locked") {
            machine.record(1);
            const auto forked = machine.locked_sync();
            CHECK(forked.must_stop);
            CHECK(forked.report.error->message.id == "outbox.forked");
            CHECK(machine.sync().repairs == client::RepairReport{1, 4, 2, 0});
        }
        machine.check_holds(machine.recorded());
        check_centre_holds(machine.recorded());
        CHECK(machine.head().hash == centre.store->head(machine.open().device()).hash);
        // From here on it is as if nothing had happened.
        machine.record(1);
        const auto after = machine.sync();
        CHECK(after.repairs.count == 0);
        CHECK(after.report.sent == 2);
        CHECK_FALSE(after.must_rejoin);
        machine.record(1);
        CHECK(machine.locked_sync().report.left == 0);
        machine.close();
        machine.check_holds(machine.recorded());
        check_centre_holds(machine.recorded());
        CHECK(machine.outbox().items().empty());
    }

    TEST_CASE_FIXTURE(MachinesFixture, "what waits in the outbox of the lost copy goes first") {
        machine.record(3);
        CHECK(machine.sync().report.left == 0);
        machine.copy_to(path("monday"));
        machine.record(1);
        CHECK(machine.sync().report.left == 0);
        machine.record(2);  // Sealed, and not sent.
        machine.put_back_file(path("monday"));
        machine.record(3);

        SUBCASE("with the registry open") {}
        SUBCASE("while it is locked") {
            const auto locked = machine.locked_sync();
            CHECK_FALSE(locked.report.error);
            CHECK(locked.report.acked == 6);
        }
        SUBCASE("after the line broke at it") {
            is_line_down = true;
            CHECK(machine.sync().report.error);
            is_line_down = false;
        }
        const auto outcome = machine.sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        CHECK(outcome.repairs == client::RepairReport{1, 6, 6, 0});
        machine.check_holds(machine.recorded());
        check_centre_holds(machine.recorded());
        machine.close();
        machine.open();
        CHECK(machine.outbox().items().empty());
    }

    TEST_CASE_FIXTURE(MachinesFixture, "nothing of the older copy takes the place of what waits") {
        machine.record(1);
        machine.copy_to(path("monday"));
        machine.record(2);
        machine.put_back_file(path("monday"));
        machine.record(5);
        // Whatever is sealed now goes on from the facts that wait, or stays before them.
        std::uint64_t to = 0;
        for (const auto& item : machine.outbox().items()) {
            CHECK(item.first_seq <= to + 1);
            to = std::max(to, item.last_seq);
        }
        CHECK(to == 6);
        CHECK(machine.locked_sync().report.acked == 6);
        CHECK(machine.sync().report.left == 0);
        machine.check_holds(machine.recorded());
        check_centre_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(MachinesFixture, "sealed facts that can't follow are kept, and named") {
        machine.record(1);
        CHECK(machine.sync().report.left == 0);
        auto expected = machine.recorded();
        machine.copy_to(path("monday"));
        machine.record(3);
        machine.record(1);
        machine.close();
        const auto sealed = machine.outbox().items();
        REQUIRE(sealed.size() == 2);
        // The disk took more than the registry.
        machine.outbox().remove(sealed[0]);
        const auto before = machine.recorded();
        machine.put_back_file(path("monday"));
        machine.record(2);
        for (const auto& uid : machine.recorded()) {
            if (!before.contains(uid)) expected.insert(uid);
        }
        const auto outcome = machine.sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        CHECK(outcome.repairs == client::RepairReport{0, 0, 0, 1});
        CHECK(std::filesystem::exists(machine.home() + "/outbox/aside/" + sealed[1].name()));
        CHECK(machine.sync().repairs == client::RepairReport{});
        machine.check_holds(expected);
        check_centre_holds(expected);
    }

    TEST_CASE_FIXTURE(MachinesFixture, "who joins anew first keeps what waits for nobody") {
        machine.record(1);
        CHECK(machine.sync().report.left == 0);
        machine.copy_to(path("monday"));
        machine.record(1);
        machine.close();
        const auto sealed = machine.outbox().items();
        REQUIRE(sealed.size() == 1);
        machine.put_back_file(path("monday"));
        centre.store->revoke_clinic("C001", centre.clock.now());
        const auto refused = machine.sync();
        CHECK(refused.must_stop);
        CHECK(refused.report.error->message.id == "sync.re_enrol");
        CHECK(machine.outbox().items() == sealed);
        REQUIRE(machine.enrol(next_code()));
        CHECK(std::filesystem::exists(machine.home() + "/outbox/aside/" + sealed[0].name()));
        CHECK(machine.sync().report.left == 0);
    }
}

}  // namespace
}  // namespace egret
