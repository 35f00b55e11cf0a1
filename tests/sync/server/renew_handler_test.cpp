#include "sync/server/renew_handler.h"

#include "registry/crypto/x509.h"
#include "sync/central/key_promotion.h"
#include "sync/core/enrolment.h"
#include "tests/sync/server/asking.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>

namespace egret::server {
namespace {

using tests::AskedCentre;
using tests::TestDevice;

/// The keys that a device asks for.
struct NewKeys {
    explicit NewKeys(Random& random)
        : sign(crypto::SigningKey::generate(random)), seal(crypto::SealKeyPair::generate(random)) {}

    std::string tls = crypto::make_tls_key();
    crypto::SigningKey sign;
    crypto::SealKeyPair seal;
};

struct RenewFixture : AskedCentre {
    std::string clinic = add_clinic();
    TestDevice device = enrol(clinic);
    NewKeys next{random};
    NoProgress quiet;

    sync::RenewalRequest asked(const NewKeys& keys_asked, std::uint32_t epoch = 2) const {
        sync::RenewalRequest made;
        made.epoch = epoch;
        made.csr_pem = *crypto::make_signing_request(keys_asked.tls);
        made.sign_key = keys_asked.sign.public_key();
        made.seal_key = keys_asked.seal.public_key();
        return made;
    }

    http::Request signed_by(const crypto::SigningKey& key, const std::string& method,
                            const std::string& path, Bytes body = {}) {
        http::Request made;
        made.method = method;
        made.path = path;
        made.body = std::move(body);
        made.headers["authorization"] =
            sync::authorize_request({device.id, 1, key}, {unix_ms(clock.now()), random.bytes<16>()},
                                    {made.method, http::target_of(made), made.body});
        return made;
    }

    Result<http::Response> renew(const crypto::SigningKey& by, const NewKeys& wanted,
                                 const sync::RenewalRequest& request) {
        const auto body = sync::encode_renewal_request(request, device.id, wanted.sign);
        return answer(signed_by(by, "POST", "/v1/renew", copy_of(bytes_of(body))));
    }

    Result<http::Response> renew() { return renew(device.sign, next, asked(next)); }

    bool is_taken(const crypto::SigningKey& key) {
        return bool(answer(signed_by(key, "GET", "/v1/sync/head")));
    }

    sync::Renewed opened(const Result<http::Response>& response, std::uint32_t epoch,
                         const NewKeys& by) const {
        REQUIRE(response);
        REQUIRE(response->status == 200);
        auto renewed = sync::decode_renewal_reply(
            text_of(response->body), {device.id, epoch, keys->root(), 1, by.sign.public_key()});
        REQUIRE(renewed);
        return *std::move(renewed);
    }

    /// What the centre said to it when it joined.
    sync::JoinedProof joined() const { return joined(*keys); }

    sync::JoinedProof joined(const central::CentreKeys& said_by) const {
        const auto tls = crypto::make_tls_key();
        const auto certificate = central::issue_device_certificate(
            said_by, device.id, *crypto::make_signing_request(tls), clock.now());
        return {sync::encode_enrolment_reply({device.id, clinic, 1, *certificate, said_by.bundle()},
                                             device.sign.public_key(), said_by.receipt()),
                device.sign.public_key()};
    }

    /// The centre has lost all that it knew.
    void forget() {
        server.reset();
        ingester.reset();
        store.reset();
        for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(db_path() + suffix);
        store = *central::SqliteStore::create(db_path());
        open_ingester();
        serve();
    }
};

}  // namespace

TEST_SUITE("sync/server/renew_handler") {
    TEST_CASE_FIXTURE(
        RenewFixture,
        "old and new keys are taken, until the new ones were used; then these alone") {
        const auto renewed = opened(renew(), 2, next);
        CHECK(renewed.reply.clinic_code == clinic);
        CHECK(renewed.reply.epoch == 2);
        CHECK(renewed.bundle.version == 3);
        const auto certificate = crypto::read_certificate(renewed.reply.certificate_pem);
        REQUIRE(certificate);
        CHECK(certificate->common_name == device.id.to_string());
        CHECK(certificate->validity.holds_at(clock.now() + std::chrono::days{700}));

        CHECK(is_taken(device.sign));
        CHECK(store->find_device(device.id)->keys.epoch == 1);
        CHECK(is_taken(next.sign));
        CHECK(store->find_device(device.id)->keys.epoch == 2);
        CHECK_FALSE(store->find_device(device.id)->next);
        CHECK_FALSE(is_taken(device.sign));
        CHECK(is_taken(next.sign));
        restart();
        CHECK(is_taken(next.sign));
    }

    TEST_CASE_FIXTURE(RenewFixture,
                      "the same request again has the same outcome, others replace it") {
        opened(renew(), 2, next);
        opened(renew(), 2, next);
        NewKeys others(random);
        opened(renew(device.sign, others, asked(others)), 2, others);
        CHECK_FALSE(is_taken(next.sign));
        CHECK(is_taken(others.sign));
        // Which are its keys now: asked once more, they are confirmed.
        opened(renew(others.sign, others, asked(others)), 2, others);
        NewKeys third(random);
        opened(renew(others.sign, third, asked(third, 3)), 3, third);
        CHECK(is_taken(third.sign));
    }

    TEST_CASE_FIXTURE(RenewFixture,
                      "facts that the new key signed are taken, and make it the only one") {
        opened(renew(), 2, next);
        device.record(2);
        CHECK(send(device.envelope(1, 1)));
        CHECK(is_taken(device.sign));
        const sync::UploadSeal by{device.id, 2, sync::EnvelopeSuite::aes_256_gcm, keys->seal_key()};
        CHECK(send(sync::seal_batch(device.batch(2, 1), by, next.sign, random)));
        CHECK(store->find_device(device.id)->keys.epoch == 2);
        const auto refused = send(device.envelope(1, 1));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::unauthorized);
    }

