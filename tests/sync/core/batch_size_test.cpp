#include "sync/core/batch_size.h"

#include "registry/base/random.h"
#include "sync/core/wire_limits.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret::sync {
namespace {

constexpr std::size_t kib = 1024;

}  // namespace

TEST_SUITE("sync/core/batch_size") {
    TEST_CASE("a line that carries more is given more, up to a bound") {
        CHECK(size_after_success(32 * kib, {32 * kib, 1000, 0}) == 64 * kib);
        CHECK(size_after_success(400 * kib, {400 * kib, 1000, 0}) == 512 * kib);
        CHECK(size_after_success(512 * kib, {512 * kib, 0, 0}) == 512 * kib);
        CHECK(size_after_success(32 * kib, {32 * kib, 10'000, 0}) == 48 * kib);
        CHECK(size_after_success(64 * kib, {64 * kib, 30'000, 0}) == 32 * kib);
        // One that came after a failure: not at once to where it failed.
        CHECK(size_after_success(32 * kib, {32 * kib, 1000, 1}) == 48 * kib);
        CHECK(size_after_success(256 * kib, {256 * kib, 1000, 1}) == 288 * kib);
    }

    TEST_CASE("what proves nothing changes nothing") {
        CHECK(size_after_success(32 * kib, {1 * kib, 20'000, 0}) == 32 * kib);
        CHECK(size_after_success(32 * kib, {32 * kib, -5, 0}) == 32 * kib);
        CHECK(size_after_success(32 * kib, {32 * kib, 31'536'000'000, 0}) == 32 * kib);
    }

    TEST_CASE("a failure halves it, down to a fact") {
        auto size = limits::batch_bytes_most;
        for (int i = 0; i < 10; ++i) size = size_after_failure(size);
        for (int i = 0; i < 2; ++i) size = size_after_failure(size);
        CHECK(size == 256);
        CHECK(size_after_failure(size) == 256);
        CHECK(size_after_failure(64 * kib) == 32 * kib);
    }

    TEST_CASE("on any line it settles below fifteen seconds, and uses the line") {
        for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
            CAPTURE(seed);
            SeededRandom random(seed);
            const auto rate = 1000 + random.below(100'000);  // Bytes a second.
            auto allowed = limits::batch_bytes_least << random.below(12);
            for (int i = 0; i < 12; ++i) {
                const auto elapsed = static_cast<std::int64_t>(allowed * 1000 / rate);
                allowed = size_after_success(allowed, {allowed, elapsed, 0});
                CHECK(allowed >= limits::batch_bytes_least);
                CHECK(allowed <= limits::batch_bytes_most);
            }
            const auto carried = rate * 15;
            const auto wanted = std::clamp<std::size_t>(carried, limits::batch_bytes_least,
                                                        limits::batch_bytes_most);
            CHECK(allowed <= carried + rate / 10 + 600);
            CHECK(allowed >= wanted / 10 * 9);
        }
    }
}

}  // namespace egret::sync
