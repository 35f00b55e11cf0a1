#include "registry/qr/qr_code.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace egret {
namespace {

using qr::Mode;

TEST_SUITE("registry/qr/qr_code") {
    TEST_CASE("a code has the three finder patterns and the size of its version") {
        const auto code = qr::encode({{Mode::bytes, "shc:/"}, {Mode::digits, "5676290952"}}, 22);
        REQUIRE(code);
        CHECK(code->size == 21);
        constexpr std::array finder = {"#######", "#.....#", "#.###.#", "#.###.#",
                                       "#.###.#", "#.....#", "#######"};
        const std::size_t far = code->size - 7;
        for (std::size_t row = 0; row < 7; ++row) {
            for (std::size_t column = 0; column < 7; ++column) {
                const bool dark = finder[row][column] == '#';
                CHECK(code->is_dark(row, column) == dark);
                CHECK(code->is_dark(row, far + column) == dark);
                CHECK(code->is_dark(far + row, column) == dark);
            }
        }
    }

    TEST_CASE("digits take less room than bytes") {
        const std::string digits(1000, '7');
        const auto dense = qr::encode({{Mode::digits, digits}}, 40);
        const auto loose = qr::encode({{Mode::bytes, digits}}, 40);
        REQUIRE(dense);
        REQUIRE(loose);
        CHECK(dense->size < loose->size);
    }

    TEST_CASE("what does not fit is refused, in a small code and in any") {
        const std::string digits(2390, '7');  // 1,195 characters of a card.
        REQUIRE(qr::encode({{Mode::bytes, "shc:/"}, {Mode::digits, digits}}, 22));
        for (const std::size_t size : {2500U, 8000U}) {
            const std::string more(size, '7');
            const auto refused = qr::encode({{Mode::bytes, "shc:/"}, {Mode::digits, more}}, 22);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::too_large);
            CHECK(refused.error().message.id == "qr.too_large");
        }
    }
}

}  // namespace
}  // namespace egret
