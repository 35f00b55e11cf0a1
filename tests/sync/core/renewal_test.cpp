#include "sync/core/renewal.h"

#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "sync/core/enrolment.h"
#include "tests/support/key_bundle.h"
#include "tests/sync/core/damage.h"

namespace egret::sync {
namespace {

struct RenewalFixture {
    SeededRandom random{76};
    crypto::SigningKey root = crypto::SigningKey::generate(random);
    crypto::SigningKey receipt_key = crypto::SigningKey::generate(random);
    crypto::SigningKey old_key = crypto::SigningKey::generate(random);
    crypto::SigningKey new_key = crypto::SigningKey::generate(random);
    crypto::Es256Key card_key = crypto::Es256Key::generate(random);
    DeviceId device = make_random_id<DeviceTag>(random);
    RenewalRequest request{
        2, "-----BEGIN CERTIFICATE REQUEST-----\nMIHs\n-----END CERTIFICATE REQUEST-----\n",
        new_key.public_key(), crypto::SealKeyPair::generate(random).public_key()};
    RenewalReply reply{device, "XM-0017", 17, 2, std::string(tests::certificate_text), {}};
    RenewalTrust trust{device, 2, root.public_key(), 7, new_key.public_key()};

    RenewalFixture() {
        auto bundle = tests::key_bundle(random);
        bundle.receipt_key = receipt_key.public_key();
        reply.bundle = sign_bundle(bundle, root);
    }

    std::string request_body() const { return encode_renewal_request(request, device, new_key); }

    std::string reply_body() const {
        return encode_renewal_reply(reply, new_key.public_key(), receipt_key);
    }

    std::string joined_body() const {
        return encode_enrolment_reply(
            {device, "XM-0017", 17, std::string(tests::certificate_text), reply.bundle},
            old_key.public_key(), receipt_key);
    }

