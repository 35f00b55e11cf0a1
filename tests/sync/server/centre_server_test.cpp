#include "sync/server/centre_server.h"

#include "registry/card/jwk.h"
#include "registry/coverage/indicator.h"
#include "registry/crypto/random_bytes.h"
#include "registry/json/parse.h"
#include "sync/central/enrolment_service.h"
#include "sync/client/https_client.h"
#include "sync/core/enrolment.h"
#include "sync/core/enrolment_code.h"
#include "sync/core/request_signature.h"
#include "sync/core/sync_client.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <optional>
#include <thread>
#include <utility>

namespace egret::server {
namespace {

using client::HttpsClient;
using client::HttpsClientOptions;
using tests::TestCentre;
using tests::TestDevice;

/// A machine that was let in over the network.
struct Machine {
    TestDevice device;
    std::string tls_key = crypto::make_tls_key();
    sync::Enrolled enrolled{};

    client::ClientIdentity identity() const { return {enrolled.reply.certificate_pem, tls_key}; }
};

struct ServerFixture : TestCentre {
    ServerFixture() {
        http::ignore_sigpipe();
        serve();
    }

    void serve() {
        server = std::make_unique<CentreServer>(
            CentreServices{*store, *keys, zone, clock, system_random, translate, log});
        const auto started = server->start({}, {"localhost", "127.0.0.1"});
        REQUIRE(started);
        url = "https://127.0.0.1:" + std::to_string(*started);
    }

    void restart() {
        server.reset();
        reopen();
        serve();
    }

    HttpsClient connect(const std::optional<client::ClientIdentity>& identity = {}) {
        HttpsClientOptions options;
        options.url = url;
        options.authority_pem = keys->authority().certificate_pem;
        options.identity = identity;
        options.now = clock.now();
        return *HttpsClient::make(options);
    }

    static http::Request post(std::string_view path, ByteView body) {
        http::Request request;
        request.method = "POST";
        request.path = path;
        request.body = copy_of(body);
        return request;
    }

    std::string invite() {
        central::EnrolmentService service(*store, *keys, clock, system_random);
        const auto name = "Clinic " + std::to_string(store->clinics().size() + 1);
        return service.add_clinic({name, "350203"})->code;
    }

    /// As `egret enrol URL CODE` does it. Empty if the centre is not that of the code.
    std::optional<sync::EnrolmentTrust> trust_by(const std::string& code) {
        HttpsClientOptions options;
        options.url = url;
        options.accept_any_server = true;
        options.now = clock.now();
        auto stranger = *HttpsClient::make(options);
        http::Request request;
        request.path = "/v1/bundle";
        const auto response = stranger.send(request);
        REQUIRE(response);
        const auto bundle =
            sync::open_first_bundle(response->body, sync::parse_enrolment_code(code)->root_hash);
        if (!bundle) return std::nullopt;
        const auto seen = crypto::read_certificate(stranger.server_certificate_pem());
        CHECK(seen->key_hash == bundle->bundle.tls_pins.at(0));
        return sync::EnrolmentTrust{bundle->root, bundle->bundle.number, {}};
    }

    http::Response enrol_with(const std::string& secret, const Machine& machine) {
        sync::EnrolmentRequest asked;
        asked.secret = secret;
        asked.csr_pem = *crypto::make_signing_request(machine.tls_key);
        asked.sign_key = machine.device.sign.public_key();
        asked.seal_key = machine.device.seal.public_key();
        const auto body = sync::encode_enrolment_request(asked, machine.device.sign);
        const auto response = connect().send(post("/v1/enroll", bytes_of(body)));
        REQUIRE(response);
        return *response;
    }

    Machine new_machine() { return {TestDevice(random, clock, keys->seal_key())}; }

    Machine join() {
        auto machine = new_machine();
        const auto code = invite();
        auto trust = trust_by(code);
        REQUIRE(trust);
        trust->sign_key = machine.device.sign.public_key();
        const auto response = enrol_with(sync::parse_enrolment_code(code)->secret, machine);
        REQUIRE(response.status == 200);
        const auto enrolled = sync::decode_enrolment_reply(text_of(response.body), *trust);
        REQUIRE(enrolled);
        machine.enrolled = *enrolled;
        machine.device.id = enrolled->reply.device;
        return machine;
    }

    http::Response upload(const Machine& as, ByteView envelope) {
        const auto response = connect(as.identity()).send(post("/v1/sync/batches", envelope));
        REQUIRE(response);
        return *response;
    }

    static sync::UploadReply reply_of(const Machine& machine, const http::Response& response) {
        const auto reply = sync::decode_upload_reply(
            text_of(response.body), {machine.device.id, machine.enrolled.bundle.receipt_key});
        REQUIRE(reply);
        return *reply;
    }

