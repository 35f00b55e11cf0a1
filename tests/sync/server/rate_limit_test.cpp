#include "sync/server/rate_limit.h"

#include <doctest/doctest.h>

namespace egret::server {

TEST_SUITE("sync/server/rate_limit") {
    TEST_CASE("an address has its bound, all have theirs, and both begin anew after the window") {
        RateLimit limit({2, 3, std::chrono::seconds{10}});
        const Instant start{std::chrono::seconds{1000}};
        CHECK(limit.allows("a", start));
        CHECK(limit.allows("a", start));
        CHECK_FALSE(limit.allows("a", start));
        CHECK(limit.allows("b", start));
        CHECK_FALSE(limit.allows("c", start + std::chrono::seconds{9}));
        CHECK(limit.allows("c", start + std::chrono::seconds{10}));
        CHECK(limit.allows("a", start + std::chrono::seconds{10}));
    }

    TEST_CASE("a clock that is put back locks nobody out") {
        RateLimit limit({1, 1, std::chrono::seconds{10}});
        CHECK(limit.allows("a", Instant{std::chrono::seconds{1000}}));
        CHECK(limit.allows("a", Instant{std::chrono::seconds{10}}));
    }
}

}  // namespace egret::server
