#include "sync/core/request_signature.h"

#include "registry/base/text.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using egret::ErrorCode;
using egret::sync::authorize_request;
using egret::sync::parse_authorization;
using egret::sync::RequestParts;
using egret::sync::verify_request;

namespace {

struct RequestFixture {
    egret::SeededRandom random{48};
    egret::crypto::SigningKey key = egret::crypto::SigningKey::generate(random);
    egret::DeviceId device = egret::make_random_id<egret::DeviceTag>(random);
    egret::sync::RequestStamp stamp{1'767'225'600'123, random.bytes<16>()};
    egret::Bytes body = egret::copy_of(egret::bytes_of("body"));
    RequestParts parts{"GET", "/v1/sync/head?x=1", body};
    std::string header = authorize_request({device, 4, key}, stamp, parts);

    std::string replaced(std::string_view from, std::string_view to) const {
        auto changed = header;
        const auto at = changed.find(from);
        REQUIRE(at != std::string::npos);
        return changed.replace(at, from.size(), to);
    }
};

}  // namespace

TEST_SUITE("sync/core/request_signature") {
    TEST_CASE_FIXTURE(RequestFixture, "who signed is known, and what") {
        const auto claim = parse_authorization(header);
        REQUIRE(claim);
        CHECK(claim->device == device);
        CHECK(claim->epoch == 4);
        CHECK(claim->stamp == stamp);
        CHECK(verify_request(*claim, parts, key.public_key()));
        CHECK(header.substr(0, 11) == "CR1 device=");
    }

    TEST_CASE_FIXTURE(RequestFixture, "for any other request it is worth nothing") {
        const auto claim = *parse_authorization(header);
        const egret::Bytes other_body;
        const RequestParts others[] = {{"POST", parts.target, body},
                                       {"GET", "/v1/sync/head?x=2", body},
                                       {"GET", "/v1/sync/head", body},
                                       {"GET", parts.target, other_body},
                                       // The same letters, divided in another way.
                                       {"GET/v1", "/sync/head?x=1", body}};
        for (const auto& other : others) {
            const auto verified = verify_request(claim, other, key.public_key());
            REQUIRE_FALSE(verified);
            CHECK(verified.error().code == ErrorCode::unauthorized);
        }
        const auto stranger = egret::crypto::SigningKey::generate(random);
        CHECK_FALSE(verify_request(claim, parts, stranger.public_key()));
    }

    TEST_CASE_FIXTURE(RequestFixture, "what it says of itself can't be changed") {
        const std::string changed[] = {
            replaced("epoch=4", "epoch=5"), replaced("ts=1767225600123", "ts=1767225600124"),
            replaced("device=" + egret::to_hex(device.bytes).substr(0, 4), "device=0000"),
            replaced("nonce=" + egret::to_hex(stamp.nonce).substr(0, 4), "nonce=0000")};
        for (const auto& text : changed) {
            const auto claim = parse_authorization(text);
            REQUIRE(claim);
            CHECK_FALSE(verify_request(*claim, parts, key.public_key()));
        }
    }

    TEST_CASE_FIXTURE(RequestFixture, "a header of another form is none") {
        const std::string wrong[] = {"",
                                     "CR1",
                                     "CR1 ",
                                     "CR1 ,,,,",
                                     "Bearer " + header.substr(4),
                                     replaced("CR1 ", "CR1  "),
                                     replaced("epoch=4", "epoch=04"),
                                     replaced("epoch=4", "epoch="),
                                     replaced("epoch=4", "epoch=-4"),
                                     replaced("epoch=4", "epoch=4294967296"),
                                     replaced("epoch=4", "Epoch=4"),
                                     replaced("epoch=4,", ""),
                                     replaced("ts=1767225600123", "ts=9223372036854775808"),
                                     replaced("ts=1767225600123", "ts=99999999999999999999999"),
                                     replaced("ts=1767225600123", "ts=1.5"),
                                     replaced("nonce=", "nonce=00"),
                                     replaced("sig=", "sig=x"),
                                     header + "0",
                                     header + ",more=1",
                                     header + std::string(1000, ' ')};
        for (const auto& text : wrong) {
            CAPTURE(text);
            const auto claim = parse_authorization(text);
            REQUIRE_FALSE(claim);
            CHECK(claim.error().code == ErrorCode::unauthorized);
            CHECK(claim.error().message.id == "request.unauthorized");
        }
        for (std::size_t size = 0; size < header.size(); ++size)
            CHECK_FALSE(parse_authorization(header.substr(0, size)));
    }
}