    static std::string problem_of(const http::Response& response) {
        return json::parse(text_of(response.body))->find("message")->as_text();
    }

    http::Response ask_head(const Machine& machine, bool with_certificate = true,
                            std::int64_t time_ms = unix_ms(tests::test_start)) {
        http::Request request;
        request.path = "/v1/sync/head";
        request.headers["authorization"] =
            sync::authorize_request({machine.device.id, 1, machine.device.sign},
                                    {time_ms, random.bytes<16>()}, {"GET", "/v1/sync/head", {}});
        auto line = with_certificate ? connect(machine.identity()) : connect();
        const auto response = line.send(request);
        REQUIRE(response);
        return *response;
    }

    crypto::SystemRandom system_random;
    http::Translate translate = [](const Message& message, std::string_view) { return message.id; };
    http::Log log = [](std::string_view) {};
    std::unique_ptr<CentreServer> server;
    std::string url;
};

}  // namespace

TEST_SUITE("sync/server/centre_server") {
    TEST_CASE_FIXTURE(ServerFixture, "a machine joins by a code and uploads its log") {
        auto machine = join();
        machine.device.record(25);
        const auto response = upload(machine, machine.device.envelope(1, 25));
        CHECK(response.status == 200);
        const auto reply = reply_of(machine, response);
        CHECK(reply.code == sync::UploadCode::applied);
        CHECK(reply.standing.head_seq == 25);
        CHECK(reply.standing.head_hash == machine.device.log.head().hash);
        CHECK(store->statuses().at(0).head.seq == 25);
    }

    TEST_CASE_FIXTURE(ServerFixture, "the client's own state machine brings all of a log here") {
        auto machine = join();
        machine.device.record(900);
        sync::SyncIdentity identity;
        identity.seal = {machine.device.id, 1, sync::EnvelopeSuite::aes_256_gcm,
                         machine.enrolled.bundle.seal_key};
        identity.receipt_key = machine.enrolled.bundle.receipt_key;
        identity.app_version = "0.1.0";
        sync::SyncClient uploads({machine.device.log, machine.device.sign, random}, identity, {});
        auto line = connect(machine.identity());
        auto step = uploads.start(clock.now());
        int turns = 0;
        while (step == sync::SyncStep::send || step == sync::SyncStep::ask_head) {
            REQUIRE(++turns < 50);
            if (step == sync::SyncStep::ask_head) {
                const auto response = ask_head(machine);
                step = uploads.on_reply(response.status, text_of(response.body), clock.now());
                continue;
            }
            const auto response =
                line.send(post("/v1/sync/batches", uploads.state().outbox->envelope));
            REQUIRE(response);
            step = uploads.on_reply(response->status, text_of(response->body), clock.now());
        }
        CHECK(step == sync::SyncStep::done);
        CHECK(uploads.report().acked == 900);
        CHECK(store->head(machine.device.id) == machine.device.log.head());
    }

    TEST_CASE_FIXTURE(ServerFixture,
                      "a machine knows a strange centre before it tells its secret") {
        SeededRandom other(99);
        const auto elsewhere = crypto::SigningKey::generate(other).public_key();
        const auto code = sync::format_enrolment_code(sync::make_enrolment_code(elsewhere, other));
        CHECK_FALSE(trust_by(code));
    }

    TEST_CASE_FIXTURE(ServerFixture, "codes that are wrong, used, tried too often or too old") {
        const auto secret = sync::parse_enrolment_code(invite())->secret;
        auto bad = secret;
        bad.back() = bad.back() == '0' ? '1' : '0';
        const auto machine = new_machine();
        for (int i = 0; i < limits::enrolment_tries_max; ++i) {
            const auto refused = enrol_with(bad, machine);
            CHECK(refused.status == 401);
            CHECK(problem_of(refused) == "enrol.code_wrong");
        }
        CHECK(problem_of(enrol_with(secret, machine)) == "enrol.code_locked");

        const auto second = sync::parse_enrolment_code(invite())->secret;
        CHECK(enrol_with(second, machine).status == 200);
        CHECK(problem_of(enrol_with(second, new_machine())) == "enrol.code_used");

        const auto third = sync::parse_enrolment_code(invite())->secret;
        clock.advance(std::chrono::hours{72});
        CHECK(problem_of(enrol_with(third, machine)) == "enrol.code_expired");
    }

    TEST_CASE_FIXTURE(ServerFixture, "guessing codes is slowed down") {
        const auto machine = new_machine();
        int refused = 0;
        for (int i = 0; i < 30; ++i)
            if (enrol_with("0123456789", machine).status == 503) ++refused;
        CHECK(refused == 10);
        clock.advance(std::chrono::minutes{1});
        CHECK(enrol_with("0123456789", machine).status == 401);
    }

    TEST_CASE_FIXTURE(ServerFixture, "the same batch again gets the same answer") {
        auto machine = join();
        machine.device.record(5);
        const auto envelope = machine.device.envelope(1, 5);
        const auto first = upload(machine, envelope);
        const auto again = upload(machine, envelope);
        CHECK(first.status == 200);
        CHECK(again.body == first.body);  // The clock stands, so even the time is the same.
        CHECK(store->head(machine.device.id).seq == 5);
    }

    TEST_CASE_FIXTURE(ServerFixture, "a cut or changed batch is refused") {
        auto machine = join();
        machine.device.record(5);
        auto envelope = machine.device.envelope(1, 5);
        const auto cut = upload(machine, ByteView(envelope).first(envelope.size() - 1));
        CHECK(cut.status == 400);
        envelope[200] ^= 1;
        const auto flipped = upload(machine, envelope);
        CHECK(flipped.status == 401);
        CHECK(problem_of(flipped) == "envelope.bad_signature");
        CHECK(store->head(machine.device.id).seq == 0);
    }

    TEST_CASE_FIXTURE(ServerFixture, "a certificate of another machine, or none, opens nothing") {
        auto machine = join();
        const auto other = join();
        machine.device.record(1);
        const auto envelope = machine.device.envelope(1, 1);
        const auto refused = upload(other, envelope);
        CHECK(refused.status == 403);
        CHECK(problem_of(refused) == "batch.other_sender");
        const auto bare = connect().send(post("/v1/sync/batches", envelope));
        REQUIRE(bare);
        CHECK(bare->status == 401);
        CHECK(problem_of(*bare) == "central.certificate_missing");
        CHECK(store->head(machine.device.id).seq == 0);
    }

    TEST_CASE_FIXTURE(ServerFixture, "a clock's reading counts only if its own device signed it") {
        auto machine = join();
        const auto other = join();
        machine.device.record(2);
        const auto send = [&](std::uint64_t seq, const Machine& signer, const DeviceId& named) {
            auto request = post("/v1/sync/batches", machine.device.envelope(seq, 1));
            clock.advance(std::chrono::hours{1});
            request.headers["authorization"] = sync::authorize_request(
                {named, 1, signer.device.sign}, {unix_ms(clock.now()), random.bytes<16>()},
                {request.method, request.path, request.body});
            const auto response = connect(machine.identity()).send(request);
            REQUIRE(response);
            CHECK(response->status == 200);
            return std::chrono::milliseconds{store->statuses().at(0).clock_offset_ms};
        };
        CHECK(send(1, machine, machine.device.id) == std::chrono::hours{0});
        CHECK(send(1, other, machine.device.id) == std::chrono::hours{1});
        CHECK(send(1, other, other.device.id) == std::chrono::hours{1});
        CHECK(send(2, machine, machine.device.id) == std::chrono::hours{0});
    }

    TEST_CASE_FIXTURE(ServerFixture, "a certificate that has run out strands no records") {
        auto machine = join();
        machine.device.record(1);
        clock.advance(std::chrono::days{900});
        const auto response = upload(machine, machine.device.envelope(1, 1));
        CHECK(response.status == 200);
    }

    TEST_CASE_FIXTURE(ServerFixture, "a machine that was shut out is told so, and stores nothing") {
        auto machine = join();
        machine.device.record(1);
        REQUIRE(store->revoke_device(machine.device.id, clock.now()));
        const auto refused = upload(machine, machine.device.envelope(1, 1));
        CHECK(refused.status == 403);
        CHECK(problem_of(refused) == "central.revoked_device");
        CHECK(ask_head(machine).status == 403);
        CHECK(store->head(machine.device.id).seq == 0);
    }

    TEST_CASE_FIXTURE(ServerFixture, "gaps and forks are answered with what is here, signed") {
        auto machine = join();
        machine.device.record(4);
        const auto copy = machine.device.log;
        machine.device.record(4);
        const auto gap = upload(machine, machine.device.envelope(5, 2));
        CHECK(gap.status == 409);
        CHECK(reply_of(machine, gap).code == sync::UploadCode::gap);
        CHECK(reply_of(machine, gap).standing.head_seq == 0);
        CHECK(upload(machine, machine.device.envelope(1, 8)).status == 200);
        machine.device.log = copy;
        machine.device.record(5);
        const auto fork = upload(machine, machine.device.envelope(5, 5));
        CHECK(fork.status == 409);
        CHECK(reply_of(machine, fork).code == sync::UploadCode::fork);
        CHECK(reply_of(machine, fork).standing.head_seq == 8);
    }

    TEST_CASE_FIXTURE(ServerFixture, "a device may ask how far its log is here") {
        auto machine = join();
        machine.device.record(3);
        REQUIRE(upload(machine, machine.device.envelope(1, 3)).status == 200);
        const auto response = ask_head(machine);
        REQUIRE(response.status == 200);
        const auto head = sync::decode_head_reply(
            text_of(response.body), {machine.device.id, machine.enrolled.bundle.receipt_key});
        REQUIRE(head);
        CHECK(head->standing.head_seq == 3);
        CHECK(store->statuses().at(0).seen == clock.now());
    }

    TEST_CASE_FIXTURE(ServerFixture,
                      "a signed question is good for a while only without its owner") {
        auto machine = join();
        CHECK(ask_head(machine, false).status == 200);
        const auto late = ask_head(machine, false, 0);
        CHECK(late.status == 401);
        CHECK(problem_of(late) == "central.request_too_old");
        CHECK(ask_head(machine, true, 0).status == 200);  // Its clock has stopped: no harm.
        const auto known = std::exchange(machine.device.id, make_random_id<DeviceTag>(random));
        CHECK(problem_of(ask_head(machine)) == "central.unknown_device");
        machine.device.id = known;
        machine.device.sign = crypto::SigningKey::generate(random);
        CHECK(ask_head(machine).status == 401);
    }

    TEST_CASE_FIXTURE(ServerFixture, "what was acknowledged is there after a restart") {
        auto machine = join();
        machine.device.record(6);
        REQUIRE(upload(machine, machine.device.envelope(1, 6)).status == 200);
        restart();
        CHECK(store->head(machine.device.id) == machine.device.log.head());
        machine.device.record(6);
        CHECK(upload(machine, machine.device.envelope(7, 6)).status == 200);
    }

    TEST_CASE_FIXTURE(ServerFixture, "many machines at once, each batch twice: all is there once") {
        std::vector<Machine> machines;
        for (int i = 0; i < 4; ++i) {
            machines.push_back(join());
            machines.back().device.record(60);
        }
        std::vector<std::vector<Bytes>> envelopes;
        for (const auto& machine : machines) {
            envelopes.emplace_back();
            for (std::uint64_t first = 1; first <= 60; first += 20)
                envelopes.back().push_back(machine.device.envelope(first, 20));
        }
        std::vector<HttpsClient> lines;
        for (const auto& machine : machines) lines.push_back(connect(machine.identity()));
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < machines.size(); ++i) {
            threads.emplace_back([&, i] {
                for (const auto& envelope : envelopes[i]) {
                    (void)lines[i].send(post("/v1/sync/batches", envelope));
                    (void)lines[i].send(post("/v1/sync/batches", envelope));
                }
            });
        }
        for (auto& thread : threads) thread.join();
        for (const auto& machine : machines)
            CHECK(store->head(machine.device.id) == machine.device.log.head());
        CHECK(count("SELECT count(*) FROM event") == 240);
        CHECK(count("SELECT count(DISTINCT uid) FROM event") == 240);
    }

