#include "registry/base/base64url.h"

#include <doctest/doctest.h>

#include <utility>

namespace egret {
namespace {

TEST_SUITE("registry/base/base64url") {
    TEST_CASE("base 64 for URLs is that of RFC 4648, and only its own digits come back") {
        constexpr std::pair<std::string_view, std::string_view> vectors[] = {
            {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
            {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
        for (const auto& vector : vectors) {
            CHECK(to_base64url(bytes_of(vector.first)) == vector.second);
            CHECK(text_of(*from_base64url(vector.second)) == vector.first);
        }
        for (const char* bad : {"Zg==", "Zh", "Z", "Zm8=", "Zm9", "+/8", "Zm 9v", "Zm9v\n", "é"})
            CHECK_FALSE(from_base64url(bad));
    }
}

}  // namespace
}  // namespace egret
