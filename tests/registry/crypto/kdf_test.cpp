#include "registry/crypto/kdf.h"

#include "registry/base/text.h"
#include "registry/crypto/crypto_error.h"

#include <doctest/doctest.h>

namespace egret::crypto {
namespace {

TEST_SUITE("registry/crypto/kdf") {
    TEST_CASE("HKDF gives the values of RFC 5869") {
        const egret::Bytes secret(22, 0x0b);
        CHECK(to_hex(hkdf_extract(*from_hex("000102030405060708090a0b0c"), secret)) ==
              "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
        CHECK(
            to_hex(hkdf_sha256(secret, *from_hex("000102030405060708090a0b0c"),
                               *from_hex("f0f1f2f3f4f5f6f7f8f9"), 42)) ==
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        CHECK(
            to_hex(hkdf_sha256(secret, {}, {}, 42)) ==
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
        CHECK(hkdf_sha256(secret, {}, {}, 0).size() == 0);
    }

    TEST_CASE("scrypt gives the values of RFC 7914") {
        CHECK(to_hex(scrypt({}, {}, {16, 1, 1})) ==
              "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442");
        CHECK(to_hex(scrypt(bytes_of("password"), bytes_of("NaCl"), {1024, 8, 16})) ==
              "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
    }

    TEST_CASE("scrypt throws for a cost that it doesn't know, and for one above its memory") {
        CHECK_THROWS_AS((void)scrypt({}, {}, {15, 8, 1}), CryptoError);
        CHECK_THROWS_AS((void)scrypt({}, {}, {1ULL << 24, 8, 1}), CryptoError);
    }
}

}  // namespace
}  // namespace egret::crypto
