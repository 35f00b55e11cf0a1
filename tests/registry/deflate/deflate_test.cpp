#include "registry/deflate/deflate.h"

#include "registry/base/random.h"
#include "registry/base/text.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

TEST_SUITE("registry/deflate/deflate") {
    TEST_CASE("everything comes back, of any size up to the limit") {
        SeededRandom random(20);
        for (const std::size_t size : {0U, 1U, 100U, 70'000U}) {
            Bytes data(size);
            for (auto& byte : data) byte = static_cast<std::uint8_t>(random.below(20));
            const auto packed = deflate::pack(data);
            const auto back = deflate::unpack(packed, size);
            REQUIRE(back);
            CHECK(*back == data);
            if (size == 0) continue;
            const auto refused = deflate::unpack(packed, size - 1);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::too_large);
        }
    }

    TEST_CASE("a stream that another program wrote is read") {
        // "hello" three times, by Python's zlib with a negative window.
        const auto back = deflate::unpack(*from_hex("cb48cdc9c9cf801300"), 15);
        REQUIRE(back);
        CHECK(text_of(*back) == "hellohellohello");
        const auto stored = deflate::unpack(*from_hex("010300fcff414243"), 3);
        REQUIRE(stored);
        CHECK(text_of(*stored) == "ABC");
    }

    TEST_CASE("what is cut short, damaged, wrapped or followed by something is refused") {
        const auto packed = deflate::pack(bytes_of("a dose and its day, a dose and its day"));
        for (std::size_t size = 0; size < packed.size(); ++size)
            CHECK_FALSE(deflate::unpack(ByteView(packed).first(size), 1000));
        auto followed = packed;
        followed.push_back(0);
        CHECK_FALSE(deflate::unpack(followed, 1000));
        // The same as zlib's format: two bytes before, a checksum after.
        CHECK_FALSE(deflate::unpack(*from_hex("789c4b040000620062"), 1000));
        CHECK_FALSE(deflate::unpack(*from_hex("ffffffff"), 1000));
    }

    TEST_CASE("a bomb takes no more memory than the limit") {
        const auto bomb = deflate::pack(Bytes(16 * 1024 * 1024, 0));
        const auto refused = deflate::unpack(bomb, 1000);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message == msg("deflate.too_large", {{"limit", "1000"}}));
    }
}

}  // namespace
}  // namespace egret
