#include "sync/core/enrolment.h"

#include "registry/base/text.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "tests/support/key_bundle.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

using egret::ErrorCode;
using egret::json::Value;
using egret::sync::decode_enrolment_reply;
using egret::sync::decode_enrolment_request;
using egret::sync::encode_enrolment_reply;
using egret::sync::encode_enrolment_request;

namespace {

struct EnrolmentFixture {
    egret::SeededRandom random{47};
    egret::crypto::SigningKey root = egret::crypto::SigningKey::generate(random);
    egret::crypto::SigningKey receipt_key = egret::crypto::SigningKey::generate(random);
    egret::crypto::SigningKey key = egret::crypto::SigningKey::generate(random);
    egret::crypto::Es256Key card_key = egret::crypto::Es256Key::generate(random);
    egret::sync::EnrolmentRequest request{
        "ABCDEFGHJK",
        "-----BEGIN CERTIFICATE REQUEST-----\nMIHs\n-----END CERTIFICATE REQUEST-----\n",
        key.public_key(),
        egret::crypto::SealKeyPair::generate(random).public_key(),
        "思明区妇幼保健院",
        "350203"};
    egret::sync::EnrolmentReply reply{egret::make_random_id<egret::DeviceTag>(random),
                                      "XM-0017",
                                      17,
                                      std::string(egret::tests::certificate_text),
                                      {}};
    egret::sync::EnrolmentTrust trust{root.public_key(), 7, key.public_key()};

    EnrolmentFixture() {
        auto bundle = egret::tests::key_bundle(random);
        bundle.receipt_key = receipt_key.public_key();
        reply.bundle = egret::sync::sign_bundle(bundle, root);
    }

    std::string request_body() const { return encode_enrolment_request(request, key); }

    /// The same with a key for cards.
    std::string card_request_body() const {
        auto with_card = request;
        with_card.card_key = card_key.public_key();
        return encode_enrolment_request(with_card, key, &card_key);
    }

    std::string reply_body() const {
        return encode_enrolment_reply(reply, key.public_key(), receipt_key);
    }

    static std::string with(const std::string& body, const std::string& name, Value value) {
        auto parsed = *egret::json::parse(body);
        parsed.as_object().set(name, std::move(value));
        return egret::json::dump(parsed);
    }
};

}  // namespace

