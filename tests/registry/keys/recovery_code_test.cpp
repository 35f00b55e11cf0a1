#include "registry/keys/recovery_code.h"

#include "registry/base/random.h"
#include "registry/base/text.h"
#include "tests/registry/keys/key_fixture.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace egret::keys {
namespace {

RecoveryCode a_code() {
    SeededRandom random(3);
    return RecoveryCode::make(random);
}

bool is_same(const Result<RecoveryCode>& parsed, const RecoveryCode& code) {
    return parsed && text_of(parsed->secret()) == text_of(code.secret());
}

TEST_SUITE("registry/keys/recovery_code") {
    TEST_CASE("a code is eight groups of four, and is read back") {
        SeededRandom random(1);
        std::set<std::string> all;
        for (int i = 0; i < 200; ++i) {
            const auto code = RecoveryCode::make(random);
            const auto text = code.text();
            CHECK(text.size() == 8 * 4 + 7);
            CHECK(is_same(RecoveryCode::parse(text), code));
            CHECK(split(text, '-').size() == 8);
            all.insert(text);
        }
        CHECK(all.size() == 200);
    }

    TEST_CASE("a code of any release is read by all later ones") {
        CHECK(a_code().text() == "R266-DSET-NF6V-1VK4-31FE-M7FX-MD8Z-G4T6");
    }

    TEST_CASE("it is printed in two lines of four groups") {
        CHECK(a_code().lines() == "    R266 - DSET - NF6V - 1VK4\n    31FE - M7FX - MD8Z - G4T6\n");
        CHECK(is_same(RecoveryCode::parse(a_code().lines()), a_code()));
    }

    TEST_CASE("it is read however it was copied") {
        const auto code = a_code();
        auto text = code.text();
        CHECK(is_same(RecoveryCode::parse(to_lower(text)), code));
        CHECK(is_same(RecoveryCode::parse("  " + text + "\r\n"), code));
        std::string bare;
        std::string spaced;
        std::string wide;
        std::string mistaken;
        for (const char c : text) {
            if (c != '-') bare += c;
            spaced += c == '-' ? " . " : std::string(1, c);
            wide += to_utf8(std::u32string(1, static_cast<char32_t>(0xFEE0 + c)));
            mistaken += c == '0' ? 'o' : (c == '1' ? 'l' : c);
        }
        CHECK(is_same(RecoveryCode::parse(bare), code));
        CHECK(is_same(RecoveryCode::parse(spaced), code));
        CHECK(is_same(RecoveryCode::parse(wide), code));
        CHECK(is_same(RecoveryCode::parse(mistaken), code));
    }

    TEST_CASE("each slip of one character is found, and its group is named") {
        const auto code = a_code();
        const auto text = code.text();
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] == '-') continue;
            for (const char other : std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
                if (other == text[at]) continue;
                auto wrong = text;
                wrong[at] = other;
                const auto parsed = RecoveryCode::parse(wrong);
                CHECK(tests::refusal(parsed) == "keys.code_group");
                CHECK(tests::refusal_argument(parsed) == std::to_string(at / 5 + 1));
            }
        }
    }

    TEST_CASE("two characters that changed places are found") {
        const auto code = a_code();
        const auto text = code.text();
        int swapped = 0;
        for (std::size_t at = 0; at + 1 < text.size(); ++at) {
            if (text[at] == '-' || text[at + 1] == '-' || text[at] == text[at + 1]) continue;
            auto wrong = text;
            std::swap(wrong[at], wrong[at + 1]);
            const auto parsed = RecoveryCode::parse(wrong);
            CHECK(tests::refusal(parsed) == "keys.code_group");
            CHECK(tests::refusal_argument(parsed) == std::to_string(at / 5 + 1));
            ++swapped;
        }
        CHECK(swapped > 15);
    }

    TEST_CASE("what is no code is said plainly, and never quoted") {
        const auto text = a_code().text();
        CHECK(tests::refusal(RecoveryCode::parse("")) == "keys.code_length");
        CHECK(tests::refusal(RecoveryCode::parse(text.substr(0, text.size() - 1))) ==
              "keys.code_length");
        CHECK(tests::refusal(RecoveryCode::parse(text + "7")) == "keys.code_length");
        auto strange = text;
        strange[12] = 'U';
        CHECK(tests::refusal(RecoveryCode::parse(strange)) == "keys.code_character");
        CHECK(tests::refusal_argument(RecoveryCode::parse(strange)) == "3");
        CHECK(tests::refusal(RecoveryCode::parse(text + "é")) == "keys.code_character");
        auto two = text;
        two[0] = two[0] == 'A' ? 'B' : 'A';
        two[37] = two[37] == 'A' ? 'B' : 'A';
        const auto parsed = RecoveryCode::parse(two);
        CHECK(tests::refusal(parsed) == "keys.code_mistyped");
        CHECK(parsed.error().field == "code");
        CHECK(parsed.error().message.arguments.empty());
    }

    TEST_CASE("single groups are compared as forgivingly") {
        const auto code = a_code();
        for (std::size_t i = 0; i < RecoveryCode::group_count; ++i) {
            CHECK(code.is_group(i, code.group(i)));
            CHECK(code.is_group(i, " " + to_lower(code.group(i)) + " "));
            CHECK_FALSE(code.is_group(i, code.group(i) + "7"));
            CHECK_FALSE(code.is_group(i, ""));
            CHECK_FALSE(code.is_group(i, code.group((i + 1) % RecoveryCode::group_count)));
        }
    }
}

}  // namespace
}  // namespace egret::keys
