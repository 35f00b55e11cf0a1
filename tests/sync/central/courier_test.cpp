#include "sync/central/courier.h"

#include "sync/central/centre_device.h"
#include "sync/core/receipt.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace egret::central {
namespace {

using sync::UploadCode;
using tests::TestDevice;

struct CourierFixture : tests::TestCentre {
    CourierFixture() { device.record(100); }

    Courier courier() { return Courier({*store, *ingester, *keys, clock, random}); }

    UploadCode bring(ByteView envelope) {
        const auto brought = courier().take(envelope);
        REQUIRE(brought);
        return brought->reply.code;
    }

    std::uint64_t head() { return store->head(device.id).seq; }

    std::size_t waiting() { return store->spooled(device.id).size(); }

    void check_whole(std::uint64_t facts) {
        CHECK(head() == facts);
        CHECK(count("SELECT count(*) FROM event") == static_cast<std::int64_t>(facts));
        CHECK(count("SELECT count(DISTINCT uid) FROM event") == static_cast<std::int64_t>(facts));
        NoProgress nobody;
        CHECK(store->verify(folder.file("copy"), *Date::parse("2026-03-04"), nobody).empty());
    }

    std::string clinic = add_clinic();
    TestDevice device = enrol(clinic);
};

}  // namespace

TEST_SUITE("sync/central/courier") {
    TEST_CASE_FIXTURE(CourierFixture, "fifty envelopes in any order are all there once") {
        std::vector<Bytes> envelopes;
        for (std::uint64_t first = 1; first <= 99; first += 2)
            envelopes.push_back(device.envelope(first, 2));
        REQUIRE(envelopes.size() == 50);
        for (std::size_t i = envelopes.size(); i > 1; --i)
            std::swap(envelopes[i - 1], envelopes[random.bytes<1>()[0] % i]);
        std::uint64_t added = 0;
        for (const auto& envelope : envelopes) {
            const auto brought = courier().take(envelope);
            REQUIRE(brought);
            added += brought->added;
            CHECK(brought->waits == (brought->reply.code == UploadCode::gap));
            CHECK(brought->reply.standing.head_seq == head());
        }
        CHECK(added == 100);
        CHECK(waiting() == 0);
        check_whole(100);
        for (const auto& envelope : envelopes) CHECK(bring(envelope) == UploadCode::applied);
        check_whole(100);
    }

    TEST_CASE_FIXTURE(CourierFixture, "the same that waits is kept once, and survives a restart") {
        for (int times = 0; times < 3; ++times)
            CHECK(bring(device.envelope(21, 10)) == UploadCode::gap);
        // Sealed thrice, it is three; the same bytes are one.
        CHECK(waiting() == 3);
        const auto same = device.envelope(31, 5);
        bring(same);
        bring(same);
        CHECK(waiting() == 4);
        reopen();
        CHECK(bring(device.envelope(1, 20)) == UploadCode::applied);
        CHECK(waiting() == 0);
        check_whole(35);
    }

    TEST_CASE_FIXTURE(CourierFixture, "what came over a line meanwhile lets go what waits") {
        CHECK(bring(device.envelope(11, 10)) == UploadCode::gap);
        CHECK(bring(device.envelope(41, 10)) == UploadCode::gap);
        REQUIRE(send(device.envelope(1, 10)));
        const auto known = store->find_device(device.id);
        const auto last = courier().take_waiting(*known);
        REQUIRE(last);
        CHECK(last->standing.head_seq == 20);
        CHECK(waiting() == 1);
        REQUIRE(send(device.envelope(21, 40)));
        store->sweep_feeds(clock.now());
        CHECK(waiting() == 0);
        check_whole(60);
    }

    TEST_CASE_FIXTURE(CourierFixture, "what waits too long is let go, and comes again") {
        CHECK(bring(device.envelope(11, 10)) == UploadCode::gap);
        clock.advance(spool_kept - std::chrono::hours{1});
        store->sweep_feeds(clock.now());
        CHECK(waiting() == 1);
        clock.advance(std::chrono::hours{2});
        store->sweep_feeds(clock.now());
        CHECK(waiting() == 0);
        CHECK(bring(device.envelope(1, 20)) == UploadCode::applied);
        check_whole(20);
    }

    TEST_CASE_FIXTURE(CourierFixture, "one machine can't fill the disk with what waits") {
        const Bytes large(1024 * 1024, 7);
        std::size_t kept = 0;
        BatchId batch;
        for (std::uint8_t i = 1; i <= 40; ++i) {
            batch.bytes[0] = i;
            if (store->spool_upload({device.id, i, i, batch, large}, clock.now())) ++kept;
        }
        CHECK(kept == spool_bytes_of_device / large.size());
        auto other = enrol(clinic);
        CHECK(store->spool_upload({other.id, 2, 2, batch, large}, clock.now()));
        // There is no room for it: the clinic has it, and is told that it is missing.
        const auto brought = courier().take(device.envelope(50, 3));
        REQUIRE(brought);
        CHECK(brought->reply.code == UploadCode::gap);
        CHECK_FALSE(brought->waits);
        // What was damaged where it waited, or was never an envelope, holds nothing up.
        CHECK(bring(device.envelope(1, 60)) == UploadCode::applied);
        CHECK(waiting() == 0);
        check_whole(60);
    }

    TEST_CASE_FIXTURE(CourierFixture, "who was shut out is told so, and nothing of it is taken") {
        const auto envelope = device.envelope(1, 10);
        REQUIRE(store->revoke_device(device.id, clock.now()));
        const auto brought = courier().take(envelope);
        REQUIRE(brought);
        CHECK(brought->reply.code == UploadCode::shut_out);
        CHECK(brought->added == 0);
        const auto file = courier().receipt(brought->device, brought->reply);
        const auto receipt = sync::open_receipt(
            file.content, {device.id, keys->receipt().public_key()}, device.seal);
        REQUIRE(receipt);
        CHECK(std::get<sync::UploadReply>(receipt->reply).code == UploadCode::shut_out);
        auto forged = envelope;
        forged.back() ^= 1;
        CHECK_FALSE(courier().take(forged));
        CHECK(head() == 0);
    }

    TEST_CASE_FIXTURE(CourierFixture, "who isn't known is refused, and nothing is kept of it") {
        TestDevice stranger(random, clock, keys->seal_key());
        stranger.record(3);
        const auto brought = courier().take(stranger.envelope(2, 2));
        REQUIRE_FALSE(brought);
        CHECK(brought.error().code == ErrorCode::unauthorized);
        CHECK(store->all_spooled().empty());
    }

    TEST_CASE_FIXTURE(CourierFixture, "a destroyed key is answered, for uploads and for calls") {
        TestDevice sealing_to_old(random, clock,
                                  crypto::SealKeyPair::generate(random).public_key());
        const auto upload = sync::seal_batch(
            device.batch(1, 5),
            {device.id, 1, sync::EnvelopeSuite::aes_256_gcm, sealing_to_old.seal.public_key()},
            device.sign, random);
        CHECK(bring(upload) == UploadCode::stale_key);
        sync::Call call;
        call.app_version = "1";
        const auto sealed = sync::seal_call(
            call,
            {device.id, 1, sync::EnvelopeSuite::aes_256_gcm, sealing_to_old.seal.public_key()},
            device.sign, random);
        const auto called = courier().open_call(sealed);
        REQUIRE(called);
        CHECK_FALSE(called->call);
        CHECK(called->device.id == device.id);
    }
}

}  // namespace egret::central
