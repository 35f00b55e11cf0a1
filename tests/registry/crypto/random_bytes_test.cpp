#include "registry/crypto/random_bytes.h"

#include "registry/crypto/wipe.h"

#include <doctest/doctest.h>

namespace egret::crypto {
namespace {

TEST_SUITE("registry/crypto/random_bytes") {
    TEST_CASE("all of what was asked for is filled, and differs each time") {
        SystemRandom random;
        CHECK(random.bytes<32>() != random.bytes<32>());
        egret::Bytes large(3'000'000, 0);
        random.fill(large);
        // Three million bytes hold every value near both ends; zeros alone would mean a gap.
        CHECK(egret::Bytes(large.end() - 64, large.end()) != egret::Bytes(64, 0));
        CHECK(egret::Bytes(large.begin(), large.begin() + 64) != egret::Bytes(64, 0));
        random.fill({});
    }
}

TEST_SUITE("registry/crypto/wipe") {
    TEST_CASE("wiping leaves zeros") {
        egret::Bytes bytes(100, 0xaa);
        wipe(bytes);
        CHECK(bytes == egret::Bytes(100, 0));
        wipe({});
    }

    TEST_CASE("a secret that was moved away leaves nothing behind") {
        Secret one(egret::Bytes{1, 2, 3});
        Secret two(std::move(one));
        CHECK(two.size() == 3);
        Secret three;
        three = std::move(two);
        CHECK(egret::copy_of(three.view()) == egret::Bytes{1, 2, 3});
        CHECK(two.size() == 0);  // NOLINT(bugprone-use-after-move): this is what is promised.
    }
}

}  // namespace
}  // namespace egret::crypto
