#include "registry/crypto/sign.h"

#include "registry/base/text.h"

#include <doctest/doctest.h>

#include <string_view>

namespace egret::crypto {
namespace {

struct Rfc8032 {
    std::string_view seed;
    std::string_view public_key;
    std::string_view message;
    std::string_view signature;
};

constexpr Rfc8032 rfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
};

TEST_SUITE("registry/crypto/sign") {
    TEST_CASE("keys and signatures are those of RFC 8032") {
        for (const auto& vector : rfc8032) {
            const auto key = SigningKey::from_seed(*egret::from_hex(vector.seed));
            CHECK(to_hex(key.public_key()) == vector.public_key);
            CHECK(to_hex(key.seed()) == vector.seed);
            const auto message = *egret::from_hex(vector.message);
            const auto signature = sign(key, message);
            CHECK(to_hex(signature) == vector.signature);
            CHECK(verify(key.public_key(), message, signature));
        }
    }

    TEST_CASE("a signature fits one key, one message, and no other signature does") {
        egret::SeededRandom random(2);
        const auto key = SigningKey::generate(random);
        const auto other = SigningKey::generate(random);
        CHECK(key.public_key() != other.public_key());
        const auto message = bytes_of("a screening and its result");
        const auto signature = sign(key, message);
        CHECK(verify(key.public_key(), message, signature));
        CHECK_FALSE(verify(other.public_key(), message, signature));
        CHECK_FALSE(verify(key.public_key(), bytes_of("a screening and its resulT"), signature));
        for (std::size_t i = 0; i < signature.size(); ++i) {
            auto changed = signature;
            changed[i] ^= 0x10;
            CHECK_FALSE(verify(key.public_key(), message, changed));
        }
    }

    TEST_CASE("bytes that are no key verify nothing") {
        egret::SeededRandom random(3);
        const auto key = SigningKey::generate(random);
        const auto signature = sign(key, bytes_of("x"));
        VerifyKey none;
        none.fill(0xff);
        CHECK_FALSE(verify(none, bytes_of("x"), signature));
    }

    TEST_CASE("a key that was moved signs as before") {
        egret::SeededRandom random(4);
        auto key = SigningKey::generate(random);
        const auto before = sign(key, bytes_of("x"));
        const auto moved = std::move(key);
        CHECK(sign(moved, bytes_of("x")) == before);
    }
}

}  // namespace
}  // namespace egret::crypto