    static std::string with(const std::string& body, const std::string& name, json::Value value) {
        auto parsed = *json::parse(body);
        parsed.as_object().set(name, std::move(value));
        return json::dump(parsed);
    }
};

}  // namespace

TEST_SUITE("sync/core/renewal") {
    TEST_CASE_FIXTURE(RenewalFixture, "request and reply arrive as they were made") {
        CHECK(*decode_renewal_request(request_body(), device) == request);
        const auto renewed = decode_renewal_reply(reply_body(), trust);
        REQUIRE(renewed);
        CHECK(renewed->reply == reply);
        CHECK(renewed->bundle.number == 7);

        request.card_key = card_key.public_key();
        request.joined = JoinedProof{joined_body(), old_key.public_key()};
        const auto full = encode_renewal_request(request, device, new_key, &card_key);
        const auto asked = decode_renewal_request(full, device);
        REQUIRE(asked);
        CHECK(*asked == request);
        tests::check_cut_refused(full, [&](std::string_view text) {
            return bool(decode_renewal_request(text, device));
        });
        tests::check_cut_refused(reply_body(), [&](std::string_view text) {
            return bool(decode_renewal_reply(text, trust));
        });
    }

    TEST_CASE_FIXTURE(RenewalFixture, "what is proved is that these keys are this device's") {
        const auto other = make_random_id<DeviceTag>(random);
        CHECK(decode_renewal_request(request_body(), other).error().code ==
              ErrorCode::unauthorized);
        const auto stolen = encode_renewal_request(request, device, old_key);
        CHECK(decode_renewal_request(stolen, device).error().code == ErrorCode::unauthorized);
        request.card_key = card_key.public_key();
        const auto another = crypto::Es256Key::generate(random);
        const auto with_card = encode_renewal_request(request, device, new_key, &card_key);
        CHECK(decode_renewal_request(with_card, device));
        const std::pair<std::string, json::Value> changes[] = {
            {"epoch", 3},
            {"csr",
             "-----BEGIN CERTIFICATE REQUEST-----\nMIHt\n-----END CERTIFICATE REQUEST-----\n"},
            {"sign_key", to_hex(old_key.public_key())},
            {"seal_key", to_hex(crypto::SealKeyPair::generate(random).public_key())},
            {"card_key", to_hex(another.public_key().to_bytes())},
            {"proof", std::string(128, '0')},
            {"card_proof", std::string(128, '0')}};
        for (const auto& [name, value] : changes) {
            CAPTURE(name);
            const auto read = decode_renewal_request(with(with_card, name, value), device);
            REQUIRE_FALSE(read);
            CHECK(read.error().code == ErrorCode::unauthorized);
        }
        const std::pair<std::string, json::Value> wrong[] = {{"epoch", 1},
                                                             {"epoch", "2"},
                                                             {"csr", "none"},
                                                             {"sign_key", "00"},
                                                             {"seal_key", std::string(64, '0')},
                                                             {"card_key", "00"},
                                                             {"joined", 5},
                                                             {"joined", "x"},
                                                             {"motto", "longer"},
                                                             {"joined_key", "00"}};
        for (const auto& [name, value] : wrong) {
            CAPTURE(name);
            const auto read = decode_renewal_request(with(with_card, name, value), device);
            if (name == "joined_key") continue;  // Looked at with "joined" only.
            REQUIRE_FALSE(read);
            CHECK(read.error().code == ErrorCode::invalid_input);
        }
    }

    TEST_CASE_FIXTURE(RenewalFixture, "a reply is this request's, and whole") {
        const auto refused = [&](const std::string& body, ErrorCode code) {
            const auto read = decode_renewal_reply(body, trust);
            REQUIRE_FALSE(read);
            CHECK(read.error().code == code);
        };
        refused(with(reply_body(), "device", make_random_id<DeviceTag>(random).to_string()),
                ErrorCode::unauthorized);
        refused(with(reply_body(), "epoch", 3), ErrorCode::unauthorized);
        refused(with(reply_body(), "scope", 18), ErrorCode::unauthorized);
        refused(with(reply_body(), "clinic_code", "XM-0018"), ErrorCode::unauthorized);
        refused(with(reply_body(), "sig", std::string(128, '0')), ErrorCode::unauthorized);
        refused(encode_renewal_reply(reply, old_key.public_key(), receipt_key),
                ErrorCode::unauthorized);
        refused(with(reply_body(), "bundle", "00"), ErrorCode::invalid_input);
        refused(with(reply_body(), "certificate", "none"), ErrorCode::invalid_input);
        refused(with(reply_body(), "scope", 0), ErrorCode::invalid_input);
        trust.bundle_number_min = 8;
        refused(reply_body(), ErrorCode::conflict);
    }

    TEST_CASE_FIXTURE(RenewalFixture, "a centre that forgot a device knows it by what it signed") {
        const auto joined = verify_joined({joined_body(), old_key.public_key()}, root.public_key());
        REQUIRE(joined);
        CHECK(*joined == KnownAs{device, "XM-0017", 17, 1, std::string(tests::certificate_text)});
        const auto renewed = verify_joined({reply_body(), new_key.public_key()}, root.public_key());
        REQUIRE(renewed);
        CHECK(*renewed == KnownAs{device, "XM-0017", 17, 2, std::string(tests::certificate_text)});

        const auto& other_root = old_key.public_key();
        for (const auto& body : {joined_body(), reply_body()}) {
            CHECK_FALSE(verify_joined({body, receipt_key.public_key()}, root.public_key()));
            CHECK_FALSE(verify_joined({body, old_key.public_key()}, other_root));
            CHECK_FALSE(
                verify_joined({with(body, "scope", 18), old_key.public_key()}, root.public_key()));
        }
        CHECK_FALSE(verify_joined({"{}", old_key.public_key()}, root.public_key()));
        CHECK_FALSE(verify_joined({"[", old_key.public_key()}, root.public_key()));
        // The one is not the other by leaving a member out, or putting one in.
        CHECK_FALSE(verify_joined({with(joined_body(), "epoch", 2), old_key.public_key()},
                                  root.public_key()));
    }
}

}  // namespace egret::sync