TEST_SUITE("sync/core/enrolment") {
    TEST_CASE_FIXTURE(EnrolmentFixture, "request and reply arrive as they were made") {
        const auto asked = decode_enrolment_request(request_body());
        REQUIRE(asked);
        CHECK(*asked == request);
        const auto answered = decode_enrolment_reply(reply_body(), trust);
        REQUIRE(answered);
        CHECK(answered->reply == reply);
        CHECK(answered->bundle.number == 7);
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a request that was changed proves nothing") {
        const auto other = egret::crypto::SealKeyPair::generate(random).public_key();
        const std::pair<std::string, Value> changes[] = {
            {"secret", "ABCDEFGHJM"},
            {"csr", "-----BEGIN CERTIFICATE REQUEST-----\nMIHt\n-----END CERTIFICATE REQUEST-----"},
            {"sign_key", egret::to_hex(root.public_key())},
            {"seal_key", egret::to_hex(other)},
            {"clinic", "另一家"},
            {"area", "350206"},
            {"proof", std::string(128, '0')}};
        for (const auto& change : changes) {
            const auto& name = change.first;
            const auto& value = change.second;
            CAPTURE(name);
            const auto decoded = decode_enrolment_request(with(request_body(), name, value));
            REQUIRE_FALSE(decoded);
            CHECK(decoded.error().code == ErrorCode::unauthorized);
            CHECK(decoded.error().message.id == "enrolment.bad_proof");
        }
        CHECK_FALSE(decode_enrolment_request(encode_enrolment_request(request, root)));
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a key for cards arrives with proof of its private half") {
        const auto asked = decode_enrolment_request(card_request_body());
        REQUIRE(asked);
        REQUIRE(asked->card_key);
        CHECK(*asked->card_key == card_key.public_key());
        // Somebody else's key, under which a card of hers would then verify.
        const auto other = egret::crypto::Es256Key::generate(random);
        auto stolen = request;
        stolen.card_key = card_key.public_key();
        const auto forged = decode_enrolment_request(encode_enrolment_request(stolen, key, &other));
        REQUIRE_FALSE(forged);
        CHECK(forged.error().code == ErrorCode::unauthorized);
        CHECK(forged.error().field == "card_proof");
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a key for cards can't be taken out, changed or put in") {
        auto without = *egret::json::parse(card_request_body());
        egret::json::Object stripped;
        for (const auto& member : without.as_object()) {
            if (!member.name.starts_with("card_")) stripped.append(member.name, member.value);
        }
        CHECK_FALSE(decode_enrolment_request(egret::json::dump(stripped)));
        const auto body = card_request_body();
        const auto put_in = *egret::json::parse(body);
        CHECK_FALSE(decode_enrolment_request(
            with(with(request_body(), "card_key", *put_in.find("card_key")), "card_proof",
                 *put_in.find("card_proof"))));
        for (const auto* value : {"", "00", "xyz"}) {
            CHECK_FALSE(decode_enrolment_request(with(body, "card_key", value)));
            CHECK_FALSE(decode_enrolment_request(with(body, "card_proof", value)));
        }
        CHECK_FALSE(decode_enrolment_request(with(body, "card_key", std::string(128, '1'))));
        CHECK_FALSE(decode_enrolment_request(with(body, "card_proof", std::string(128, '0'))));
        CHECK_FALSE(decode_enrolment_request(with(body, "card_proof", nullptr)));
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a request of another form is refused") {
        const std::pair<std::string, Value> changes[] = {{"secret", "abcdefghjk"},
                                                         {"secret", "ABCDEFGHJU"},
                                                         {"secret", nullptr},
                                                         {"csr", "MIHs"},
                                                         {"csr", 1},
                                                         {"sign_key", "00"},
                                                         {"seal_key", "xyz"},
                                                         {"seal_key", std::string(64, '0')},
                                                         {"clinic", nullptr},
                                                         {"clinic", std::string(201, 'x')},
                                                         {"area", 350203},
                                                         {"proof", "00"},
                                                         {"other", "member"}};
        for (const auto& change : changes) {
            const auto& name = change.first;
            const auto& value = change.second;
            CAPTURE(name);
            const auto decoded = decode_enrolment_request(with(request_body(), name, value));
            REQUIRE_FALSE(decoded);
            CHECK(decoded.error().code == ErrorCode::invalid_input);
        }
        for (const std::string_view body : {"", "{}", "[1]", "<html>"})
            CHECK_FALSE(decode_enrolment_request(body));
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a reply that was changed, or is another's, is refused") {
        const auto foreign = egret::sync::sign_bundle(egret::tests::key_bundle(random), root);
        const auto changed_certificate =
            "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n";
        const std::pair<std::string, Value> changes[] = {
            {"device", egret::make_random_id<egret::DeviceTag>(random).to_string()},
            {"clinic_code", "XM-0018"},
            {"scope", 18},
            {"certificate", changed_certificate},
            {"bundle", egret::to_hex(foreign)},
            {"sig", std::string(128, '0')}};
        for (const auto& change : changes) {
            const auto& name = change.first;
            const auto& value = change.second;
            CAPTURE(name);
            const auto decoded = decode_enrolment_reply(with(reply_body(), name, value), trust);
            REQUIRE_FALSE(decoded);
            CHECK(decoded.error().code == ErrorCode::unauthorized);
            CHECK(decoded.error().message.id == "protocol.bad_signature");
        }
        auto other = trust;
        other.sign_key = root.public_key();
        CHECK(decode_enrolment_reply(reply_body(), other).error().code == ErrorCode::unauthorized);
        other = trust;
        other.root = receipt_key.public_key();
        CHECK(decode_enrolment_reply(reply_body(), other).error().message.id ==
              "bundle.other_root");
        other = trust;
        other.bundle_number_min = 8;
        CHECK(decode_enrolment_reply(reply_body(), other).error().code == ErrorCode::conflict);
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a reply of another form is refused") {
        const std::pair<std::string, Value> changes[] = {
            {"device", "x"}, {"device", std::string(32, '0')}, {"clinic_code", 17}, {"scope", 0},
            {"scope", "17"}, {"certificate", "none"},          {"bundle", "zz"},    {"bundle", ""},
            {"sig", nullptr}};
        for (const auto& change : changes) {
            const auto& name = change.first;
            const auto& value = change.second;
            CAPTURE(name);
            const auto decoded = decode_enrolment_reply(with(reply_body(), name, value), trust);
            REQUIRE_FALSE(decoded);
            CHECK(decoded.error().code == ErrorCode::invalid_input);
        }
        for (const std::string_view body : {"", "{}", "[1]", "<html>"})
            CHECK_FALSE(decode_enrolment_reply(body, trust));
    }
}
