#include "registry/codec/cbor.h"

#include "registry/base/text.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

bool is_one_item(const char* hex) {
    const auto bytes = *from_hex(hex);
    cbor::Reader reader(bytes);
    reader.skip();
    return reader.ok() && reader.at_end();
}

TEST_SUITE("registry/codec/cbor") {
    TEST_CASE("numbers are written in their shortest form, and read back") {
        for (const std::int64_t value :
             {std::int64_t{0}, std::int64_t{23}, std::int64_t{24}, std::int64_t{255},
              std::int64_t{256}, std::int64_t{65535}, std::int64_t{65536}, std::int64_t{4294967295},
              std::int64_t{4294967296}, INT64_MAX, std::int64_t{-1}, std::int64_t{-24},
              std::int64_t{-25}, std::int64_t{-256}, std::int64_t{-257}, INT64_MIN}) {
            Bytes out;
            cbor::Writer(out).integer(value);
            cbor::Reader reader(out);
            CHECK(reader.integer() == value);
            CHECK(reader.ok());
            CHECK(reader.at_end());
            CHECK(is_one_item(to_hex(out).c_str()));
        }
    }

    TEST_CASE("every other form is refused") {
        for (const char* hex : {
                 "1800",
                 "1817",
                 "1900ff",
                 "1a0000ffff",
                 "1b00000000ffffffff",  // not the shortest
                 "5f4100ff",
                 "7f6161ff",
                 "9f00ff",
                 "bf0000ff",  // indefinite length
                 "f90000",
                 "fa00000000",
                 "fb0000000000000000",  // floats
                 "c000",
                 "d81800",  // tags
                 "f7",
                 "f820",
                 "e0",  // other simple values
                 "a201000000",
                 "a201000100",
                 "a1616100",
                 "a12000",  // keys: order, twice, kind
                 "62c328",
                 "61ff",  // not UTF-8
                 "4200",
                 "820",
                 "18",
                 "9b00000000ffffffff",  // cut short
                 "1c",
                 "ff",
                 "",
             }) {
            CAPTURE(hex);
            const auto bytes = from_hex(hex);
            if (bytes) CHECK_FALSE(is_one_item(hex));
        }
    }

    TEST_CASE("nesting has an end") {
        const auto nested = [](std::size_t depth) {
            std::string hex;
            for (std::size_t i = 0; i < depth; ++i) hex += "81";
            return hex + "00";
        };
        CHECK(is_one_item(nested(8).c_str()));
        CHECK_FALSE(is_one_item(nested(9).c_str()));
        CHECK_FALSE(is_one_item(nested(100000).c_str()));
    }

    TEST_CASE("after one failure a reader gives nothing more") {
        const auto bytes = *from_hex("0102");
        cbor::Reader reader(bytes);
        CHECK(reader.text().empty());
        CHECK_FALSE(reader.ok());
        CHECK(reader.uint() == 0);
        CHECK_FALSE(reader.at_end());
    }
}

}  // namespace
}  // namespace egret
