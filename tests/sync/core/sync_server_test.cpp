#include "sync/core/sync_server.h"

#include "tests/support/memory_log.h"

#include <doctest/doctest.h>

#include <stdexcept>

using egret::sync::decide_upload;
using egret::sync::UploadCode;
using egret::sync::UploadDecision;
using egret::tests::batch_of;
using egret::tests::MemoryLog;
using Kind = egret::sync::UploadDecision::Kind;

namespace {

struct ServerFixture {
    egret::SeededRandom random{42};
    egret::tests::FactMaker facts{random};
    MemoryLog device;
    MemoryLog centre;

    ServerFixture() { record(20); }

    void record(std::size_t count) {
        while (count-- > 0) device.record(facts.next());
    }

    void store(std::uint64_t first, std::size_t count) {
        const auto batch = batch_of(device, first, count);
        const auto decision = decide_upload(centre, batch);
        REQUIRE(decision.kind == Kind::append);
        for (auto i = decision.append_from; i < batch.events.size(); ++i)
            centre.all.push_back(batch.events[i]);
    }
};

/// Knows its head and nothing before it.
struct HollowLog final : egret::sync::ChainView {
    egret::sync::ChainHead head() const override { return {9, {}}; }
    std::optional<egret::Hash> find_hash(std::uint64_t) const override { return std::nullopt; }
};

}  // namespace

TEST_SUITE("sync/core/sync_server") {
    TEST_CASE_FIXTURE(ServerFixture, "what is new is appended, from the first new event on") {
        CHECK(decide_upload(centre, batch_of(device, 1, 5)) == UploadDecision{Kind::append, 0});
        store(1, 5);
        CHECK(decide_upload(centre, batch_of(device, 6, 5)) == UploadDecision{Kind::append, 0});
        CHECK(decide_upload(centre, batch_of(device, 1, 7)) == UploadDecision{Kind::append, 5});
        CHECK(decide_upload(centre, batch_of(device, 5, 2)) == UploadDecision{Kind::append, 1});
        store(4, 17);
        CHECK(centre.all == device.all);
    }

    TEST_CASE_FIXTURE(ServerFixture, "the same again changes nothing and gives the same answer") {
        store(1, 10);
        for (int i = 0; i < 3; ++i) {
            for (std::uint64_t first = 1; first <= 10; ++first) {
                const auto decision = decide_upload(centre, batch_of(device, first, 11 - first));
                CHECK(decision.kind == Kind::already_known);
                CHECK(decision.code() == UploadCode::applied);
            }
        }
        // Of an event that was erased since only the header comes.
        device.erase(3);
        CHECK(decide_upload(centre, batch_of(device, 1, 10)).kind == Kind::already_known);
    }

    TEST_CASE_FIXTURE(ServerFixture, "what leaves something out is a gap") {
        CHECK(decide_upload(centre, batch_of(device, 2, 1)).code() == UploadCode::gap);
        store(1, 5);
        CHECK(decide_upload(centre, batch_of(device, 7, 3)).kind == Kind::gap);
        CHECK(decide_upload(centre, batch_of(device, 20, 1)).kind == Kind::gap);
    }

    TEST_CASE_FIXTURE(ServerFixture,
                      "numbers used again for other facts are a fork, wherever they lie") {
        record(5);
        const auto backup = [&] {
            MemoryLog old = device;
            old.all.resize(15);
            return old;
        }();
        store(1, 25);
        const auto before = centre.all;

        MemoryLog restored = backup;
        for (int i = 0; i < 20; ++i) restored.record(facts.next());
        // Within what is stored, across its end, right behind it.
        for (const auto& [first, count] :
             {std::pair{16U, 1U}, {14U, 4U}, {1U, 35U}, {20U, 10U}, {25U, 1U}, {26U, 5U}}) {
            const auto decision = decide_upload(centre, batch_of(restored, first, count));
            CHECK(decision.kind == Kind::fork);
            CHECK(decision.code() == UploadCode::fork);
        }
        CHECK(decide_upload(centre, batch_of(restored, 1, 15)).kind == Kind::already_known);
        CHECK(decide_upload(centre, batch_of(restored, 27, 1)).kind == Kind::gap);
        CHECK(centre.all == before);
    }

    TEST_CASE_FIXTURE(ServerFixture, "a batch that contradicts itself is a bad chain") {
        auto batch = batch_of(device, 1, 5);
        batch.last_hash[0] ^= 1;
        CHECK(decide_upload(centre, batch).code() == UploadCode::bad_chain);

        // The payload was damaged on the device's disk: the hash that it remembers differs.
        batch = batch_of(device, 1, 5);
        batch.events[2].content->payload.back() ^= 1;
        const auto decoded = egret::sync::decode_batch(egret::sync::encode_batch(batch), 1, 5);
        REQUIRE(decoded);
        CHECK(decide_upload(centre, *decoded).kind == Kind::bad_chain);

        // A log starts from nothing.
        auto later = batch_of(device, 5, 3);
        later.first_seq = 1;
        CHECK(decide_upload(centre, later).kind == Kind::bad_chain);
    }

    TEST_CASE_FIXTURE(ServerFixture, "a stored log that lacks a hash throws") {
        CHECK_THROWS_AS(decide_upload(HollowLog{}, batch_of(device, 3, 2)), std::runtime_error);
    }
}
