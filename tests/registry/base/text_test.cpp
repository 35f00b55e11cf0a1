#include "registry/base/text.h"

#include "registry/base/ids.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

TEST_SUITE("registry/base/text") {
    TEST_CASE("what is not UTF-8 is told from what is") {
        for (const char* good : {"", "abc", "王小丽", "\xf0\x9f\x90\xa6", "\xed\x9f\xbf"}) {
            CHECK(is_utf8(good));
            CHECK(to_utf8(to_code_points(good)) == good);
        }
        for (const char* bad : {"\x80", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe7\x8e",
                                "\xff", "\xf8\x88\x80\x80\x80"}) {
            CHECK_FALSE(is_utf8(bad));
        }
    }

    TEST_CASE("Crockford's digits come back, however they are typed") {
        const Bytes bytes = {0xde, 0xad, 0xbe, 0xef, 0x01};
        const auto text = to_crockford(bytes);
        CHECK(text == "VTPVXVR1");
        CHECK(*from_crockford(text, 40) == bytes);
        CHECK(*from_crockford("vtpv-xvri", 40) == bytes);
        CHECK_FALSE(from_crockford("VTPVXVR", 40));
        CHECK_FALSE(from_crockford("VTPVXVR11", 40));
        CHECK_FALSE(from_crockford("VTPVXVU1", 40));
    }

    TEST_CASE("a misspelt word finds its neighbour, a strange one finds nothing") {
        const std::vector<std::string> words = {"coverage", "record", "woman"};
        CHECK(did_you_mean("covrage", words) == "coverage");
        CHECK(did_you_mean("rceord", words) == "record");
        CHECK_FALSE(did_you_mean("elephant", words));
    }

    TEST_CASE("the beginning of one word alone finds it") {
        const std::vector<std::string> ids = {"hpv1-by-15", "cn-one", "cn-two", "us-hpv", "us-hpv"};
        CHECK(did_you_mean("HPV1", ids) == "hpv1-by-15");
        CHECK(did_you_mean("us-", ids) == "us-hpv");
        CHECK_FALSE(did_you_mean("cn-", ids));
        CHECK_FALSE(did_you_mean("hp", ids));
        CHECK_FALSE(did_you_mean("", ids));
    }

    TEST_CASE("an id is read in both its forms and nothing else") {
        SeededRandom random(1);
        const auto id = make_time_ordered_id<WomanTag>(1'700'000'000'000, random);
        CHECK(WomanId::parse(id.to_string()) == id);
        CHECK(WomanId::parse(to_hex(id.view())) == id);
        CHECK(id.to_string()[14] == '7');
        CHECK_FALSE(WomanId::parse(id.to_string().substr(1)));
        CHECK_FALSE(WomanId::parse("zz" + to_hex(id.view()).substr(2)));
    }
}

}  // namespace
}  // namespace egret
