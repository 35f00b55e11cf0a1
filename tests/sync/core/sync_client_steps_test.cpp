// What an uploading device does when the line is slow, a key was destroyed, or the centre has news.

#include "tests/support/key_bundle.h"
#include "tests/sync/core/client_fixture.h"

#include <cstdint>

using egret::ErrorCode;
using egret::sync::SyncClient;
using egret::sync::SyncState;
using egret::sync::SyncStep;
using egret::sync::UploadCode;
using egret::tests::check_error;
using egret::tests::ClientFixture;
using egret::tests::now;

TEST_SUITE("sync/core/sync_client") {
    TEST_CASE_FIXTURE(ClientFixture,
                      "a batch takes the line fifteen seconds at most, once it is known") {
        struct Case {
            std::int64_t bytes_a_second;
            std::int64_t turn_ms;
            std::size_t sends_max;
        };
        // 32 kbit/s with a slow satellite, a telephone, a good line.
        constexpr Case cases[] = {{4'000, 600, 8}, {1'000, 200, 20}, {1'000'000, 20, 4}};
        record(6000);
        for (const auto& [bytes_a_second, turn_ms, sends_max] : cases) {
            CAPTURE(bytes_a_second);
            centre.logs[device.id] = {};
            auto uploader = client();
            auto at = now;
            std::size_t sends = 0;
            auto step = uploader.start(at);
            while (step == SyncStep::send) {
                const auto bytes =
                    static_cast<std::int64_t>(uploader.state().outbox->envelope.size());
                const auto took = turn_ms + bytes * 1000 / bytes_a_second;
                if (++sends > 1) CHECK(took <= egret::limits::batch_ms_most + 2 * turn_ms);
                at += std::chrono::milliseconds(took);
                const auto answer = ask(uploader, step);
                step = uploader.on_reply(answer.status, answer.body, at);
            }
            CHECK(step == SyncStep::done);
            CHECK(sends <= sends_max * 3);
            CHECK(stored().all == device.log.all);
        }
    }

    TEST_CASE_FIXTURE(ClientFixture,
                      "a destroyed key costs a bundle, and the facts go to the new one") {
        record(10);
        const egret::sync::SyncSkills skills{true, false};
        SyncClient uploader({device.log, device.key, random}, centre.identity(device), {}, skills);
        CHECK(uploader.start(now) == SyncStep::send);
        const auto first = uploader.state().outbox->envelope;
        const auto stale = said(UploadCode::stale_key, 0, egret::codec::chain_start);
        CHECK(uploader.on_reply(422, stale, now) == SyncStep::fetch_bundle);

        SUBCASE("with a newer bundle") {
            auto newer = centre.identity(device);
            newer.seal.centre = egret::crypto::SealKeyPair::generate(random).public_key();
            newer.bundle_number = 8;
            CHECK(uploader.on_bundle(newer, now) == SyncStep::send);
            const auto& outbox = *uploader.state().outbox;
            CHECK(outbox.fact_count() == 10);
            const auto header = egret::sync::parse_envelope(outbox.envelope);
            CHECK(header->recipient_key_id == egret::sync::key_id_of(newer.seal.centre));
            CHECK(outbox.envelope != first);
        }
        SUBCASE("with the same again") {
            CHECK(uploader.on_bundle(centre.identity(device), now) == SyncStep::stop);
            check_error(uploader, ErrorCode::unsupported, "sync.stale_key");
        }
        SUBCASE("without a line") {
            CHECK(uploader.give_up({ErrorCode::unavailable, "", egret::msg("sync.no_line")}) ==
                  SyncStep::wait);
            CHECK(uploader.start(now) == SyncStep::send);
            CHECK(uploader.state().outbox->envelope == first);
        }
        SUBCASE("with a bundle that another signed") {
            CHECK(uploader.give_up({ErrorCode::unauthorized, "",
                                    egret::msg("bundle.other_root")}) == SyncStep::stop);
        }
        CHECK(uploader.state().acked_seq == 0);
        CHECK(uploader.report().left == 10);
    }

    TEST_CASE_FIXTURE(ClientFixture, "who can't fetch a bundle, or gets ever newer ones, stops") {
        record(3);
        const auto stale = said(UploadCode::stale_key, 0, egret::codec::chain_start);
        auto unskilled = client();
        CHECK(unskilled.start(now) == SyncStep::send);
        CHECK(unskilled.on_reply(422, stale, now) == SyncStep::stop);
        check_error(unskilled, ErrorCode::unsupported, "sync.stale_key");

        SyncClient uploader({device.log, device.key, random}, centre.identity(device), {},
                            {true, false});
        auto step = uploader.start(now);
        int fetched = 0;
        while (step == SyncStep::send && fetched < 10) {
            step = uploader.on_reply(422, stale, now);
            if (step != SyncStep::fetch_bundle) break;
            ++fetched;
            auto newer = centre.identity(device);
            newer.seal.centre = egret::crypto::SealKeyPair::generate(random).public_key();
            step = uploader.on_bundle(newer, now);
        }
        CHECK(step == SyncStep::stop);
        CHECK(fetched == 2);
    }

    TEST_CASE_FIXTURE(ClientFixture, "what refuses a request with the same status is no centre") {
        record(3);
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        CHECK(uploader.on_reply(422, "<html>", now) == SyncStep::send);
        CHECK(uploader.on_reply(422, "<html>", now) == SyncStep::stop);
        check_error(uploader, ErrorCode::unsupported, "sync.refused");
    }

    TEST_CASE_FIXTURE(ClientFixture, "the bundle says to whom, and in which version") {
        record(3);
        auto bundle = egret::tests::key_bundle(random);
        auto identity = centre.identity(device);
        const auto version_of = [&](const egret::sync::SyncIdentity& by) {
            // The centre's key in its place, so that it can be opened here.
            auto opened_by = by;
            const auto key = egret::crypto::SealKeyPair::generate(random);
            opened_by.seal.centre = key.public_key();
            SyncClient uploader({device.log, device.key, random}, opened_by, {});
            uploader.start(now);
            const auto batch = egret::sync::open_batch(uploader.state().outbox->envelope,
                                                       {device.id, device.key.public_key()}, key);
            REQUIRE(batch);
            CHECK(batch->bundle_number == (batch->version == 2 ? bundle.number : 0));
            CHECK(batch->cursors.size() == (batch->version == 2 ? 1 : 0));
            return batch->version;
        };
        identity.cursors = {{17, 4, {}}};
        egret::sync::use_bundle(identity, bundle, now);
        CHECK(identity.seal.centre == bundle.seal_key);
        CHECK(identity.receipt_key == bundle.receipt_key);
        CHECK(version_of(identity) == 1);
        bundle.version = 3;
        bundle.protocol_max = 2;
        bundle.next_seal_keys = {
            {9, egret::crypto::SealKeyPair::generate(random).public_key(), egret::unix_ms(now)}};
        bundle.former_receipt_keys = {centre.receipt_key().public_key()};
        egret::sync::use_bundle(identity, bundle, now);
        CHECK(identity.seal.centre == bundle.next_seal_keys[0].key);
        CHECK(identity.former_receipt_keys == bundle.former_receipt_keys);
        CHECK(version_of(identity) == 2);
    }

    TEST_CASE_FIXTURE(ClientFixture, "what the centre says beside is kept for the caller") {
        record(3);
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        CHECK_FALSE(uploader.news());
        centre.receive(uploader.state().outbox->envelope);
        const egret::sync::ReplyNews news{9, {{17, 40}}, true};
        const auto body = egret::sync::encode_upload_reply(
            {UploadCode::applied, centre.standing(device.id), news}, centre.receipt_key());
        CHECK(uploader.on_reply(200, body, now) == SyncStep::done);
        CHECK(uploader.news() == news);
    }

    TEST_CASE_FIXTURE(ClientFixture,
                      "a payload is dropped only when a backup of the centre has it") {
        SyncState state;
        CHECK_FALSE(egret::sync::may_prune(state, 1));
        state.acked_seq = 10;
        CHECK_FALSE(egret::sync::may_prune(state, 1));
        state.safe_seq = 4;
        CHECK(egret::sync::may_prune(state, 4));
        CHECK_FALSE(egret::sync::may_prune(state, 5));
        state.acked_seq = 3;
        CHECK_FALSE(egret::sync::may_prune(state, 4));
        state.is_lost = true;
        CHECK_FALSE(egret::sync::may_prune(state, 1));
    }
}
