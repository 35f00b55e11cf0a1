#include "registry/keys/tries.h"

#include "tests/registry/keys/key_fixture.h"

#include <doctest/doctest.h>

namespace egret::keys {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using tests::at_minute;

TEST_SUITE("registry/keys/tries") {
    TEST_CASE("five are free, then each wait is twice the one before, up to an hour") {
        for (std::uint32_t failed = 0; failed < 5; ++failed) {
            CHECK(wait_after(failed) == minutes{0});
            CHECK(tries_left({failed, {}}) == 5 - failed);
        }
        int expected = 1;
        for (std::uint32_t failed = 5; failed < 11; ++failed, expected *= 2)
            CHECK(wait_after(failed) == minutes{expected});
        for (const std::uint32_t failed : {11U, 12U, 100U, 0xFFFFFFFFU})
            CHECK(wait_after(failed) == minutes{60});
        CHECK(tries_left({9, {}}) == 0);
    }

    TEST_CASE("a wait ends by time, and begins anew if the clock was put back") {
        const Tries tries{6, at_minute(10)};
        CHECK(wait_left(tries, at_minute(10)) == minutes{2});
        CHECK(wait_left(tries, at_minute(11)) == minutes{1});
        CHECK(wait_left(tries, at_minute(12)) == milliseconds{0});
        CHECK(wait_left(tries, at_minute(5000)) == milliseconds{0});
        CHECK(wait_left(tries, at_minute(9)) == minutes{2});
        CHECK(wait_left(tries, at_minute(-5'000'000)) == minutes{2});
        CHECK(wait_left({4, at_minute(10)}, at_minute(9)) == milliseconds{0});
    }
}

}  // namespace
}  // namespace egret::keys