    TEST_CASE_FIXTURE(ServerFixture, "anybody may ask for the keys of cards, from any page") {
        http::Request request;
        request.path = "/.well-known/jwks.json";
        const auto none = connect().send(request);
        REQUIRE(none);
        CHECK(none->status == 200);
        CHECK(text_of(none->body) == R"({"keys":[]})");
        const auto key = crypto::Es256Key::generate(random);
        central::Device device{make_random_id<DeviceTag>(random), "", {}, clock.now(), {}};
        device.keys.card = key.public_key();
        const auto code = *sync::parse_enrolment_code(invite());
        device.clinic = "C001";
        REQUIRE(store->enrol(code.secret.substr(0, 4), device));
        const auto one = connect().send(request);
        REQUIRE(one);
        CHECK(one->header("access-control-allow-origin") == "*");
        CHECK(one->header("cache-control") == "public, max-age=600");
        const auto published = card::parse_key_set(text_of(one->body));
        REQUIRE(published);
        CHECK(*published == std::vector{key.public_key()});
    }

    TEST_CASE_FIXTURE(ServerFixture, "anybody may ask how it is and what can be asked") {
        http::Request request;
        request.path = "/health";
        CHECK(text_of(connect().send(request)->body) == R"({"ok":true})");
        request.path = "/v1/indicators";
        const auto indicators = json::parse(text_of(connect().send(request)->body));
        REQUIRE(indicators);
        CHECK(indicators->as_array().size() == coverage::known_indicators().size());
    }
}

}  // namespace egret::server
