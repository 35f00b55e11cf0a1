#include "registry/domain/phone.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

TEST_SUITE("registry/domain/phone") {
    TEST_CASE("spaces and hyphens go, the plus stays") {
        CHECK(*parse_phone(" 139-1234 5678 ") == "13912345678");
        CHECK(*parse_phone("+86 139 1234 5678") == "+8613912345678");
        CHECK(*parse_phone("0592-1234567") == "05921234567");
        CHECK(*parse_phone("12320") == "12320");
        CHECK(*parse_phone("+123456789012345") == "+123456789012345");
    }

    TEST_CASE("what is no phone number is refused") {
        for (const char* text :
             {"", "+", "1234", "1 2 3 4", "1234567890123456", "12+345678", "++8613912345678",
              "(0592)1234567", "139１2345678", "phone", "13912345678x", "13912345678\n1"}) {
            CAPTURE(text);
            const auto phone = parse_phone(text);
            REQUIRE_FALSE(phone);
            CHECK(phone.error().code == ErrorCode::invalid_input);
            CHECK(phone.error().message == msg("phone.shape"));
        }
    }
}

}  // namespace
}  // namespace egret
