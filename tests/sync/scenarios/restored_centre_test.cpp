// A centre breaks, and the backup of some days ago is put back. Since then a clinic has joined, and
// another has renewed its keys: the restored centre knows neither, and both go on by themselves.

#include "tests/sync/scenarios/passing_time.h"

#include <doctest/doctest.h>

#include <chrono>

namespace egret {
namespace {

using std::chrono::days;
using tests::Machine;
using tests::PassingTime;

struct RestoredCentre : PassingTime {
    RestoredCentre() {
        machine.record(3);
        REQUIRE(machine.sync().report.left == 0);
        keep_centre(path("kept"));
    }

    void restore() {
        machine.close();
        late.close();
        restore_centre(path("kept"));
    }

    /// A second clinic, after the backup.
    void join_late() {
        SeededRandom chance(77);
        const service::World around{clock, chance, build_day, sqlite::Synchronous::off};
        REQUIRE(service::Clinic::create(late.home(), {"厦门市妇幼保健院", "350203", "陈医生"},
                                        unlocked(), around));
        client::ClinicLink link(late.open_unlinked(), late.home(), way());
        REQUIRE(link.enrol("https://centre:8443", service.add_clinic({"Other", "350203"})->code,
                           quiet));
        late.close();
        late.record(2);
        REQUIRE(late.sync().report.left == 0);
    }

    Machine late{*this, dir.file("late"), 3};
};

}  // namespace

TEST_SUITE("sync/scenarios/restored_centre") {
    TEST_CASE_FIXTURE(RestoredCentre, "a clinic that joined since the backup is let in again") {
        join_late();
        machine.record(2);
        REQUIRE(machine.sync().report.left == 0);
        restore();
        late.record(1);
        const auto outcome = late.sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        CHECK(machine.sync().report.left == 0);
        check_centre_holds(tests::all_of(machine.recorded(), late.recorded()));
        late.check_holds(late.recorded());
        // Under its id and its clinic's code, with new keys.
        const auto device = PassingTime::at_centre(late);
        CHECK(device.clinic == "C002");
        CHECK(device.keys.epoch == 2);
        CHECK(epoch_of(late) == 2);
        CHECK(centre.store->find_clinic("C002"));
        late.record(1);
        CHECK(late.locked_sync().report.left == 0);
        check_centre_holds(tests::all_of(machine.recorded(), late.recorded()));
    }

    TEST_CASE_FIXTURE(RestoredCentre, "locked it waits, and its facts with it, for its registry") {
        join_late();
        restore();
        late.record(1);
        const auto waiting = late.locked_sync();
        CHECK(waiting.must_stop);
        CHECK(waiting.report.left > 0);
        CHECK(late.sync().report.left == 0);
        check_centre_holds(tests::all_of(machine.recorded(), late.recorded()));
    }

    TEST_CASE_FIXTURE(RestoredCentre, "a machine that renewed its keys since the backup goes on") {
        pass(days{400});
        confirm_day();
        machine.record(1);
        REQUIRE(machine.sync().report.left == 0);
        REQUIRE(epoch_of(machine) == 2);
        restore();
        CHECK(PassingTime::at_centre(machine).keys.epoch == 1);
        machine.record(1);
        const auto outcome = machine.sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        CHECK(PassingTime::at_centre(machine).keys.epoch == 3);
        check_centre_holds(machine.recorded());
        machine.check_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(RestoredCentre, "who was shut out stays so, whatever he shows") {
        pass(days{400});
        confirm_day();
        machine.record(1);
        REQUIRE(machine.sync().report.left == 0);
        restore();
        centre.store->revoke_clinic("C001", centre.clock.now());
        machine.record(1);
        const auto outcome = machine.sync();
        CHECK(outcome.must_stop);
        REQUIRE(outcome.report.error);
        CHECK(outcome.report.error->message.id == "sync.re_enrol");
    }
}

}  // namespace egret
