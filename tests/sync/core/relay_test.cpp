#include "sync/core/relay.h"

#include "sync/core/wire_limits.h"
#include "tests/sync/core/damage.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret::sync {
namespace {

DeviceId of(std::uint8_t number) {
    DeviceId id;
    id.bytes.fill(number);
    return id;
}

RelayFile receipt(std::uint8_t number) {
    return {{StickKind::receipt, of(number), 0, 0, 0, {}}, Bytes{1, 2, 3}};
}

}  // namespace

TEST_SUITE("sync/core/relay") {
    TEST_CASE("what was written is read, and written the same again") {
        const RelayAnswer answer{{receipt(1), {{}, Bytes{9}}}, 17};
        const auto bytes = encode_relay_answer(answer);
        const auto read = decode_relay_answer(bytes);
        REQUIRE(read);
        CHECK(*read == answer);
        CHECK(encode_relay_answer(*read) == bytes);
        for (std::size_t size = 0; size < bytes.size(); ++size)
            CHECK_FALSE(decode_relay_answer(ByteView(bytes).first(size)));
        auto longer = bytes;
        longer.push_back(0);
        CHECK_FALSE(decode_relay_answer(longer));
    }

    TEST_CASE("a file that would go elsewhere than down is refused") {
        for (const auto& name : {StickName{StickKind::upload, of(1), 0, 1, 2, {}},
                                 StickName{StickKind::call, of(1), 0, 0, 0, {}}})
            CHECK_FALSE(decode_relay_answer(encode_relay_answer({{{name, Bytes{1}}}, 0})));
        auto bytes = encode_relay_answer({{receipt(1)}, 0});
        const auto path = std::string("down/");
        const auto at = std::search(bytes.begin(), bytes.end(), path.begin(), path.end());
        REQUIRE(at != bytes.end());
        std::copy_n("../up", 5, at);
        CHECK_FALSE(decode_relay_answer(bytes));
    }

    TEST_CASE("more files than an answer has, and a newer form, are refused") {
        RelayAnswer answer;
        answer.files.assign(limits::relay_files_max, receipt(2));
        CHECK(decode_relay_answer(encode_relay_answer(answer)));
        answer.files.push_back(receipt(3));
        CHECK_FALSE(decode_relay_answer(encode_relay_answer(answer)));
        auto newer = encode_relay_answer({});
        newer.at(1) = 2;
        const auto read = decode_relay_answer(newer);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == ErrorCode::unsupported);
    }
}

}  // namespace egret::sync
