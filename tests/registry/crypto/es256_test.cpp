#include "registry/crypto/es256.h"

#include "registry/base/base64url.h"
#include "registry/base/text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

namespace egret::crypto {
namespace {

// RFC 7515, appendix A.3.
constexpr std::string_view rfc_x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr std::string_view rfc_y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
constexpr std::string_view rfc_d = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
constexpr std::string_view rfc_signed =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    "bS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view rfc_signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

template <std::size_t N>
Fixed<N> fixed(std::string_view base64url) {
    const auto bytes = egret::from_base64url(base64url);
    REQUIRE(bytes);
    REQUIRE(bytes->size() == N);
    Fixed<N> out;
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

Es256PublicKey rfc_key() { return {fixed<32>(rfc_x), fixed<32>(rfc_y)}; }

TEST_SUITE("registry/crypto/es256") {
    TEST_CASE("the key and the signature are those of RFC 7515, A.3") {
        const auto key = Es256Key::from_private(fixed<32>(rfc_d));
        REQUIRE(key);
        CHECK(key->public_key() == rfc_key());
        CHECK(Es256PublicKey::from_bytes(rfc_key().to_bytes()) == rfc_key());
        CHECK(to_hex(rfc_key().to_bytes()) == to_hex(rfc_key().x) + to_hex(rfc_key().y));
        CHECK(text_of(key->private_key()) == text_of(fixed<32>(rfc_d)));
        const auto signature = fixed<64>(rfc_signature);
        CHECK(verify(rfc_key(), bytes_of(rfc_signed), signature));
        CHECK_FALSE(verify(rfc_key(), bytes_of(rfc_signed.substr(1)), signature));
        CHECK(verify(rfc_key(), bytes_of(rfc_signed), sign(*key, bytes_of(rfc_signed))));
    }

    TEST_CASE("a thumbprint is made as RFC 7638 says") {
        // Its own example is of an RSA key; this key and name are those of the specification of
        // SMART Health Cards.
        const Es256PublicKey issuer{fixed<32>("11XvRWy1I2S0EyJlyf_bWfw_TQ5CJJNLw78bHXNxcgw"),
                                    fixed<32>("eZXwxvO1hvCY0KucrPfKo7yAyMT6Ajc3N7OkAB6VYy8")};
        CHECK(thumbprint(issuer) == "3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s");
        const Es256PublicKey second{fixed<32>("PQHApUWm94mflvswQgAnfHlETMwJFqjUVSs7WU6LQy4"),
                                    fixed<32>("7mj8IO-8V5VZjDbRVsJINC_Rq5ai5CDhFX18ceRsLWQ")};
        CHECK(thumbprint(second) == "EBKOr72QQDcTBUuVzAzkfBTGew0ZA16GuWty64nS-sw");
    }

    TEST_CASE("a signature fits one key, one message, and no other signature does") {
        egret::SeededRandom random(11);
        const auto key = Es256Key::generate(random);
        const auto other = Es256Key::generate(random);
        CHECK_FALSE(key.public_key() == other.public_key());
        const auto message = bytes_of("a dose and its day");
        const auto signature = sign(key, message);
        CHECK(verify(key.public_key(), message, signature));
        CHECK_FALSE(verify(other.public_key(), message, signature));
        CHECK_FALSE(verify(key.public_key(), bytes_of("a dose and its daY"), signature));
        for (std::size_t i = 0; i < signature.size(); ++i) {
            auto changed = signature;
            changed[i] ^= 0x10;
            CHECK_FALSE(verify(key.public_key(), message, changed));
        }
        CHECK_FALSE(verify(key.public_key(), message, Es256Signature{}));
    }

    TEST_CASE("a hundred signatures are 64 bytes that verify, also where r or s begins with 0") {
        egret::SeededRandom random(12);
        const auto key = Es256Key::generate(random);
        for (int i = 0; i < 100; ++i) {
            const auto message = random.bytes<16>();
            CHECK(verify(key.public_key(), message, sign(key, message)));
        }
    }

    TEST_CASE("what is no private key makes none") {
        Fixed<32> order;  // Of P-256: the first number that is too large.
        const auto raw =
            *egret::from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        std::copy(raw.begin(), raw.end(), order.begin());
        CHECK_FALSE(Es256Key::from_private(order));
        CHECK_FALSE(Es256Key::from_private(Fixed<32>{}));
        CHECK_FALSE(Es256Key::from_private(Fixed<31>{1}));
        order[31] -= 1;
        CHECK(Es256Key::from_private(order));
    }

    TEST_CASE("what is no point of the curve is not usable and verifies nothing") {
        auto key = rfc_key();
        CHECK(is_usable(key));
        key.y[31] ^= 1;
        CHECK_FALSE(is_usable(key));
        CHECK_FALSE(is_usable({}));
        CHECK_FALSE(verify(key, bytes_of(rfc_signed), fixed<64>(rfc_signature)));
    }

    TEST_CASE("a key that was moved signs as before") {
        egret::SeededRandom random(13);
        auto key = Es256Key::generate(random);
        const auto name = thumbprint(key.public_key());
        const auto moved = std::move(key);
        CHECK(thumbprint(moved.public_key()) == name);
        CHECK(verify(moved.public_key(), bytes_of("x"), sign(moved, bytes_of("x"))));
    }
}

}  // namespace
}  // namespace egret::crypto
