// A clinic in the mountains has no line for fourteen months. Meanwhile its centre has changed every
// key twice, and destroyed the old ones.

#include "tests/sync/client/session_fixture.h"

#include <doctest/doctest.h>

#include <chrono>

namespace egret {
namespace {

using tests::SessionFixture;

struct LongAbsence : SessionFixture {
    LongAbsence() {
        // What it has is of before the first change; what the centre has, of after the second.
        auto old = with_other_pins(with_other_seal_key(centre_bundle()));
        old.version = 2;
        old.next_seal_keys.clear();
        old.former_receipt_keys.clear();
        old.receipt_key = crypto::SigningKey::generate(random).public_key();
        hold(old);
        present = next_bundle();
        present.number = 4;
        present.former_receipt_keys = {crypto::SigningKey::generate(random).public_key(),
                                       old.receipt_key};
        for (int month = 0; month < 14; ++month) {
            record(2);
            settled();
            clock.advance(std::chrono::days{30});
            const auto today = clinic->time_zone().local_day(clock.now());
            if (!clinic->recording_day()) REQUIRE(clinic->confirm_today(today));
        }
        centre.clock.set(clock.now());
        watch(key_destroyed(present));
    }

    client::SyncOutcome locked_pinned_sync() {
        clinic.reset();
        const auto keys = client::LinkKeys::load(home());
        client::OutboxSync sync({**keys, clock, random, instant_from_unix_ms(0)}, home(),
                                pinned_way());
        auto outcome = sync.sync("", quiet);
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    sync::KeyBundle present;
};

TEST_SUITE("sync/scenarios/long_absence") {
    TEST_CASE_FIXTURE(LongAbsence, "one sync brings all to the centre, and nobody is asked") {
        const auto outcome = pinned_sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        CHECK(held() == present);
        CHECK(strangers == 1);
        check_centre_has_all();
        CHECK(outcome.report.acked == head());
    }

    TEST_CASE_FIXTURE(LongAbsence, "locked, it learns the keys, and sends once it was open") {
        const auto stopped = locked_pinned_sync();
        CHECK(stopped.must_stop);
        CHECK(stopped.report.error->message.id == "outbox.needs_registry");
        CHECK(held() == present);
        reopen();
        settled();
        CHECK(locked_pinned_sync().report.left == 0);
        reopen();
        settled();
        check_centre_has_all();
    }
}

}  // namespace
}  // namespace egret
