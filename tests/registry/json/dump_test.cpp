#include "registry/json/dump.h"

#include "registry/base/limits.h"
#include "registry/base/random.h"
#include "registry/base/text.h"
#include "registry/json/parse.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::json {
namespace {

Value random_value(SeededRandom& random, int depth) {
    switch (random.below(depth == 0 ? 5 : 7)) {
        case 0: return nullptr;
        case 1: return random.below(2) == 0;
        case 2: return static_cast<std::int64_t>(random.below(1'000'000)) - 500'000;
        case 3: return Decimal{std::to_string(random.below(1000)) + ".50e-7"};
        case 4: {
            std::u32string text;
            for (auto left = random.below(8); left > 0; --left)
                text += static_cast<char32_t>(random.below(3) == 0 ? 0x4e00 + random.below(0x5000)
                                                                   : random.below(0x100));
            return to_utf8(text);
        }
        case 5: {
            Array items;
            for (auto left = random.below(4); left > 0; --left)
                items.push_back(random_value(random, depth - 1));
            return items;
        }
        default: {
            Object members;
            for (auto left = random.below(4); left > 0; --left)
                members.set("k" + std::to_string(random.below(9)), random_value(random, depth - 1));
            return members;
        }
    }
}

TEST_SUITE("registry/json/dump") {
    TEST_CASE("the compact form has no white space and the members' order") {
        const Value value = Object{{"z", Array{1, nullptr, Object{}}},
                                   {"a", "王小丽"},
                                   {"d", Decimal{"1.50"}},
                                   {"t", true},
                                   {"e", Array{}}};
        CHECK(dump(value) == R"({"z":[1,null,{}],"a":"王小丽","d":1.50,"t":true,"e":[]})");
    }

    TEST_CASE("the form for people indents by two") {
        CHECK(dump_pretty(Object{{"a", Array{1, Object{}}}, {"b", Array{}}}) ==
              "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}\n");
    }

    TEST_CASE("no control character and no line end gets out") {
        std::string all;
        for (char c = 0; c < 0x7f; ++c) all += c;
        all += '\x7f';
        const auto text = dump(all);
        for (const char c : text) CHECK((c >= 0x20 && c != 0x7f));
        CHECK(parse(text)->as_text() == all);
        CHECK(dump("\"\\/\b\f\n\r\t\x01") == R"("\"\\/\b\f\n\r\t\u0001")");
    }

    TEST_CASE("a byte that is not UTF-8 becomes a replacement character") {
        CHECK(dump("a\xff王\xe7\x8e") == "\"a\xef\xbf\xbd王\xef\xbf\xbd\xef\xbf\xbd\"");
        CHECK(is_utf8(dump(Object{{"\xed\xa0\x80", 1}})));
    }

    TEST_CASE("parsing what was dumped gives the same value") {
        for (std::uint64_t seed = 1; seed <= 300; ++seed) {
            CAPTURE(seed);
            SeededRandom random(seed);
            const auto value = random_value(random, 5);
            CHECK(*parse(dump(value)) == value);
            CHECK(*parse(dump_pretty(value)) == value);
        }
    }

    TEST_CASE("the deepest value that is read can be written") {
        const auto depth = limits::json_nesting_max;
        const auto text = std::string(depth, '[') + std::string(depth, ']');
        CHECK(dump(*parse(text)) == text);
    }
}

}  // namespace
}  // namespace egret::json
