#include "sync/core/lookup.h"

#include "registry/crypto/hash.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "tests/sync/core/damage.h"

namespace egret::sync {
namespace {

struct LookupFixture {
    SeededRandom random{77};
    crypto::SigningKey receipt_key = crypto::SigningKey::generate(random);
    LookupRequest request{"cn_resident", "11010519491231002X", Date::from_ymd(1949, 12, 31),
                          make_random_id<UserTag>(random), "care"};
    LookupReply reply{make_random_id<WomanTag>(random), 1'782'777'600'000, 17};
    LookupAsked asked{make_random_id<DeviceTag>(random),
                      crypto::sha256(bytes_of(encode_lookup_request(request)))};

    static std::string with(const std::string& body, const std::string& name, json::Value value) {
        auto parsed = *json::parse(body);
        parsed.as_object().set(name, std::move(value));
        return json::dump(parsed);
    }
};

}  // namespace

TEST_SUITE("sync/core/lookup") {
    TEST_CASE_FIXTURE(LookupFixture, "who was asked for, and who was found") {
        const auto body = encode_lookup_request(request);
        const auto read = decode_lookup_request(body);
        REQUIRE(read);
        CHECK(*read == request);
        const auto answer = encode_lookup_reply(reply, asked, receipt_key);
        const auto found = decode_lookup_reply(answer, asked, {receipt_key.public_key()});
        REQUIRE(found);
        CHECK(*found == reply);
        tests::check_cut_refused(
            body, [](std::string_view text) { return bool(decode_lookup_request(text)); });
        tests::check_cut_refused(answer, [&](std::string_view text) {
            return bool(decode_lookup_reply(text, asked, {receipt_key.public_key()}));
        });
    }

    TEST_CASE_FIXTURE(LookupFixture, "what can't be asked is refused, and quotes nothing of it") {
        const std::pair<std::string, json::Value> wrong[] = {{"kind", ""},
                                                             {"kind", std::string(65, 'x')},
                                                             {"number", ""},
                                                             {"number", 110105},
                                                             {"number", std::string(201, '1')},
                                                             {"birth_date", "1949"},
                                                             {"birth_date", "1949-13-31"},
                                                             {"user", "x"},
                                                             {"user", UserId{}.to_string()},
                                                             {"purpose", nullptr},
                                                             {"motto", "x"}};
        for (const auto& [name, value] : wrong) {
            CAPTURE(name);
            const auto read =
                decode_lookup_request(with(encode_lookup_request(request), name, value));
            REQUIRE_FALSE(read);
            CHECK(read.error().code == ErrorCode::invalid_input);
            CHECK(read.error().message.arguments.empty());
        }
    }

    TEST_CASE_FIXTURE(LookupFixture, "an answer is to this question of this device") {
        const std::vector<crypto::VerifyKey> keys{receipt_key.public_key()};
        const auto answer = encode_lookup_reply(reply, asked, receipt_key);
        const auto code_of = [&](const std::string& body, const LookupAsked& by) {
            const auto read = decode_lookup_reply(body, by, keys);
            REQUIRE_FALSE(read);
            return read.error().code;
        };
        auto other = asked;
        other.device = make_random_id<DeviceTag>(random);
        CHECK(code_of(answer, other) == ErrorCode::unauthorized);
        other = asked;
        other.request_hash[0] ^= 1;
        CHECK(code_of(answer, other) == ErrorCode::unauthorized);
        CHECK(code_of(with(answer, "woman", make_random_id<WomanTag>(random).to_string()), asked) ==
              ErrorCode::unauthorized);
        CHECK(code_of(with(answer, "until_ms", 5), asked) == ErrorCode::unauthorized);
        CHECK(code_of(with(answer, "scope", 18), asked) == ErrorCode::unauthorized);
        CHECK(code_of(with(answer, "woman", "x"), asked) == ErrorCode::invalid_input);
        CHECK(code_of(with(answer, "scope", 0), asked) == ErrorCode::invalid_input);
        CHECK_FALSE(decode_lookup_reply(answer, asked, {}));
    }
}

}  // namespace egret::sync
