#include "registry/crypto/hash.h"

#include "registry/base/random.h"
#include "registry/base/text.h"

#include <doctest/doctest.h>

namespace egret::crypto {
namespace {

TEST_SUITE("registry/crypto/hash") {
    TEST_CASE("SHA-256 gives the published values") {
        CHECK(to_hex(sha256({})) ==
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        CHECK(to_hex(sha256(bytes_of("abc"))) ==
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    TEST_CASE("pieces give the hash of the whole, and the object serves again") {
        egret::SeededRandom random(1);
        egret::Bytes data(1000);
        random.fill(data);
        Sha256 pieces;
        for (int round = 0; round < 3; ++round) {
            for (std::size_t at = 0; at < data.size();) {
                const auto step = std::min<std::size_t>(random.below(100), data.size() - at);
                pieces.update(egret::ByteView(data).subspan(at, step));
                at += step;
            }
            CHECK(pieces.finish() == sha256(data));
        }
    }

    TEST_CASE("HMAC gives the values of RFC 4231, and takes an empty key") {
        CHECK(to_hex(hmac_sha256(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))) ==
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        CHECK(to_hex(hmac_sha256({}, {})) ==
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    }

    TEST_CASE("equality is of length and of every byte") {
        const egret::Bytes a{1, 2, 3};
        CHECK(equal_constant_time({}, {}));
        CHECK(equal_constant_time(a, egret::Bytes{1, 2, 3}));
        CHECK_FALSE(equal_constant_time(a, egret::Bytes{1, 2}));
        CHECK_FALSE(equal_constant_time(a, egret::Bytes{0, 2, 3}));
        CHECK_FALSE(equal_constant_time(a, egret::Bytes{1, 2, 4}));
    }
}

}  // namespace
}  // namespace egret::crypto
