#include "sync/core/protocol.h"

#include "registry/base/text.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "tests/support/key_bundle.h"
#include "tests/sync/core/damage.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using egret::ErrorCode;
using egret::json::Value;
using egret::sync::decode_head_reply;
using egret::sync::decode_upload_reply;
using egret::sync::encode_head_reply;
using egret::sync::encode_upload_reply;
using egret::sync::HeadReply;
using egret::sync::ReplyNews;
using egret::sync::UploadCode;
using egret::sync::UploadReply;

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
        }
        CHECK(egret::sync::http_status(UploadCode::applied) == 200);
        CHECK(egret::sync::http_status(UploadCode::gap) == 409);
        CHECK(egret::sync::http_status(UploadCode::fork) == 409);
        CHECK(egret::sync::http_status(UploadCode::bad_chain) == 409);
        CHECK(egret::sync::http_status(UploadCode::stale_key) == 422);
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
        CHECK(code_of(UploadCode::stale_key) == "STALE_KEY");
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
        other.receipt_keys = {egret::crypto::SigningKey::generate(random).public_key()};
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

    TEST_CASE_FIXTURE(ProtocolFixture, "what protocol 2 says beside comes with it, or not at all") {
        for (int round = 0; round < 50; ++round) {
            ReplyNews news{random.below(1U << 31), {}, random.chance(0.5)};
            for (std::uint64_t scope = 0; scope < random.below(4); ++scope)
                news.feed.push_back({scope * 3 + 1, random.below(1'000'000)});
            const UploadReply upload{UploadCode::applied, standing, news};
            const auto uploaded =
                decode_upload_reply(encode_upload_reply(upload, receipt_key), trust);
            REQUIRE(uploaded);
            CHECK(*uploaded == upload);
            const HeadReply head{standing, 1, 2, news};
            const auto told = decode_head_reply(encode_head_reply(head, receipt_key), trust);
            REQUIRE(told);
            CHECK(*told == head);
        }
        CHECK_FALSE(decode_upload_reply(upload_body(), trust)->news);
        CHECK_FALSE(decode_head_reply(head_body(), trust)->news);
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "what the second signature covers can't be changed") {
        const ReplyNews news{12, {{17, 400}, {3502, 9}}, false};
        const auto upload = encode_upload_reply({UploadCode::gap, standing, news}, receipt_key);
        const auto head = encode_head_reply({standing, 1, 2, news}, receipt_key);
        const auto feed = [](std::int64_t scope, std::int64_t pos) {
            return Value(egret::json::Array{Value(egret::json::Array{Value(scope), Value(pos)})});
        };
        const auto long_feed = [] {
            egret::json::Array many;
            for (int i = 0; i < 65; ++i) many.emplace_back(egret::json::Array{Value(i), Value(1)});
            return Value(many);
        };
        struct Case {
            std::string name;
            Value value;
            ErrorCode code;
        };
        const Case cases[] = {
            {"bundle", 13, ErrorCode::unauthorized},
            {"bundle", -1, ErrorCode::invalid_input},
            {"rejoin", true, ErrorCode::unauthorized},
            {"rejoin", 1, ErrorCode::invalid_input},
            {"feed", feed(17, 400), ErrorCode::unauthorized},
            {"feed", feed(-17, 400), ErrorCode::invalid_input},
            {"feed", long_feed(), ErrorCode::invalid_input},
            {"feed", Value(egret::json::Array{Value(1)}), ErrorCode::invalid_input},
            {"feed", "none", ErrorCode::invalid_input},
            {"sig2", std::string(128, '0'), ErrorCode::unauthorized},
            {"sig2", "00", ErrorCode::invalid_input},
            {"sig2", nullptr, ErrorCode::invalid_input}};
        for (const auto& [name, value, code] : cases) {
            CAPTURE(name);
            const auto first = decode_upload_reply(with(upload, name, value), trust);
            REQUIRE_FALSE(first);
            CHECK(first.error().code == code);
            const auto second = decode_head_reply(with(head, name, value), trust);
            REQUIRE_FALSE(second);
            CHECK(second.error().code == code);
        }
        // Scopes that don't ascend; and another's signature, of the same members.
        const ReplyNews twice{12, {{17, 400}, {17, 401}}, false};
        CHECK_FALSE(
            decode_head_reply(encode_head_reply({standing, 1, 2, twice}, receipt_key), trust));
        const auto sig2 = egret::json::parse(head)->find("sig2")->as_text();
        CHECK_FALSE(decode_upload_reply(with(upload, "sig2", sig2), trust));
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "a program of protocol 1 passes over what protocol 2 says") {
        const ReplyNews news{12, {{17, 400}}, true};
        const auto body = encode_upload_reply({UploadCode::applied, standing, news}, receipt_key);
        auto parsed = *egret::json::parse(body);
        // What it verifies is what it always did.
        const auto old = *egret::json::parse(upload_body());
        CHECK(parsed.find("sig")->as_text() == old.find("sig")->as_text());
        CHECK(egret::json::dump(parsed).starts_with(
            upload_body().substr(0, upload_body().size() - 1)));
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "a key that the centre signed with before still counts") {
        const auto former = egret::crypto::SigningKey::generate(random);
        const auto body = encode_upload_reply({UploadCode::applied, standing}, former);
        CHECK_FALSE(decode_upload_reply(body, trust));
        auto bundle = egret::tests::key_bundle(random);
        bundle.receipt_key = receipt_key.public_key();
        bundle.former_receipt_keys = {former.public_key()};
        CHECK(decode_upload_reply(body, {standing.device, bundle}));
        CHECK(decode_upload_reply(upload_body(), {standing.device, bundle}));
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "cut anywhere, or with a flipped bit, it is no reply") {
        const ReplyNews news{12, {{17, 400}}, false};
        const auto body = encode_head_reply({standing, 1, 2, news}, receipt_key);
        egret::tests::check_cut_refused(
            body, [&](std::string_view text) { return bool(decode_head_reply(text, trust)); });
        for (std::size_t at = 0; at < body.size(); ++at) {
            auto changed = body;
            changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 7)));
            const auto read = decode_head_reply(changed, trust);
            if (!read) continue;
            // Capitals in hexadecimal, or a name that nobody knows: what is signed is the same.
            CHECK(read->standing == standing);
            if (read->news) CHECK(*read->news == news);
        }
    }

    TEST_CASE_FIXTURE(ProtocolFixture, "a newer centre may say more") {
        CHECK(decode_upload_reply(with(upload_body(), "retry_hint", 5), trust));
        CHECK(decode_head_reply(with(head_body(), "motto", "x"), trust));
    }
}
