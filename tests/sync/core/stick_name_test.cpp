#include "sync/core/stick_name.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::sync {
namespace {

DeviceId device() { return *DeviceId::parse("0192f0c1-7a5e-7000-8000-00000000002a"); }

constexpr auto uuid = "0192f0c1-7a5e-7000-8000-00000000002a";

void check_is(const StickName& name, const std::string& path) {
    CHECK(name.path() == path);
    const auto parsed = parse_stick_name(path);
    REQUIRE(parsed);
    CHECK(*parsed == name);
}

}  // namespace

TEST_SUITE("sync/core/stick_name") {
    TEST_CASE("each file has one path, which says what its envelope's outside does") {
        const std::string id = uuid;
        const Fixed<8> hash{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
        check_is({StickKind::upload, device(), 0, 7, 12, hash},
                 "up/" + id + "-000000000007-000000000012-0123456789abcdef.crb");
        check_is({StickKind::call, device(), 0, 0, 0, {}}, "up/" + id + ".call");
        check_is({}, "down/bundle");
        check_is({StickKind::receipt, device(), 0, 0, 0, {}}, "down/" + id + "-r.crb");
        check_is({StickKind::page, device(), 3, 1, 4000, {}},
                 "down/" + id + "-000000000003-000000000001-000000004000.crb");
        check_is({StickKind::snapshot, device(), 3, 2, 2, {}},
                 "down/" + id + "-000000000003-all-000000000002.crb");
        check_is({StickKind::page, device(), 3, 1'234'567'890'123, 1'234'567'890'124, {}},
                 "down/" + id + "-000000000003-1234567890123-1234567890124.crb");
    }

    TEST_CASE("what else lies on a stick is nobody's") {
        const std::string id = uuid;
        const std::string whole = "up/" + id + "-000000000007-000000000012-0123456789abcdef.crb";
        for (std::size_t size = 0; size < whole.size(); ++size)
            CHECK_FALSE(parse_stick_name(whole.substr(0, size)));
        for (const auto& path : {
                 std::string("up/holiday.jpg"),
                 std::string("bundle"),
                 std::string("up/bundle"),
                 std::string("down/../bundle"),
                 whole + ".new",
                 "down" + whole.substr(2),
                 "up/" + id + "-7-12-0123456789abcdef.crb",
                 "up/" + id + "-000000000012-000000000007-0123456789abcdef.crb",
                 "up/" + id + "-000000000000-000000000007-0123456789abcdef.crb",
                 "up/" + id + "-000000000007-000000000012-0123456789ABCDEF.crb",
                 "up/0192F0C1" + id.substr(8) + ".call",
                 "down/" + id + ".call",
                 "up/" + id + "-r.crb",
                 "down/" + id + "-000000000003-all-000000000000.crb",
                 "down/" + id + "-000000000003-99999999999999999999-99999999999999999999.crb",
             })
            CHECK_MESSAGE(!parse_stick_name(path), path);
    }
}

}  // namespace egret::sync
