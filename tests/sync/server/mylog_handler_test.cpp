#include "sync/server/mylog_handler.h"

#include "sync/core/own_log.h"
#include "tests/sync/server/asking.h"

#include <doctest/doctest.h>

namespace egret::server {
namespace {

using tests::AskedCentre;
using tests::TestDevice;

struct MylogFixture : AskedCentre {
    std::string clinic = add_clinic();
    TestDevice device = enrol(clinic);

    Result<http::Response> ask(const TestDevice& by, const std::string& from) {
        return get(by, "/v1/sync/mylog", {{"from", from}});
    }

    sync::Batch opened(const TestDevice& by, std::uint64_t from) {
        const auto response = ask(by, std::to_string(from));
        REQUIRE(response);
        REQUIRE(response->status == 200);
        auto piece =
            sync::open_own_log(response->body, {by.id, {keys->receipt().public_key()}}, by.seal);
        REQUIRE(piece);
        return *std::move(piece);
    }

    std::string refusal(const Result<http::Response>& answer) {
        return answer ? "" : answer.error().message.id;
    }
};

}  // namespace

TEST_SUITE("sync/server/mylog_handler") {
    TEST_CASE_FIXTURE(MylogFixture,
                      "a device gets the log that the centre has of it, from anywhere") {
        device.record(30);
        REQUIRE(send(device.envelope(1, 30)));
        for (const std::uint64_t from : {1U, 2U, 17U, 30U}) {
            const auto piece = opened(device, from);
            CHECK(piece.first_seq == from);
            CHECK(piece.last_seq() == 30);
            CHECK(piece.top_seq == 30);
            CHECK(piece.events == device.log.entries(from, 30));
            CHECK(piece.last_hash == device.log.head().hash);
        }
    }

    TEST_CASE_FIXTURE(MylogFixture, "a long log comes in pieces that follow each other") {
        for (std::uint64_t sent = 0; sent < 4000; sent += 1000) {
            device.record(1000);
            REQUIRE(send(device.envelope(sent + 1, 1000)));
        }
        std::uint64_t from = 1;
        auto hash = codec::chain_start;
        int pieces = 0;
        while (from <= 4000) {
            const auto piece = opened(device, from);
            CHECK(piece.prev_hash == hash);
            hash = piece.last_hash;
            from = piece.last_seq() + 1;
            ++pieces;
        }
        CHECK(hash == device.log.head().hash);
        CHECK(pieces > 1);
        CHECK(pieces < 20);
    }

    TEST_CASE_FIXTURE(MylogFixture, "past the end, and of a log without a fact, there is nothing") {
        CHECK(ask(device, "1").error().code == ErrorCode::not_found);
        device.record(3);
        REQUIRE(send(device.envelope(1, 3)));
        CHECK(ask(device, "3"));
        CHECK(ask(device, "4").error().code == ErrorCode::not_found);
        CHECK(refusal(ask(device, "4")) == "central.log_ends");
    }

    TEST_CASE_FIXTURE(MylogFixture, "what is no number of an event is refused") {
        device.record(1);
        REQUIRE(send(device.envelope(1, 1)));
        for (const auto* from :
             {"", "0", "-1", "1x", " 1", "1.0", "9223372036854775808", "99999999999999999999999"}) {
            CAPTURE(from);
            CHECK(refusal(ask(device, from)) == "central.bad_number");
        }
        CHECK(refusal(get(device, "/v1/sync/mylog")) == "central.bad_number");
    }

    TEST_CASE_FIXTURE(MylogFixture, "nobody gets another device's log, or opens it") {
        auto other = enrol(clinic);
        device.record(2);
        REQUIRE(send(device.envelope(1, 2)));
        // Who asks as another hasn't its key.
        auto forged = request(other, "/v1/sync/mylog", {{"from", "1"}});
        forged.headers["authorization"] = sync::authorize_request(
            {device.id, 1, other.sign}, {unix_ms(clock.now()), random.bytes<16>()},
            {"GET", "/v1/sync/mylog?from=1", {}});
        CHECK(answer(forged).error().code == ErrorCode::unauthorized);
        CHECK(ask(other, "1").error().code == ErrorCode::not_found);
        const auto sealed = ask(device, "1");
        REQUIRE(sealed);
        const sync::OwnLogTrust trust{device.id, {keys->receipt().public_key()}};
        CHECK_FALSE(sync::open_own_log(sealed->body, trust, other.seal));
    }

    TEST_CASE_FIXTURE(MylogFixture, "the query is signed, too") {
        device.record(9);
        REQUIRE(send(device.envelope(1, 9)));
        auto moved = request(device, "/v1/sync/mylog", {{"from", "1"}});
        moved.query["from"] = "5";
        CHECK(answer(moved).error().code == ErrorCode::unauthorized);
        auto bare = request(device, "/v1/sync/mylog");
        bare.query["from"] = "5";
        CHECK(answer(bare).error().code == ErrorCode::unauthorized);
    }

    TEST_CASE_FIXTURE(MylogFixture,
                      "a device that was shut out, or asks with an old request, gets nothing") {
        device.record(1);
        REQUIRE(send(device.envelope(1, 1)));
        const auto asked = request(device, "/v1/sync/mylog", {{"from", "1"}});
        clock.set(clock.now() + std::chrono::minutes{11});
        CHECK(refusal(answer(asked)) == "central.request_too_old");
        store->revoke_device(device.id, clock.now());
        CHECK(ask(device, "1").error().code == ErrorCode::forbidden);
    }
}

}  // namespace egret::server
