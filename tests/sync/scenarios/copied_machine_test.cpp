// A clinic's disk is copied to a second machine, and both go on. Whoever speaks first, nothing is
// lost, and each fact is there once; the centre asks for one of the two to join anew.

#include "tests/sync/scenarios/machines.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace egret {
namespace {

using tests::all_of;
using tests::Machine;

struct CopiesFixture : tests::MachinesFixture {
    CopiesFixture() {
        machine.record(2);
        CHECK(machine.sync().report.left == 0);
        machine.copy_to(copy.home());
    }

    std::set<EventUid> all() const { return all_of(machine.recorded(), copy.recorded()); }

    /// Each in turn, until neither has anything to say any more.
    void talk_on(Machine& first, Machine& second) {
        for (int turn = 0; turn < 2; ++turn) {
            for (auto* one : {&first, &second}) {
                const auto outcome = one->sync();
                CHECK_FALSE(outcome.report.error);
                CHECK(outcome.report.left == 0);
            }
        }
    }

    void check_both_have_all() {
        machine.check_holds(all());
        copy.check_holds(all());
        check_centre_holds(all());
        CHECK(machine.head().seq == copy.head().seq);
        CHECK(machine.head().hash == copy.head().hash);
    }

    Machine copy{*this, dir.file("copy"), 2};
};

TEST_SUITE("sync/scenarios/copied_machine") {
    TEST_CASE_FIXTURE(CopiesFixture, "both go on, whoever speaks first, and have all of both") {
        machine.record(3);
        copy.record(2);
        SUBCASE("the original") { talk_on(machine, copy); }
        SUBCASE("the copy") { talk_on(copy, machine); }
        SUBCASE("each while it is locked") {
            CHECK(machine.locked_sync().report.left == 0);
            CHECK(copy.locked_sync().report.error->message.id == "outbox.forked");
            talk_on(copy, machine);
        }
        SUBCASE("in turns") {
            for (int day = 0; day < 3; ++day) {
                CHECK(machine.sync().report.left == 0);
                copy.record(1);
                CHECK(copy.sync().report.left == 0);
                machine.record(2);
            }
            talk_on(copy, machine);
        }
        check_both_have_all();
        machine.close();
        copy.close();
        machine.open();
        copy.open();
        CHECK(machine.outbox().items().empty());
        CHECK(copy.outbox().items().empty());
    }

    TEST_CASE_FIXTURE(CopiesFixture, "a copy that only reads harms nobody") {
        machine.record(2);
        CHECK(machine.sync().report.left == 0);
        const auto outcome = copy.sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.repairs.taken_over == 4);
        CHECK(outcome.repairs.renumbered == 0);
        CHECK(machine.sync().repairs.count == 0);
        check_both_have_all();
    }

    TEST_CASE_FIXTURE(CopiesFixture, "the second time, one of them is asked to join anew") {
        machine.record(1);
        copy.record(1);
        CHECK_FALSE(machine.sync().must_rejoin);
        CHECK_FALSE(copy.sync().must_rejoin);  // It may have been a backup.
        machine.record(1);
        centre.clock.advance(std::chrono::hours{24});
        clock.advance(std::chrono::hours{24});
        const auto told = machine.sync();
        CHECK(told.must_rejoin);
        CHECK_FALSE(told.report.error);
        CHECK(told.report.left == 0);
        copy.record(1);
        const auto too = copy.sync();
        CHECK(too.must_rejoin);
        CHECK(too.report.left == 0);
        check_centre_holds(all());

        centre.clock.advance(std::chrono::hours{1});
        REQUIRE(copy.enrol(next_code()));
        CHECK(copy.head().device != machine.head().device);
        for (int day = 0; day < 2; ++day) {
            machine.record(1);
            copy.record(2);
            for (auto* one : {&machine, &copy}) {
                const auto outcome = one->sync();
                CHECK_FALSE(outcome.report.error);
                CHECK(outcome.repairs.count <= 1);
                CHECK_FALSE(outcome.must_rejoin);
            }
        }
        // What both handed over is there under two names, and counts once.
        CHECK(centre.count("SELECT count(DISTINCT uid) FROM event") ==
              static_cast<std::int64_t>(all().size()));
        CHECK(centre.count("SELECT sum(fact_count) FROM profile") ==
              static_cast<std::int64_t>(all().size()));
    }
}

}  // namespace
}  // namespace egret
