#include "tests/sync/core/client_fixture.h"

#include <string_view>
#include <vector>

using egret::ErrorCode;
using egret::sync::SyncClient;
using egret::sync::SyncFailure;
using egret::sync::SyncState;
using egret::sync::SyncStep;
using egret::sync::UploadCode;
using egret::tests::check_error;
using egret::tests::ClientFixture;
using egret::tests::MemoryCentre;
using egret::tests::now;

TEST_SUITE("sync/core/sync_client") {
    TEST_CASE_FIXTURE(ClientFixture, "all that was recorded arrives, once, in growing batches") {
        record(6000);
        auto uploader = client();
        std::vector<std::size_t> sizes;
        auto step = uploader.start(now);
        while (step == SyncStep::send) {
            const auto& state = uploader.state();
            CHECK(state.outbox->envelope.size() <= state.batch_bytes);
            sizes.push_back(state.outbox->envelope.size());
            const auto answer = ask(uploader, step);
            step = uploader.on_reply(answer.status, answer.body, now);
        }
        CHECK(step == SyncStep::done);
        REQUIRE(sizes.size() == 4);  // Of 32, 64, 128 KiB, and the rest.
        for (std::size_t i = 0; i < 3; ++i)
            CHECK(sizes[i] >= (egret::limits::batch_bytes_first << i) / 4 * 3);
        CHECK(stored().all == device.log.all);
        CHECK(uploader.state().acked_seq == 6000);
        CHECK(uploader.state().server_time_ms == 1'767'225'600'000);
        CHECK_FALSE(uploader.state().outbox);
        const auto report = uploader.report();
        CHECK(report.sent == 6000);
        CHECK(report.acked == 6000);
        CHECK(report.left == 0);
        CHECK_FALSE(report.error);
    }

    TEST_CASE_FIXTURE(ClientFixture, "sent is what the centre took or may have, each fact once") {
        record(10);
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        CHECK(uploader.report().sent == 0);
        uploader.on_failure(SyncFailure::unreachable);
        CHECK(uploader.report().sent == 0);
        CHECK(uploader.start(now) == SyncStep::send);
        CHECK(uploader.on_reply(503, "", now) == SyncStep::wait);
        CHECK(uploader.report().sent == 0);
        for (int i = 0; i < 3; ++i) {
            CHECK(uploader.start(now) == SyncStep::send);
            uploader.on_failure(SyncFailure::broken);
            CHECK(uploader.report().sent == 10);
        }
        CHECK(run(uploader) == SyncStep::done);
        CHECK(uploader.report().sent == 10);

        record(1);
        CHECK(uploader.start(now) == SyncStep::send);
        uploader.on_reply(409, said(UploadCode::fork, 10, stored().head().hash), now);
        CHECK(uploader.report().sent == 10);
    }

    TEST_CASE_FIXTURE(ClientFixture,
                      "a fact recorded while a batch is under way is still to send") {
        record(3);
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        record(2);
        const auto answer = ask(uploader, SyncStep::send);
        CHECK(uploader.on_reply(answer.status, answer.body, now) == SyncStep::send);
        CHECK(uploader.state().acked_seq == 3);
        CHECK(uploader.report().left == 2);
    }

    TEST_CASE_FIXTURE(ClientFixture, "a lost answer is made up for with the very same bytes") {
        record(30);
        auto first = client();
        CHECK(first.start(now) == SyncStep::send);
        const auto envelope = first.state().outbox->envelope;
        const auto lost = centre.receive(envelope);
        CHECK(first.on_failure(SyncFailure::broken) == SyncStep::wait);
        check_error(first, ErrorCode::unavailable, "sync.no_line");
        CHECK(first.report().left == 30);

        // Another run, from what was saved; more was recorded meanwhile.
        record(5);
        auto second = client(first.state());
        CHECK(second.start(now) == SyncStep::send);
        CHECK(second.state().outbox->envelope == envelope);
        const auto again = centre.receive(envelope);
        CHECK(again == lost);
        CHECK(second.on_reply(again.status, again.body, now) == SyncStep::send);
        CHECK(second.state().acked_seq == 30);
        CHECK(run(second) == SyncStep::done);
        CHECK(stored().all == device.log.all);
    }

    TEST_CASE_FIXTURE(ClientFixture,
                      "a full batch goes twice before a smaller one takes its place") {
        record(300);
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        const auto envelope = uploader.state().outbox->envelope;
        CHECK(uploader.on_failure(SyncFailure::broken) == SyncStep::wait);
        CHECK(uploader.start(now) == SyncStep::send);
        CHECK(uploader.state().outbox->envelope == envelope);
        centre.receive(envelope);
        CHECK(uploader.on_failure(SyncFailure::broken) == SyncStep::wait);
        CHECK(uploader.start(now) == SyncStep::send);
        CHECK(uploader.state().batch_bytes == 8 * 1024);
        CHECK(uploader.state().outbox->envelope.size() <= 8 * 1024);
        CHECK(uploader.state().outbox->fact_count() < 300);

        // The centre had the large one after all, and says so.
        const auto answer = ask(uploader, SyncStep::send);
        CHECK(uploader.on_reply(answer.status, answer.body, now) == SyncStep::done);
        CHECK(uploader.state().acked_seq == 300);
        CHECK(run(uploader) == SyncStep::done);
        CHECK(stored().all == device.log.all);
    }

    TEST_CASE_FIXTURE(ClientFixture, "an answer whose hash isn't ours is not believed") {
        record(10);
        auto wrong = device.log.head().hash;
        wrong[31] ^= 1;
        for (const auto code : {UploadCode::applied, UploadCode::gap}) {
            auto uploader = client();
            CHECK(uploader.start(now) == SyncStep::send);
            CHECK(uploader.on_reply(200, said(code, 10, wrong), now) == SyncStep::stop);
            check_error(uploader, ErrorCode::conflict, "sync.fork");
            CHECK(uploader.state().acked_seq == 0);
            CHECK(uploader.report().acked == 0);
            CHECK(uploader.report().sent == 0);
            // The next batch holds all there is then, so that the centre sees what we see.
            CHECK_FALSE(uploader.state().outbox);
            record(1);
            CHECK(uploader.start(now) == SyncStep::send);
            CHECK(uploader.state().outbox->first_seq == 1);
            CHECK(uploader.state().outbox->last_seq == device.log.head().seq);
        }
        // Nor one of more than we have.
        const auto more = device.log.head().seq + 1;
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        CHECK(uploader.on_reply(200, said(UploadCode::applied, more, wrong), now) ==
              SyncStep::stop);
        CHECK(uploader.state().acked_seq == 0);
    }

    TEST_CASE_FIXTURE(ClientFixture, "an answer that the centre didn't make counts as none") {
        record(10);
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        const auto before = uploader.state().outbox->envelope;
        egret::tests::MemoryDevice other(random);
        centre.enrol(other);
        const auto stranger = egret::crypto::SigningKey::generate(random);
        const std::string answers[] = {
            "<html>Please sign in</html>", centre.reply(other.id, UploadCode::applied).body,
            egret::sync::encode_upload_reply({UploadCode::fork, centre.standing(device.id)},
                                             stranger)};
        for (const auto& body : answers) {
            auto careful = client(uploader.state());
            CHECK(careful.start(now) == SyncStep::send);
            CHECK(careful.on_reply(200, body, now) == SyncStep::wait);
            check_error(careful, ErrorCode::unavailable, "sync.no_line");
            CHECK(careful.state().acked_seq == 0);
            CHECK(careful.state().outbox->envelope == before);
        }
    }

    TEST_CASE_FIXTURE(ClientFixture, "a restored centre gets back what it lost") {
        record(50);
        auto uploader = client();
        CHECK(run(uploader) == SyncStep::done);
        const auto backup = centre.logs;
        record(30);
        CHECK(run(uploader) == SyncStep::done);
        CHECK(uploader.state().acked_seq == 80);

        SUBCASE("with the next upload, which meets a gap") {
            centre.logs = backup;
            record(1);
            CHECK(uploader.start(now) == SyncStep::send);
            CHECK(uploader.state().outbox->first_seq == 81);
            const auto answer = ask(uploader, SyncStep::send);
            CHECK(answer.status == 409);
            CHECK(uploader.on_reply(answer.status, answer.body, now) == SyncStep::send);
            CHECK(uploader.state().acked_seq == 50);
            CHECK(uploader.state().outbox->first_seq == 51);
        }
        SUBCASE("without anything new to send") { centre.logs = backup; }
        SUBCASE("when nothing is left of it") { centre.logs[device.id] = {}; }
        CHECK(run(uploader) == SyncStep::done);
        CHECK(stored().all == device.log.all);
        CHECK(uploader.report().left == 0);
    }

    TEST_CASE_FIXTURE(ClientFixture,
                      "a device restored from a backup is stopped, and overwrites nothing") {
        record(20);
        auto uploader = client();
        CHECK(run(uploader) == SyncStep::done);
        const auto backup = device.log;
        const auto backup_state = uploader.state();
        record(10);
        CHECK(run(uploader) == SyncStep::done);
        const auto before = stored().all;

        device.log = backup;
        auto restored = client(backup_state);
        SUBCASE("with other facts under the old numbers") { record(3); }
        SUBCASE("with more of them than before") { record(15); }
        SUBCASE("with nothing new") {}
        const auto local = device.log.all;
        CHECK(run(restored) == SyncStep::stop);
        check_error(restored, ErrorCode::conflict, "sync.fork");
        CHECK(restored.state().acked_seq == 20);
        CHECK(stored().all == before);
        CHECK(device.log.all == local);
    }

    TEST_CASE_FIXTURE(ClientFixture, "too much at once is halved, down to one fact") {
        record(7);
        auto uploader = client();
        auto step = uploader.start(now);
        for (const std::size_t count : {7U, 3U, 1U}) {
            CHECK(step == SyncStep::send);
            CHECK(uploader.state().outbox->fact_count() == count);
            step = uploader.on_reply(413, "", now);
        }
        CHECK(step == SyncStep::stop);
        check_error(uploader, ErrorCode::invalid_input, "sync.fact_too_large");
        CHECK(uploader.report().left == 7);
        CHECK(run(uploader) == SyncStep::done);
    }

    TEST_CASE_FIXTURE(ClientFixture, "a chain that the centre finds bad is narrowed down") {
        record(4);
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        const auto bad = centre.reply(device.id, UploadCode::bad_chain);
        CHECK(uploader.on_reply(bad.status, bad.body, now) == SyncStep::send);
        CHECK(uploader.state().outbox->fact_count() == 2);
        CHECK(uploader.on_reply(bad.status, bad.body, now) == SyncStep::send);
        CHECK(uploader.on_reply(bad.status, bad.body, now) == SyncStep::stop);
        check_error(uploader, ErrorCode::invalid_input, "sync.bad_chain");
        CHECK(uploader.state().acked_seq == 0);
    }

    TEST_CASE_FIXTURE(ClientFixture, "what is damaged on the disk is not sent, what is before is") {
        record(9);
        SUBCASE("a payload") { device.log.all[5].content->payload[0] ^= 1; }
        SUBCASE("a header") { device.log.all[5].header[20] ^= 1; }
        SUBCASE("a hash") { device.log.all[5].hash[0] ^= 1; }
        auto uploader = client();
        CHECK(run(uploader) == SyncStep::stop);
        check_error(uploader, ErrorCode::invalid_input, "sync.log_damaged");
        CHECK(uploader.report().error->message.arguments[0].second == "6");
        CHECK(uploader.state().acked_seq == 5);
        CHECK(stored().all.size() == 5);
    }

    TEST_CASE_FIXTURE(ClientFixture, "an erased fact still goes, by its header") {
        record(6);
        device.log.erase(3);
        auto uploader = client();
        CHECK(run(uploader) == SyncStep::done);
        CHECK(stored().all == device.log.all);
    }

    TEST_CASE_FIXTURE(ClientFixture, "a revoked device keeps all and is told to enrol again") {
        record(6);
        for (const int status : {401, 403}) {
            auto uploader = client();
            CHECK(uploader.start(now) == SyncStep::send);
            const auto before = uploader.state();
            CHECK(uploader.on_reply(status, "", now) == SyncStep::stop);
            check_error(uploader, ErrorCode::forbidden, "sync.re_enrol");
            CHECK(uploader.state() == before);
        }
    }

    TEST_CASE_FIXTURE(ClientFixture, "a busy centre, or none, is tried again with the same batch") {
        record(6);
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        const auto before = uploader.state();
        const std::pair<int, const char*> answers[] = {
            {408, "sync.busy"},          {429, "sync.busy"},          {503, "sync.busy"},
            {500, "sync.centre_failed"}, {502, "sync.centre_failed"}, {504, "sync.centre_failed"},
            {507, "sync.centre_full"}};
        for (const auto& [status, message] : answers) {
            CHECK(uploader.on_reply(status, "", now) == SyncStep::wait);
            check_error(uploader, status == 507 ? ErrorCode::no_space : ErrorCode::unavailable,
                        message);
            CHECK(uploader.state() == before);
            CHECK(uploader.start(now) == SyncStep::send);
        }
        for (int i = 0; i < 10; ++i) {
            CHECK(uploader.on_failure(SyncFailure::unreachable) == SyncStep::wait);
            CHECK(uploader.start(now) == SyncStep::send);
        }
        CHECK(uploader.state() == before);
        CHECK(run(uploader) == SyncStep::done);
    }

    TEST_CASE_FIXTURE(ClientFixture, "a line that breaks is offered less, then more again") {
        record(300);
        auto uploader = client();
        std::size_t least = 1000;
        for (int i = 0; i < 30; ++i) {
            CHECK(uploader.start(now) == SyncStep::send);
            least = std::min(least, uploader.state().outbox->fact_count());
            CHECK(uploader.on_failure(SyncFailure::broken) == SyncStep::wait);
        }
        CHECK(least == 1);
        CHECK(uploader.state().batch_bytes == egret::limits::batch_bytes_least);
        CHECK(run(uploader) == SyncStep::done);
        CHECK(uploader.state().batch_bytes >= 8 * 1024);
    }

    TEST_CASE_FIXTURE(ClientFixture,
                      "a refused batch is sealed once more, then a person is asked") {
        record(6);
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        const auto first = uploader.state().outbox->envelope;
        CHECK(uploader.on_reply(400, "", now) == SyncStep::send);
        CHECK(uploader.state().outbox->envelope != first);
        CHECK(uploader.on_reply(400, "", now) == SyncStep::stop);
        check_error(uploader, ErrorCode::unsupported, "sync.refused");
        CHECK(uploader.report().left == 6);
        CHECK(run(uploader) == SyncStep::done);

        CHECK(uploader.start(now) == SyncStep::ask_head);
        CHECK(uploader.on_reply(404, "", now) == SyncStep::stop);
        CHECK(uploader.start(now) == SyncStep::ask_head);
        CHECK(uploader.on_reply(409, "", now) == SyncStep::stop);
        CHECK(uploader.start(now) == SyncStep::ask_head);
        CHECK(uploader.on_reply(413, "", now) == SyncStep::stop);
        CHECK(uploader.start(now) == SyncStep::ask_head);
        CHECK(uploader.on_failure(SyncFailure::broken) == SyncStep::wait);
    }

    TEST_CASE_FIXTURE(ClientFixture, "a centre that says yes and takes nothing is left alone") {
        record(6);
        auto uploader = client();
        auto step = uploader.start(now);
        int sends = 0;
        while (step == SyncStep::send && ++sends < 100)
            step = uploader.on_reply(200, said(UploadCode::applied, 0, {}), now);
        CHECK(step == SyncStep::wait);
        CHECK(sends < 20);
        check_error(uploader, ErrorCode::unavailable, "sync.no_progress");
    }

    TEST_CASE_FIXTURE(ClientFixture, "what the centre has is asked even with nothing to send") {
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::ask_head);
        const auto head = centre.head_of(device.id);
        CHECK(uploader.on_reply(head.status, head.body, now) == SyncStep::done);
    }

    TEST_CASE_FIXTURE(ClientFixture, "an outbox that isn't of this log is made anew") {
        record(10);
        auto uploader = client();
        CHECK(uploader.start(now) == SyncStep::send);
        const auto foreign = [&](auto change) {
            auto state = uploader.state();
            auto changed = state.outbox.value();
            change(changed);
            state.outbox = changed;
            auto other = client(state);
            CHECK(other.start(now) == SyncStep::send);
            CHECK(other.state().outbox->envelope != uploader.state().outbox->envelope);
            CHECK(other.state().outbox->first_seq == 1);
            CHECK(other.state().outbox->last_seq == 10);
        };
        foreign([](auto& outbox) { outbox.last_hash[0] ^= 1; });
        foreign([](auto& outbox) { outbox.first_seq = 2; });
        foreign([](auto& outbox) { outbox.last_seq = 11; });
        foreign([](auto& outbox) { outbox.last_seq = 0; });
    }

    TEST_CASE_FIXTURE(ClientFixture, "no batch is larger than the centre reads") {
        // Facts of the largest payload that there is, of which nothing can be compressed.
        for (int i = 0; i < 300; ++i) {
            auto fact = facts.next();
            fact.payload.resize(egret::limits::payload_bytes_max);
            random.fill(fact.payload);
            fact.header =
                egret::codec::with_commitment(egret::codec::without_commitment(fact.header),
                                              egret::codec::commitment_of(fact.salt, fact.payload));
            device.log.record(std::move(fact));
        }
        auto uploader = client();
        auto step = uploader.start(now);
        while (step == SyncStep::send) {
            CHECK(uploader.state().outbox->envelope.size() <=
                  egret::limits::batch_sealed_bytes_max);
            const auto answer = ask(uploader, step);
            step = uploader.on_reply(answer.status, answer.body, now);
        }
        CHECK(step == SyncStep::done);
        CHECK(stored().all == device.log.all);
        CHECK(uploader.report().sent == 300);
    }
}
