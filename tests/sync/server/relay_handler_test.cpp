#include "sync/server/relay_handler.h"

#include "sync/core/receipt.h"
#include "sync/core/relay.h"
#include "tests/sync/server/asking.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace egret::server {
namespace {

using tests::AskedCentre;
using tests::TestDevice;

struct RelayFixture : AskedCentre {
    RelayFixture() { maker.record(20); }

    http::Request carried(const TestDevice& by, Bytes envelope, http::Query query = {}) {
        http::Request made;
        made.method = "POST";
        made.path = "/v1/relay";
        made.query = std::move(query);
        made.body = std::move(envelope);
        made.headers["authorization"] =
            sync::authorize_request({by.id, 1, by.sign}, {unix_ms(clock.now()), random.bytes<16>()},
                                    {made.method, http::target_of(made), made.body});
        return made;
    }

    sync::RelayAnswer carry(const TestDevice& by, Bytes envelope, http::Query query = {}) {
        const auto response = answer(carried(by, std::move(envelope), std::move(query)));
        REQUIRE(response);
        auto said = sync::decode_relay_answer(response->body);
        REQUIRE(said);
        return *std::move(said);
    }

    ErrorCode refused(const http::Request& request) {
        const auto response = answer(request);
        REQUIRE_FALSE(response);
        return response.error().code;
    }

    Bytes call_of(const TestDevice& device) {
        sync::Call call;
        call.top_seq = device.log.head().seq;
        call.app_version = "1";
        return sync::seal_call(call,
                               {device.id, 1, sync::EnvelopeSuite::aes_256_gcm, keys->seal_key()},
                               device.sign, random);
    }

    sync::ReplyTrust trust() const { return {maker.id, keys->receipt().public_key()}; }

    std::string clinic = add_clinic();
    TestDevice maker = enrol(clinic);
    TestDevice carrier = enrol(add_clinic());
};

}  // namespace

TEST_SUITE("sync/server/relay_handler") {
    TEST_CASE_FIXTURE(RelayFixture, "another machine brings an upload, and its receipt back") {
        const auto envelope = maker.envelope(1, 10);
        const auto said = carry(carrier, envelope);
        REQUIRE(said.files.size() == 1);
        CHECK(said.next == 0);
        CHECK(said.files[0].name.kind == sync::StickKind::receipt);
        CHECK(said.files[0].name.device == maker.id);
        const auto& content = said.files[0].content;
        const auto receipt = sync::open_receipt(content, trust(), maker.seal);
        REQUIRE(receipt);
        CHECK(receipt->standing().head_seq == 10);
        // Nobody else opens it.
        CHECK_FALSE(sync::open_receipt(content, trust(), carrier.seal));
        carry(carrier, envelope);
        CHECK(store->head(maker.id).seq == 10);
        // One that comes before the piece that it follows waits.
        carry(carrier, maker.envelope(16, 5));
        CHECK(store->head(maker.id).seq == 10);
        carry(carrier, maker.envelope(11, 5));
        CHECK(store->head(maker.id).seq == 20);
    }

    TEST_CASE_FIXTURE(RelayFixture, "uploads of one's own are brought by their maker alone") {
        auto request = carried(carrier, maker.envelope(1, 10));
        request.path = "/v1/sync/batches";
        request.peer.certificate = http::ClientCertificate{carrier.id.to_string(), Hash{}, true};
        CHECK(refused(request) == ErrorCode::forbidden);
        CHECK(store->head(maker.id).seq == 0);
    }

    TEST_CASE_FIXTURE(RelayFixture, "a call is answered with receipt, keys and pages, in pieces") {
        maker.record(3000);
        for (std::uint64_t first = 1; first <= 3020; first += 604) {
            REQUIRE(send(maker.envelope(first, 604)));
        }
        auto second = enrol(clinic);
        const auto call = call_of(second);
        std::size_t files = 0;
        std::size_t answers = 0;
        std::uint64_t from = 0;
        do {
            http::Query query;
            if (from > 0) query["from"] = std::to_string(from);
            const auto said = carry(carrier, call, query);
            CHECK((said.next == 0 || said.next > from));
            for (const auto& file : said.files) {
                CHECK((file.name.device == second.id || file.name.device.is_nil()));
                CHECK((file.name.kind == sync::StickKind::receipt) == (files == 0));
                CHECK((file.name.kind == sync::StickKind::bundle) == (files == 1));
                ++files;
            }
            from = said.next;
            ++answers;
        } while (from > 0);
        CHECK(files > 2);
        CHECK(answers < files);
    }

    TEST_CASE_FIXTURE(RelayFixture, "who carries is known; whom he carries for, too") {
        TestDevice stranger(random, clock, keys->seal_key());
        stranger.record(2);
        CHECK(refused(carried(stranger, maker.envelope(1, 10))) == ErrorCode::unauthorized);
        CHECK(refused(carried(carrier, stranger.envelope(1, 2))) == ErrorCode::conflict);
        CHECK(refused(carried(carrier, call_of(stranger))) == ErrorCode::conflict);
        CHECK(refused(carried(carrier, Bytes(300, 1))) == ErrorCode::invalid_input);
        CHECK(refused(carried(carrier, call_of(maker), {{"from", "x"}})) ==
              ErrorCode::invalid_input);
        REQUIRE(store->revoke_device(carrier.id, clock.now()));
        CHECK(refused(carried(carrier, maker.envelope(1, 10))) == ErrorCode::forbidden);
        CHECK(store->head(maker.id).seq == 0);
    }

    TEST_CASE_FIXTURE(RelayFixture, "one carrier brings so much, and no more for a while") {
        const auto envelope = maker.envelope(1, 1);
        int taken = 0;
        while (taken < 1000 && answer(carried(carrier, envelope))) ++taken;
        CHECK(taken == 600);
        CHECK(refused(carried(carrier, envelope)) == ErrorCode::unavailable);
        auto other = enrol(clinic);
        CHECK(answer(carried(other, envelope)));
        clock.advance(std::chrono::minutes{11});
        CHECK(answer(carried(carrier, envelope)));
    }
}

}  // namespace egret::server
