#include "sync/central/fork_table.h"

#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

namespace egret::central {
namespace {

using std::chrono::days;
using tests::TestCentre;
using tests::TestDevice;

struct ForkFixture : TestCentre {
    std::string clinic = add_clinic();
    TestDevice device = enrol(clinic);

    ForkFixture() {
        device.record(10);
        REQUIRE(send(device.envelope(1, 10)));
    }

    /// What a copy of the device says that went its own way after event `ancestor`.
    sync::UploadReply fork_after(std::uint64_t ancestor) {
        const auto whole = device.log;
        device.log.all.resize(ancestor);
        device.record(1);
        const auto reply = send(device.envelope(ancestor + 1, 1));
        device.log = whole;
        REQUIRE(reply);
        REQUIRE(reply->code == sync::UploadCode::fork);
        return *reply;
    }

    /// The device goes on: what it has now is at the centre.
    sync::UploadReply go_on() {
        device.record(1);
        const auto reply = send(device.envelope(device.log.head().seq, 1));
        REQUIRE(reply);
        REQUIRE(reply->code == sync::UploadCode::applied);
        return *reply;
    }

    DeviceStatus status() {
        for (auto& status : store->statuses()) {
            if (status.device.id == device.id) return status;
        }
        return {};
    }

    bool must_rejoin() { return store->news(device.id, clock.now()).must_rejoin; }
};

}  // namespace

TEST_SUITE("sync/central/fork_table") {
    TEST_CASE_FIXTURE(ForkFixture, "one fork is a restored backup, two in thirty days are a copy") {
        const auto first = fork_after(4);
        REQUIRE(first.news);
        CHECK_FALSE(first.news->must_rejoin);
        CHECK(status().is_forked());
        CHECK_FALSE(go_on().news->must_rejoin);
        CHECK_FALSE(status().is_forked());
        clock.set(clock.now() + days{29});
        CHECK(fork_after(4).news->must_rejoin);
        CHECK(go_on().news->must_rejoin);
        CHECK(tell_of_copies(status().forks, clock.now()));
    }

    TEST_CASE_FIXTURE(ForkFixture, "forks further apart than thirty days tell of no copy") {
        fork_after(4);
        go_on();
        clock.set(clock.now() + days{30});
        CHECK_FALSE(fork_after(4).news->must_rejoin);
        CHECK(status().forks.size() == 2);
        clock.set(clock.now() + days{1});
        go_on();
        CHECK(fork_after(4).news->must_rejoin);
    }

    TEST_CASE_FIXTURE(ForkFixture, "the same said again, and again another way, is one fork") {
        for (const std::uint64_t ancestor : {4U, 4U, 2U, 9U}) {
            CHECK_FALSE(fork_after(ancestor).news->must_rejoin);
            clock.set(clock.now() + days{1});
        }
        CHECK(status().forks.size() == 1);
        CHECK(count("SELECT count(*) FROM fork") == 1);
    }

    TEST_CASE_FIXTURE(ForkFixture, "once a copy has joined anew the other is left in peace") {
        fork_after(4);
        go_on();
        fork_after(4);
        CHECK(must_rejoin());
        clock.set(clock.now() + days{1});
        enrol(clinic);
        CHECK_FALSE(must_rejoin());
        CHECK(status().forks.empty());
        // It was another machine that joined: the copies go on, and are found again.
        go_on();
        fork_after(4);
        CHECK_FALSE(must_rejoin());
        go_on();
        fork_after(4);
        CHECK(must_rejoin());
    }

    TEST_CASE_FIXTURE(ForkFixture, "forks are each device's own, and kept through a restart") {
        auto other = enrol(add_clinic());
        fork_after(4);
        go_on();
        fork_after(4);
        reopen();
        CHECK(must_rejoin());
        CHECK_FALSE(store->news(other.id, clock.now()).must_rejoin);
    }

    TEST_CASE_FIXTURE(ForkFixture, "a batch that is sealed to another key asks for the bundle") {
        const auto other = crypto::SealKeyPair::generate(random);
        device.record(1);
        const auto batch = device.batch(11, 1);
        const auto sealed = sync::seal_batch(
            batch, {device.id, 1, sync::EnvelopeSuite::aes_256_gcm, other.public_key()},
            device.sign, random);
        const auto reply = send(sealed);
        REQUIRE(reply);
        CHECK(reply->code == sync::UploadCode::stale_key);
        CHECK(reply->standing.head_seq == 10);
        REQUIRE(reply->news);
        CHECK(reply->news->bundle_number == keys->bundle_number());
        CHECK(keys->bundle_number() == 1);
        CHECK(status().head.seq == 10);
        // Of a stranger not even that is said.
        const auto stranger = crypto::SigningKey::generate(random);
        const auto forged = sync::seal_batch(
            batch, {device.id, 1, sync::EnvelopeSuite::aes_256_gcm, other.public_key()}, stranger,
            random);
        CHECK(send(forged).error().code == ErrorCode::unauthorized);
    }
}

}  // namespace egret::central
