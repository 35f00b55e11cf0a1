#include "sync/core/enrolment_code.h"

#include "registry/base/text.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

using egret::ErrorCode;
using egret::sync::EnrolmentCode;
using egret::sync::format_enrolment_code;
using egret::sync::hash_enrolment_secret;
using egret::sync::make_enrolment_code;
using egret::sync::parse_enrolment_code;

namespace {

struct CodeFixture {
    egret::SeededRandom random{46};
    egret::crypto::VerifyKey root = egret::crypto::SigningKey::generate(random).public_key();
    EnrolmentCode code = make_enrolment_code(root, random);
    std::string text = format_enrolment_code(code);
};

}  // namespace

TEST_SUITE("sync/core/enrolment_code") {
    TEST_CASE_FIXTURE(CodeFixture, "it is 36 characters in groups, and reads back") {
        CHECK(text.size() == 42);
        const auto groups = egret::split(text, '-');
        REQUIRE(groups.size() == 7);
        for (std::size_t i = 0; i < groups.size(); ++i) CHECK(groups[i].size() == (i < 6 ? 5 : 6));
        const auto parsed = parse_enrolment_code(text);
        REQUIRE(parsed);
        CHECK(*parsed == code);
        CHECK(code.root_hash == egret::sync::root_hash_of(root));
        CHECK(code.secret == std::string(groups[0]) + std::string(groups[1]));
    }

    TEST_CASE_FIXTURE(CodeFixture, "it is taken as people type it") {
        std::string spaced = "  ";
        for (const char c : egret::to_lower(text)) spaced += c == '-' ? ' ' : c;
        CHECK(*parse_enrolment_code(spaced + "\n") == code);
        std::string plain;
        std::string confused;
        for (const char c : text) {
            if (c == '-') continue;
            plain += c;
            confused += c == '0' ? 'o' : c == '1' ? 'l' : c;
        }
        CHECK(*parse_enrolment_code(plain) == code);
        CHECK(*parse_enrolment_code(confused) == code);
        CHECK(parse_enrolment_code("OIL" + std::string(33, '0'))->secret == "0110000000");
    }

    TEST_CASE_FIXTURE(CodeFixture, "too short, too long, or with a strange character, it is none") {
        for (const auto& wrong : {std::string(), text.substr(0, 41), text + "0"}) {
            const auto parsed = parse_enrolment_code(wrong);
            REQUIRE_FALSE(parsed);
            CHECK(parsed.error().code == ErrorCode::invalid_input);
            CHECK(parsed.error().message.id == "code.wrong_length");
        }
        for (const std::string_view strange : {"U", "u", "*", "_", "é", "零"}) {
            auto wrong = text;
            wrong.replace(8, 1, strange);
            const auto parsed = parse_enrolment_code(wrong);
            REQUIRE_FALSE(parsed);
            CHECK(parsed.error().message ==
                  egret::msg("code.wrong_character", {{"position", "8"}}));
        }
    }

    TEST_CASE_FIXTURE(CodeFixture, "a secret comes in one form only") {
        CHECK(egret::sync::is_enrolment_secret(code.secret));
        CHECK_FALSE(egret::sync::is_enrolment_secret(egret::to_lower("ABCDEFGHJK")));
        CHECK(egret::sync::is_enrolment_secret("ABCDEFGHJK"));
        for (const std::string_view wrong :
             {"", "ABCDEFGHJ", "ABCDEFGHJKM", "ABCDE-FGHJK", "ABCDEFGHJU"})
            CHECK_FALSE(egret::sync::is_enrolment_secret(wrong));
    }

    TEST_CASE_FIXTURE(CodeFixture, "secrets differ, and so do their hashes under another key") {
        std::set<std::string> secrets;
        for (int i = 0; i < 1000; ++i) secrets.insert(make_enrolment_code(root, random).secret);
        CHECK(secrets.size() == 1000);
        const auto key = random.bytes<32>();
        const auto hash = hash_enrolment_secret(code.secret, key);
        CHECK(hash == hash_enrolment_secret(code.secret, key));
        CHECK(hash != hash_enrolment_secret(code.secret, random.bytes<32>()));
        CHECK(hash != hash_enrolment_secret(*secrets.begin(), key));
    }
}