    TEST_CASE_FIXTURE(RenewFixture,
                      "an epoch that doesn't follow is refused, and changes nothing") {
        for (const std::uint32_t epoch : {3U, 9U}) {
            const auto refused = renew(device.sign, next, asked(next, epoch));
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::conflict);
        }
        CHECK_FALSE(store->find_device(device.id)->next);
        CHECK_FALSE(is_taken(next.sign));
    }

    TEST_CASE_FIXTURE(RenewFixture,
                      "who isn't known, was shut out, or can't prove it, gets nothing") {
        NewKeys stranger(random);
        CHECK(renew(stranger.sign, next, asked(next)).error().code == ErrorCode::unauthorized);
        // Another's new key: there is no proof that it has it.
        const auto body = sync::encode_renewal_request(asked(next), device.id, stranger.sign);
        CHECK_FALSE(answer(signed_by(device.sign, "POST", "/v1/renew", copy_of(bytes_of(body)))));
        store->revoke_device(device.id, clock.now());
        CHECK(renew().error().code == ErrorCode::forbidden);
        auto with_proof = asked(next);
        with_proof.joined = joined();
        CHECK(renew(device.sign, next, with_proof).error().code == ErrorCode::forbidden);
    }

    TEST_CASE_FIXTURE(RenewFixture, "a centre that lost a machine takes its own word for it") {
        auto request = asked(next);
        request.joined = joined();
        forget();
        CHECK_FALSE(is_taken(device.sign));
        CHECK(renew().error().code == ErrorCode::unauthorized);
        const auto renewed = opened(renew(device.sign, next, request), 2, next);
        CHECK(renewed.reply.scope == 1);
        // Its clinic is there again, under its code, and is given to nobody else.
        CHECK(store->find_clinic(clinic)->scope == 1);
        CHECK(add_clinic() == "C002");
        CHECK(is_taken(next.sign));
        CHECK_FALSE(is_taken(device.sign));
        // The answer was lost: the same again.
        opened(renew(device.sign, next, request), 2, next);
        CHECK(store->check(folder.file("copy"), *Date::parse("2026-03-04"), quiet).empty());
    }

    TEST_CASE_FIXTURE(RenewFixture, "an old word doesn't bring back old keys") {
        auto old = asked(next);
        old.joined = joined();
        opened(renew(), 2, next);
        CHECK(is_taken(next.sign));
        NewKeys thief(random);
        auto stolen = asked(thief);
        stolen.joined = old.joined;
        const auto refused = renew(device.sign, thief, stolen);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::conflict);
        CHECK_FALSE(is_taken(thief.sign));
        CHECK(is_taken(next.sign));
    }

    TEST_CASE_FIXTURE(RenewFixture,
                      "a word that was changed, or is of another centre, lets nobody in") {
        auto request = asked(next);
        const auto sound = joined();
        forget();
        for (std::size_t at = 1; at < sound.body.size(); at += 13) {
            auto damaged = sound;
            damaged.body[at] = static_cast<char>(damaged.body[at] ^ 1);
            request.joined = damaged;
            clock.advance(std::chrono::minutes{1});  // So many tries are allowed in each.
            const auto refused = renew(device.sign, next, request);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::unauthorized);
        }
        clock.advance(std::chrono::minutes{1});
        const auto place = folder.file("other");
        REQUIRE(central::CentreKeys::create({place, place, tests::test_data_key()}, "Other",
                                            clock.now(), random));
        request.joined = joined(*central::CentreKeys::load(place, tests::test_data_key()));
        const auto refused = renew(device.sign, next, request);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::unauthorized);
        int tries = 0;
        while (renew(device.sign, next, request).error().code == ErrorCode::unauthorized) ++tries;
        CHECK(tries < 20);
        CHECK(renew(device.sign, next, request).error().message.id == "central.too_many_tries");
    }

    TEST_CASE_FIXTURE(RenewFixture, "who asks says which bundle it has") {
        auto told = request(device, "/v1/sync/head", {{"bundle", "7"}});
        CHECK(answer(told));
        CHECK(store->statuses().front().bundle_number == 7);
        CHECK(answer(request(device, "/v1/sync/head")));
        CHECK(store->statuses().front().bundle_number == 7);
        CHECK(answer(request(device, "/v1/sync/head", {{"bundle", "x"}})).error().code ==
              ErrorCode::invalid_input);
        device.record(1);
        auto batch = device.batch(1, 1);
        batch.version = 2;
        batch.bundle_number = 3;
        CHECK(send(device.envelope(batch)));
        CHECK(store->statuses().front().bundle_number == 3);
    }

    TEST_CASE_FIXTURE(RenewFixture, "a bundle that was signed meanwhile is handed out at once") {
        http::Request asked_for;
        asked_for.path = "/v1/bundle";
        asked_for.query["v"] = "3";
        const auto before = answer(asked_for);
        auto other = *central::CentreKeys::load(folder.file("keys"), tests::test_data_key());
        clock.advance(std::chrono::days{365});
        const auto ring = central::promote(other.ring(), *other.load_root(folder.file("keys")),
                                           clock.now(), 1, random);
        REQUIRE(ring);
        other.replace_ring(*ring, random);
        const auto after = answer(asked_for);
        REQUIRE(after);
        CHECK(after->body == ring->bundle3);
        CHECK(before->body != after->body);
        // What was sealed to the key of before is taken still.
        device.record(1);
        CHECK(send(device.envelope(1, 1))->code == sync::UploadCode::applied);
    }
}

}  // namespace egret::server
