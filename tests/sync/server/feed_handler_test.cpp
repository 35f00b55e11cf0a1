#include "sync/server/feed_handler.h"

#include "sync/central/centre_device.h"
#include "sync/core/key_bundle.h"
#include "tests/sync/server/asking.h"

#include <doctest/doctest.h>

namespace egret::server {
namespace {

using tests::AskedCentre;
using tests::TestDevice;

struct FeedHandlerFixture : AskedCentre {
    std::string clinic = add_clinic();
    TestDevice device = enrol(clinic);
    TestDevice elsewhere = enrol(add_clinic());
    WomanId woman = make_time_ordered_id<WomanTag>(1, random);

    FeedHandlerFixture() {
        Register who;
        who.who.sex = Sex::female;
        device.record(tests::fact("2026-01-02", who), woman);
        REQUIRE(send(device.envelope(1, 1)));
        elsewhere.record(tests::fact("2026-01-03", Visit{}), woman);
        REQUIRE(send(elsewhere.envelope(1, 1)));
    }

    http::Query cursor(std::uint64_t pos, const Hash& hash, std::uint64_t scope = 1) {
        return {
            {"scope", std::to_string(scope)}, {"pos", std::to_string(pos)}, {"hash", to_hex(hash)}};
    }

    Result<http::Response> ask(const TestDevice& by, http::Query query) {
        return get(by, "/v1/sync/feed", std::move(query));
    }

    DeviceId centre() { return central::load_centre_device(*store, *keys); }

    sync::PageTrust trust() {
        return {centre(), {keys->receipt().public_key()}, store->find_clinic(clinic)->scope};
    }
};

}  // namespace

TEST_SUITE("sync/server/feed_handler") {
    TEST_CASE_FIXTURE(FeedHandlerFixture, "a device gets its page sealed to itself") {
        const auto response = ask(device, cursor(0, Hash{}));
        REQUIRE(response);
        REQUIRE(response->status == 200);
        const auto page = sync::open_page(response->body, trust(), device.seal);
        REQUIRE(page);
        REQUIRE(page->items.size() == 2);
        CHECK(std::holds_alternative<sync::FeedEcho>(page->items.at(0)));
        CHECK(std::get<sync::FeedFact>(page->items.at(1)).header == elsewhere.log.all.at(0).header);
        CHECK_FALSE(sync::open_page(response->body, trust(), elsewhere.seal));
        const auto outside = sync::outside_of_page(response->body);
        REQUIRE(outside);
        CHECK(outside->last_pos == 2);
        // From there on there is nothing yet.
        const auto end = page->end();
        const auto rest = ask(device, cursor(end.pos, end.hash));
        REQUIRE(rest);
        CHECK(sync::open_page(rest->body, trust(), device.seal)->items.empty());
    }

    TEST_CASE_FIXTURE(FeedHandlerFixture, "each reason why there is no page has its status") {
        CHECK(ask(device, cursor(9, Hash{}))->status == 409);
        Hash other{};
        other[3] = 1;
        CHECK(ask(device, cursor(1, other))->status == 409);
        // A second machine: the first one's facts stand behind its echo.
        auto beside = enrol(clinic);
        CHECK(ask(beside, cursor(0, Hash{}))->status == 410);
        const auto snapshot = get(beside, "/v1/sync/snapshot", {{"scope", "1"}});
        REQUIRE(snapshot);
        const auto page = sync::open_page(snapshot->body, trust(), beside.seal);
        REQUIRE(page);
        CHECK(page->kind == sync::FeedPageKind::snapshot);
        CHECK(page->items.size() == 2);
        CHECK(get(beside, "/v1/sync/snapshot", {{"scope", "1"}, {"next", "zz"}}).error().code ==
              ErrorCode::invalid_input);
        const auto hash = to_hex(Bytes(48, 7));
        CHECK(
            get(beside, "/v1/sync/snapshot", {{"scope", "1"}, {"next", "0000000000000001" + hash}})
                ->status == 410);
    }

    TEST_CASE_FIXTURE(FeedHandlerFixture,
                      "a scope of others is refused, and so is who didn't sign") {
        CHECK(ask(elsewhere, cursor(0, Hash{})).error().code == ErrorCode::forbidden);
        auto asked = request(device, "/v1/sync/feed", cursor(0, Hash{}));
        asked.query["pos"] = "1";
        CHECK(answer(asked).error().code == ErrorCode::unauthorized);
        asked.headers.clear();
        CHECK(answer(asked).error().code == ErrorCode::unauthorized);
        store->revoke_device(device.id, clock.now());
        CHECK(ask(device, cursor(0, Hash{})).error().code == ErrorCode::forbidden);
    }

    TEST_CASE_FIXTURE(FeedHandlerFixture, "what is no cursor is refused") {
        for (const auto* name : {"scope", "pos", "hash"}) {
            for (const auto* value : {"", "x", "-1", "12345678901234567890"}) {
                auto query = cursor(0, Hash{});
                query[name] = value;
                CHECK(ask(device, query).error().code == ErrorCode::invalid_input);
            }
            auto query = cursor(0, Hash{});
            query.erase(name);
            CHECK(ask(device, query).error().code == ErrorCode::invalid_input);
        }
    }

    TEST_CASE_FIXTURE(
        FeedHandlerFixture,
        "the bundle of version 3 names the device that sends feeds, and older ones stay") {
        http::Request asked;
        asked.path = "/v1/bundle";
        const auto second = answer(asked);
        REQUIRE(second);
        CHECK(sync::open_bundle(second->body, keys->root())->version == 2);
        asked.query["v"] = "2";
        CHECK(answer(asked)->body == second->body);
        asked.query["v"] = "3";
        const auto third = answer(asked);
        REQUIRE(third);
        const auto bundle = sync::open_bundle(third->body, keys->root());
        REQUIRE(bundle);
        CHECK(bundle->version == 3);
        CHECK(bundle->centre_device == centre());
        CHECK(bundle->protocol_max == sync::protocol_version);
        CHECK(bundle->number == keys->bundle_number());
        asked.query["v"] = "4";
        CHECK(answer(asked)->body == third->body);
        for (const auto* version : {"1", "", "x", "-3"}) {
            asked.query["v"] = version;
            CHECK(answer(asked).error().code == ErrorCode::invalid_input);
        }
    }

    TEST_CASE_FIXTURE(FeedHandlerFixture, "the centre's device stays the same through a restart") {
        const auto before = centre();
        CHECK_FALSE(before.is_nil());
        restart();
        CHECK(centre() == before);
    }
}

}  // namespace egret::server
