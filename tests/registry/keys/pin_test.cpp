#include "registry/keys/pin.h"

#include "registry/keys/typed.h"
#include "tests/registry/keys/key_fixture.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::keys {
namespace {

std::string refused(std::string_view pin) { return tests::refusal(check_new_pin(bytes_of(pin))); }

TEST_SUITE("registry/keys/pin") {
    TEST_CASE("six digits, or more characters of any kind, may be a PIN") {
        for (const auto* pin : {"482915", "135790", "112233", "a1b2c3", "白鹭飞过晨雾",
                                "correct horse", "123457", "654322", "890124"}) {
            CAPTURE(pin);
            CHECK(refused(pin).empty());
        }
        CHECK(refused(std::string(32, 'a') + std::string(32, 'b')).empty());
    }

    TEST_CASE("what is short, long or the first that anybody tries is no PIN") {
        CHECK(refused("") == "keys.pin_short");
        CHECK(refused("48291") == "keys.pin_short");
        CHECK(refused("白鹭飞过晨") == "keys.pin_short");
        CHECK(refused(std::string(32, 'a') + std::string(33, 'b')) == "keys.pin_long");
        for (const auto* pin :
             {"000000", "777777", "123456", "234567890", "890123", "987654", "210987", "abcdef",
              "鹭鹭鹭鹭鹭鹭", "１２３４５６", "１１１１１１"}) {
            CAPTURE(pin);
            CHECK(refused(pin) == "keys.pin_simple");
        }
        CHECK(refused("48291\t5") == "keys.pin_unseen");
        CHECK(refused("48\x7F"
                      "2915") == "keys.pin_unseen");
        CHECK(refused("48291\xFF\xFF") == "keys.pin_unseen");
    }

    TEST_CASE("a refusal doesn't tell what was typed") {
        const auto result = check_new_pin(bytes_of("12345"));
        REQUIRE_FALSE(result);
        CHECK(result.error().code == ErrorCode::invalid_input);
        CHECK(result.error().field == "pin");
        CHECK(tests::refusal_argument(result) == "6");
    }

    TEST_CASE("characters of full width are plain ones, and all others stay") {
        const auto plain = [](std::string_view typed) {
            return std::string(text_of(narrowed(bytes_of(typed))));
        };
        CHECK(plain("１２３ＡＢｃ－！～") == "123ABc-!~");
        CHECK(plain("a　b") == "a b");
        CHECK(plain("白鹭 é 🐦 \xEF\xBC") == "白鹭 é 🐦 \xEF\xBC");
        CHECK(plain("").empty());
    }
}

}  // namespace
}  // namespace egret::keys
