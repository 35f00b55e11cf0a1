#include "registry/crypto/xts.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <string_view>

namespace egret::crypto {
namespace {

Bytes bytes_of_hex(std::string_view hex) {
    const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    Bytes bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(value(hex[i]) * 16 + value(hex[i + 1])));
    return bytes;
}

// IEEE 1619-2007, vector 10: AES-256, data unit 0xff.
constexpr auto key_hex =
    "2718281828459045235360287471352662497757247093699959574966967627"
    "3141592653589793238462643383279502884197169399375105820974944592";
constexpr auto first_hex = "1c3b3a102f770386e4836c99e370cf9bea00803f5e482357a4ae12d414a3e63b";

TEST_SUITE("registry/crypto/xts") {
    TEST_CASE("the standard's vector") {
        XtsKey key(bytes_of_hex(key_hex));
        Bytes plain(512);
        std::iota(plain.begin(), plain.end(), std::uint8_t{0});
        Bytes hidden(plain.size());
        key.encrypt({0xff}, plain, hidden);
        CHECK(Bytes(hidden.begin(), hidden.begin() + 32) == bytes_of_hex(first_hex));
        key.decrypt({0xff}, hidden, hidden);
        CHECK(hidden == plain);
    }

    TEST_CASE("24 bytes are hidden, in place, and any change garbles the first 16") {
        XtsKey key(bytes_of_hex(key_hex));
        const Bytes plain(24, 'a');
        auto hidden = plain;
        key.encrypt({1}, hidden, hidden);
        for (std::size_t at = 0; at < hidden.size(); ++at) {
            auto changed = hidden;
            changed[at] ^= 1;
            key.decrypt({1}, changed, changed);
            CHECK_FALSE(std::equal(plain.begin() + 8, plain.begin() + 16, changed.begin() + 8));
        }
        auto other = hidden;
        key.decrypt({2}, other, other);
        CHECK(other != plain);
        key.decrypt({1}, hidden, hidden);
        CHECK(hidden == plain);
    }
}

}  // namespace
}  // namespace egret::crypto
