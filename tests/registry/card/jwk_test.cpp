#include "registry/card/jwk.h"

#include "registry/base/random.h"
#include "tests/registry/card/card_maker.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

constexpr std::string_view known_set =
    R"({"keys":[{"kty":"EC","kid":"3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s","use":"sig",)"
    R"("alg":"ES256","crv":"P-256","x":"11XvRWy1I2S0EyJlyf_bWfw_TQ5CJJNLw78bHXNxcgw",)"
    R"("y":"eZXwxvO1hvCY0KucrPfKo7yAyMT6Ajc3N7OkAB6VYy8"}]})";

TEST_SUITE("registry/card/jwk") {
    TEST_CASE("a key set is written as it is read") {
        const auto keys = card::parse_key_set(known_set);
        REQUIRE(keys);
        REQUIRE(keys->size() == 1);
        CHECK(card::encode_key_set(*keys) == known_set);
        CHECK(card::encode_key_set({}) == R"({"keys":[]})");
    }

    TEST_CASE("members that we don't need, and keys for other uses, are passed over") {
        const auto more =
            tests::with(std::string(known_set), R"("kty")", R"("crlVersion":1,"kty")");
        CHECK(card::parse_key_set(more)->size() == 1);
        const auto other = tests::with(std::string(known_set), R"([{)",
                                       R"([{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AA"},{)");
        CHECK(card::parse_key_set(other)->size() == 1);
    }

    TEST_CASE("a key that can't be trusted spoils the set") {
        const std::string good(known_set);
        for (const auto& bad :
             {std::string("[]"), std::string("{}"), std::string(R"({"keys":{}})"),
              std::string(R"({"keys":[1]})"), tests::with(good, "3Kfdg", "4Kfdg"),
              tests::with(good, "P-256", "P-384"), tests::with(good, "11XvR", "11XvS"),
              tests::with(good, "eZXw", "eZ"), tests::with(good, R"("crv")", R"("d":"AA","crv")"),
              tests::with(good, R"("y":)", R"("z":)")}) {
            CHECK_FALSE(card::parse_key_set(bad));
        }
    }
}

}  // namespace
}  // namespace egret
