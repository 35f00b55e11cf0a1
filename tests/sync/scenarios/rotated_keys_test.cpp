// A centre changes its keys: each 90 days the one that clinics seal to, each year the one that it
// signs with. Clinics that were away meanwhile, or come back with an old copy, lose nothing.

#include "sync/central/key_promotion.h"
#include "sync/client/held_link.h"
#include "sync/client/upload_store.h"
#include "tests/sync/scenarios/passing_time.h"

#include <doctest/doctest.h>

#include <chrono>

namespace egret {
namespace {

using std::chrono::days;
using tests::PassingTime;

struct RotatedKeys : PassingTime {
    RotatedKeys() {
        machine.record(2);
        REQUIRE(machine.sync().report.left == 0);
    }

    /// What egretd promote-key does without the root: the epochs that went.
    std::vector<std::uint32_t> destroy() {
        std::vector<std::uint32_t> gone;
        const auto left = central::destroy_old_keys(centre.keys->ring(), centre.store->statuses(),
                                                    centre.clock.now(), gone);
        centre.keys->replace_ring(left, centre.random);
        return gone;
    }
};

}  // namespace

TEST_SUITE("sync/scenarios/rotated_keys") {
    TEST_CASE_FIXTURE(RotatedKeys,
                      "a clinic that was away over two rotations is asked for nothing") {
        machine.record(3);
        machine.close();
        for (int year = 0; year < 2; ++year) {
            pass(days{365});
            sign_next_bundle();
        }
        // It may come back with what it sealed two years ago.
        CHECK(destroy().empty());
        CHECK(held().number == 1);
        confirm_day();
        machine.record(1);
        const auto outcome = machine.sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        CHECK(held().number == 3);
        check_centre_holds(machine.recorded());
        machine.check_holds(machine.recorded());
        CHECK(destroy().size() >= 6);
        machine.record(1);
        CHECK(machine.sync().report.left == 0);
        check_centre_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(RotatedKeys, "locked, too: its sealed files are opened by the keys of then") {
        machine.record(3);
        machine.close();
        for (int year = 0; year < 2; ++year) {
            pass(days{365});
            sign_next_bundle();
        }
        const auto outcome = machine.locked_sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        CHECK(held().number == 3);
        confirm_day();
        check_centre_holds(machine.recorded());
        machine.check_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(RotatedKeys, "a receipt of the receipt key of before still counts") {
        machine.record(3);
        REQUIRE(machine.locked_sync().report.left == 0);
        pass(days{100});
        sign_next_bundle();
        // The newer bundle comes some other way, before the receipt was looked at.
        {
            const auto keys = client::LinkKeys::load(machine.home());
            auto link = client::HeldLink::of(**keys, {machine.home(), {}, files::system_disk()});
            REQUIRE(link);
            REQUIRE(*(*link)->take_bundle(centre.keys->bundle3()));
        }
        CHECK(held().receipt_key == centre.keys->receipt().public_key());
        auto& opened = machine.open();
        CHECK(
            client::UploadStore(opened.database()).load(client::upload_bounds(opened)).acked_seq ==
            machine.head().seq);
    }

    TEST_CASE_FIXTURE(RotatedKeys,
                      "an old folder, sealed to a key that was destroyed, is put back") {
        machine.record(3);
        machine.copy_to(path("kept"));
        REQUIRE(machine.sync().report.left == 0);
        pass(days{200});
        sign_next_bundle();
        confirm_day();
        REQUIRE(machine.sync().report.left == 0);
        pass(days{80});
        REQUIRE(destroy() == std::vector<std::uint32_t>{1});

        machine.put_back_folder(path("kept"));
        CHECK(held().number == 1);
        const auto stopped = machine.locked_sync();
        CHECK(stopped.must_stop);
        REQUIRE(stopped.report.error);
        CHECK(stopped.report.error->message.id == "outbox.needs_registry");
        CHECK(held().number == 2);
        confirm_day();
        machine.record(1);
        const auto outcome = machine.sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        check_centre_holds(machine.recorded());
        machine.check_holds(machine.recorded());
    }
}

}  // namespace egret
