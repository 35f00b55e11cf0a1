#include "sync/core/padme.h"

#include <doctest/doctest.h>

using egret::sync::padme_length;

TEST_SUITE("sync/core/padme") {
    TEST_CASE("a length is never shortened, grows by at most 12 %, and once only") {
        for (std::uint64_t length = 0; length < 20'000; ++length) {
            const auto padded = padme_length(length);
            REQUIRE(padded >= length);
            REQUIRE((padded - length) * 100 <= length * 12);
            REQUIRE(padme_length(padded) == padded);
            if (length > 0) REQUIRE(padded >= padme_length(length - 1));
        }
    }

    TEST_CASE("lengths are those of the paper's rule") {
        CHECK(padme_length(9) == 10);  // 1001 keeps three bits and may not lose the last one.
        CHECK(padme_length(224) == 224);
        CHECK(padme_length(225) == 240);
        CHECK(padme_length(1000) == 1024);
        CHECK(padme_length(100'000) == 100'352);
        CHECK(padme_length(std::uint64_t{1} << 40) == std::uint64_t{1} << 40);
    }

    TEST_CASE("few lengths are left to tell apart") {
        int distinct = 0;
        std::uint64_t last = 0;
        for (std::uint64_t length = 1; length <= 1024 * 1024; ++length) {
            if (const auto padded = padme_length(length); padded != last) {
                ++distinct;
                last = padded;
            }
        }
        CHECK(distinct <= 16 * 20);  // Sixteen for each doubling, at most.
    }
}
