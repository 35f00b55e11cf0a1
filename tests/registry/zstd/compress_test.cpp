#include "registry/zstd/compress.h"

#include "registry/base/random.h"
#include "registry/base/text.h"

#include <doctest/doctest.h>

using egret::Bytes;
using egret::ErrorCode;
using egret::zstd::compress;
using egret::zstd::decompress;

namespace {

// "hello" three times as a frame that doesn't say its length: the program zstd writes one from a
// pipe. The sixth byte is the window's size.
constexpr std::string_view frame_without_length =
    "28b52ffd04585d00002868656c6c6f0100d88a1689ac8f38";
constexpr std::size_t window_at = 5;
// The same of a million zeros.
constexpr std::string_view zeros_without_length =
    "28b52ffd04585400001000000100fbff39c00202001000020010000200100002001000020010000200100003120a00"
    "ccaeca39";

Bytes frame_of(std::string_view hex) { return *egret::from_hex(hex); }

}  // namespace

TEST_SUITE("registry/zstd/compress") {
    TEST_CASE("everything comes back, of any size") {
        egret::SeededRandom random(10);
        for (const std::size_t size : {0U, 1U, 100U, 100'000U, 300'000U, 3'000'000U}) {
            Bytes data(size);
            for (auto& byte : data) byte = static_cast<std::uint8_t>(random.below(20));
            const auto back = decompress(compress(data), size);
            REQUIRE(back);
            CHECK(*back == data);
        }
    }

    TEST_CASE("content one byte past the limit is too large, declared or not") {
        const Bytes data(1000, 7);
        CHECK(decompress(compress(data), 1000));
        const auto refused = decompress(compress(data), 999);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::too_large);
        CHECK(refused.error().message == egret::msg("zstd.too_large", {{"limit", "999"}}));
    }

    TEST_CASE("a bomb is refused for what it says, before it is opened") {
        const auto bomb = compress(Bytes(64 * 1024 * 1024, 0));
        CHECK(bomb.size() < 10'000);
        const auto refused = decompress(bomb, 4 * 1024 * 1024);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::too_large);
    }

    TEST_CASE("cut at every byte, or with something behind it, it is no frame") {
        Bytes data;
        for (int i = 0; i < 200; ++i) egret::append(data, egret::bytes_of(std::to_string(i)));
        auto frame = compress(data);
        for (std::size_t size = 0; size < frame.size(); ++size) {
            const auto refused = decompress(egret::ByteView(frame).first(size), 10'000);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::invalid_input);
        }
        frame.push_back(0);
        CHECK_FALSE(decompress(frame, 10'000));
        frame.pop_back();
        egret::append(frame, compress(data));
        CHECK_FALSE(decompress(frame, 10'000));
    }

    TEST_CASE("a frame that doesn't say its length is measured while it is opened") {
        const auto opened = decompress(frame_of(frame_without_length), 15);
        REQUIRE(opened);
        CHECK(egret::text_of(*opened) == "hellohellohello");
        const auto refused = decompress(frame_of(frame_without_length), 14);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::too_large);

        const auto zeros = decompress(frame_of(zeros_without_length), 1'000'000);
        REQUIRE(zeros);
        CHECK(*zeros == Bytes(1'000'000, 0));
        CHECK(decompress(frame_of(zeros_without_length), 999'999).error().code ==
              ErrorCode::too_large);
    }

    TEST_CASE("a window above 4 MiB, a dictionary and a skippable frame are refused") {
        auto frame = frame_of(frame_without_length);
        frame[window_at] = 0x60;  // 2^22
        CHECK(decompress(frame, 100));
        frame[window_at] = 0x68;  // 2^23
        CHECK(decompress(frame, 100).error().code == ErrorCode::invalid_input);

        auto with_dictionary = frame_of(frame_without_length);
        with_dictionary[window_at - 1] |= 1;
        with_dictionary.insert(with_dictionary.begin() + window_at + 1, 42);
        CHECK_FALSE(decompress(with_dictionary, 100));

        CHECK_FALSE(decompress(frame_of("502a4d180300000001020328b52ffd"), 100));
        CHECK_FALSE(decompress(frame_of("502a4d1803000000010203"), 100));
    }
}
