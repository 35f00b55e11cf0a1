#include "sync/core/protocol.h"

#include "registry/base/text.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using egret::ErrorCode;
using egret::json::Value;
using egret::sync::decode_head_reply;
using egret::sync::decode_upload_reply;
using egret::sync::encode_head_reply;
using egret::sync::encode_upload_reply;
using egret::sync::UploadCode;

namespace {

struct ProtocolFixture {
    egret::SeededRandom random{41};
    egret::crypto::SigningKey receipt_key = egret::crypto::SigningKey::generate(random);
    egret::sync::Standing standing{egret::make_random_id<egret::DeviceTag>(random), 4711,
                                   random.bytes<32>(), 4000, 1'767'225'600'123};
    egret::sync::ReplyTrust trust{standing.device, receipt_key.public_key()};

    std::string upload_body(UploadCode code = UploadCode::applied) const {
        return encode_upload_reply({code, standing}, receipt_key);
    }

    std::string head_body() const { return encode_head_reply({standing, 1, 3}, receipt_key); }

    static std::string with(const std::string& body, const std::string& name, Value value) {
        auto parsed = *egret::json::parse(body);
        parsed.as_object().set(name, std::move(value));
        return egret::json::dump(parsed);
    }

    void check_both_refused(const std::string& name, const Value& value, ErrorCode code) const {
        CAPTURE(name);
        const auto upload = decode_upload_reply(with(upload_body(), name, value), trust);
        REQUIRE_FALSE(upload);
        CHECK(upload.error().code == code);
        const auto head = decode_head_reply(with(head_body(), name, value), trust);
        REQUIRE_FALSE(head);
        CHECK(head.error().code == code);
    }
};

}  // namespace

TEST_SUITE("sync/core/protocol") {
    TEST_CASE_FIXTURE(ProtocolFixture, "the replies say what they were made of") {
        constexpr UploadCode codes[] = {UploadCode::applied, UploadCode::gap, UploadCode::fork,
                                        UploadCode::bad_chain};
        for (const auto code : codes) {
            const auto reply = decode_upload_reply(upload_body(code), trust);
            REQUIRE(reply);
            CHECK(*reply == egret::sync::UploadReply{code, standing});
            CHECK(egret::sync::http_status(code) == (code == UploadCode::applied ? 200 : 409));
        }
        const auto head = decode_head_reply(head_body(), trust);
        REQUIRE(head);
        CHECK(*head == egret::sync::HeadReply{standing, 1, 3});
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "the codes on the wire are the published ones") {
        const auto code_of = [&](UploadCode code) {
            return egret::json::parse(upload_body(code))->find("code")->as_text();
        };
        CHECK(code_of(UploadCode::applied) == "applied");
        CHECK(code_of(UploadCode::gap) == "GAP");
        CHECK(code_of(UploadCode::fork) == "FORK");
        CHECK(code_of(UploadCode::bad_chain) == "BAD_CHAIN");
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "what a signature covers can't be changed") {
        const auto other_hash = egret::to_hex(random.bytes<32>());
        const std::pair<std::string, Value> changes[] = {
            {"device", egret::make_random_id<egret::DeviceTag>(random).to_string()},
            {"head_seq", 4712},
            {"head_hash", other_hash},
            {"safe_seq", 4001},
            {"server_time_ms", 1'767'225'600'124},
            {"sig", std::string(128, '0')}};
        for (const auto& [name, value] : changes)
            check_both_refused(name, value, ErrorCode::unauthorized);
        CHECK_FALSE(decode_upload_reply(with(upload_body(), "code", "FORK"), trust));
        CHECK_FALSE(decode_head_reply(with(head_body(), "protocol_max", 4), trust));
        CHECK_FALSE(decode_head_reply(with(head_body(), "protocol_min", 2), trust));
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "one reply's signature is no other's") {
        const auto head = with(with(upload_body(), "protocol_min", 1), "protocol_max", 3);
        CHECK(decode_head_reply(head, trust).error().code == ErrorCode::unauthorized);
        CHECK(decode_upload_reply(with(head_body(), "code", "applied"), trust).error().code ==
              ErrorCode::unauthorized);
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "another centre's or another device's reply is refused") {
        auto other = trust;
        other.receipt_key = egret::crypto::SigningKey::generate(random).public_key();
        CHECK(decode_upload_reply(upload_body(), other).error().message.id ==
              "protocol.bad_signature");
        other = trust;
        other.device = egret::make_random_id<egret::DeviceTag>(random);
        CHECK(decode_upload_reply(upload_body(), other).error().message.id ==
              "protocol.other_device");
        CHECK(decode_head_reply(head_body(), other).error().code == ErrorCode::unauthorized);
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "what has another form is refused") {
        const std::pair<std::string, Value> wrong[] = {
            {"device", "x"},       {"device", 1},
            {"head_seq", -1},      {"head_seq", "4711"},
            {"head_hash", "00"},   {"head_hash", std::string(64, 'x')},
            {"safe_seq", nullptr}, {"server_time_ms", "now"},
            {"sig", "00"},         {"sig", nullptr}};
        for (const auto& [name, value] : wrong)
            check_both_refused(name, value, ErrorCode::invalid_input);
        CHECK_FALSE(decode_upload_reply(with(upload_body(), "code", "MAYBE"), trust));
        CHECK_FALSE(decode_head_reply(with(head_body(), "protocol_max", 0), trust));
        CHECK_FALSE(decode_head_reply(with(head_body(), "protocol_max", 65536), trust));
        for (const std::string_view body : {"", "{}", "[]", "null", "<html>sign in</html>"}) {
            CHECK_FALSE(decode_upload_reply(body, trust));
            CHECK_FALSE(decode_head_reply(body, trust));
        }
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "a newer centre may say more") {
        CHECK(decode_upload_reply(with(upload_body(), "retry_hint", 5), trust));
        CHECK(decode_head_reply(with(head_body(), "motto", "x"), trust));
    }
}
