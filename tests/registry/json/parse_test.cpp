#include "registry/json/parse.h"

#include "registry/base/limits.h"
#include "registry/json/dump.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <utility>

namespace egret::json {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST_SUITE("registry/json/parse") {
    TEST_CASE("what is not exactly one JSON document is refused") {
        using std::string_view_literals::operator""sv;
        for (const auto text : {
                 ""sv,
                 "  "sv,
                 "[1,]"sv,
                 "{\"a\":1,}"sv,
                 "[1 2]"sv,
                 "{\"a\" 1}"sv,
                 "{a:1}"sv,
                 "{'a':1}"sv,
                 "{1:1}"sv,
                 "NaN"sv,
                 "Infinity"sv,
                 "-Infinity"sv,
                 "nul"sv,
                 "True"sv,
                 "01"sv,
                 "+1"sv,
                 ".5"sv,
                 "1."sv,
                 "1e"sv,
                 "0x10"sv,
                 "1e400"sv,
                 "-1e400"sv,
                 "-"sv,
                 "[1] [2]"sv,
                 "{}{}"sv,
                 "1 2"sv,
                 "[1]//"sv,
                 "/* */1"sv,
                 "[1"sv,
                 "]"sv,
                 "{\"a\":"sv,
                 "\"a"sv,
                 "\"\\x41\""sv,
                 "\"\\u12\""sv,
                 "\"\\ud800\""sv,
                 "\"\\ud800x\""sv,
                 "\"\\udc00\\ud800\""sv,
                 "\"\t\""sv,
                 "\"\n\""sv,
                 "\"\xe7\x8e\""sv,
                 "\"\xe7\x8e"sv,
                 "\"\xff\""sv,
                 "\"\xc0\x80\""sv,
                 "\"\xed\xa0\x80\""sv,
                 "\"\xf4\x90\x80\x80\""sv,
                 "\xef\xbb\xbf{}"sv,
                 "\xef\xbb\xbf"sv,
                 "\xa0{}"sv,
                 "{}\0"sv,
                 "{}\0{}"sv,
                 "\0"sv,
                 "\"a\0b\""sv,
             }) {
            CAPTURE(text);
            const auto result = parse(text);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == ErrorCode::invalid_input);
            CHECK(result.error().message.id.starts_with("json.malformed"));
        }
    }

    TEST_CASE("an error says where, and does not quote") {
        const auto result = parse("{\"name\": \"Devi\", oops}");
        REQUIRE_FALSE(result);
        CHECK(result.error().message == msg("json.malformed", {{"position", "18"}}));
    }

    TEST_CASE("of a text with lines an error says the line and the character in it") {
        const auto at = [](std::string_view text) {
            const auto result = parse(text);
            REQUIRE_FALSE(result);
            CHECK(result.error().message.id == "json.malformed_at_line");
            const auto& said = result.error().message.arguments;
            return said.at(0).second + ":" + said.at(1).second;
        };
        CHECK(at("{\"name\": \"Devi\",\n oops}") == "2:2");
        CHECK(at("oops\n") == "1:1");
        CHECK(at("{\n\"陈\": \"小丽\", x}\n") == "2:12");
        CHECK(at("{\n\"a\": 1,\n\n\"b\" 2}") == "4:5");
        CHECK(at("{\n\"a\": 1,\n") == "3:1");
        CHECK(at("\xef\xbb\xbf{\n}") == "1:1");
        CHECK(at(std::string_view("{\n\0}", 4)) == "2:1");
    }

    TEST_CASE("a name that comes twice is refused at any depth, however it is written") {
        const std::string long_name(81, 'a');
        const std::pair<std::string, std::string> cases[] = {
            {R"({"a":1,"a":1})", "a"},
            {R"({"a":1,"b":2,"\u0061":3})", "a"},
            {R"([1,{"x":{"a":[],"b":0,"a":{}}}])", "[1].x.a"},
            {R"({"x":[[],[{"a":1,"a":2}]]})", "x[1][0].a"},
            {R"({"":1,"":2})", ""},
            {R"({"x":{")" + long_name + R"(":1,")" + long_name + R"(":2}})", "x"},
        };
        for (const auto& one : cases) {
            const auto& text = one.first;
            CAPTURE(text);
            const auto result = parse(text);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == ErrorCode::invalid_input);
            CHECK(result.error().message.id == "json.duplicate_name");
            CHECK(result.error().field == one.second);
        }
        CHECK(parse(R"({"a":{"a":{"a":1}},"A":2})"));
    }

    TEST_CASE("nesting is counted, and never costs the stack") {
        CHECK(parse(nested(limits::json_nesting_max)));
        for (const auto depth : {limits::json_nesting_max + 1, std::size_t{100'000}}) {
            const auto result = parse(nested(depth));
            REQUIRE_FALSE(result);
            CHECK(result.error().code == ErrorCode::too_large);
            CHECK(result.error().message.id == "json.too_deep");
        }
        std::string objects;
        for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
        CHECK(parse(objects).error().message.id == "json.too_deep");
        CHECK_FALSE(parse(std::string(100'000, '[')));
    }

    TEST_CASE("values and names are counted together") {
        std::string fits = "[0";
        for (std::size_t i = 2; i < limits::json_nodes_max; ++i) fits += ",0";
        CHECK(parse(fits + "]"));
        const auto result = parse(fits + ",0]");
        REQUIRE_FALSE(result);
        CHECK(result.error().code == ErrorCode::too_large);
        CHECK(result.error().message.id == "json.too_many");

        std::string names = "{";
        for (std::size_t i = 0; i < limits::json_nodes_max / 2; ++i)
            names.append("\"").append(std::to_string(i)).append("\":0,");
        names.back() = '}';
        CHECK(parse(names).error().message.id == "json.too_many");
    }

    TEST_CASE("a text past the limit is refused before it is read") {
        const std::string spaces(limits::json_bytes_max - 1, ' ');
        CHECK(parse(spaces + "1"));
        const auto result = parse(spaces + "11");
        REQUIRE_FALSE(result);
        CHECK(result.error().code == ErrorCode::too_large);
        CHECK(result.error().message.id == "json.too_long");
    }

    TEST_CASE("a number is an int64 or its own text") {
        CHECK(parse("9223372036854775807")->as_integer() ==
              std::numeric_limits<std::int64_t>::max());
        CHECK(parse("-9223372036854775808")->as_integer() ==
              std::numeric_limits<std::int64_t>::min());
        CHECK(parse("-0")->as_integer() == 0);
        for (const char* text : {"9223372036854775808", "-9223372036854775809",
                                 "18446744073709551616", "123456789012345678901234567890", "1.50",
                                 "-0.0", "1e3", "1E+3", "0.1e-7", "1e-400"}) {
            const auto value = parse(text);
            REQUIRE(value);
            REQUIRE(value->is_decimal());
            CHECK(value->as_decimal().raw == text);
            CHECK(dump(*value) == text);
        }
    }

    TEST_CASE("every kind of value is read, and members keep their order") {
        const auto value = parse(R"( {"z":null,"a":[true,false,-7,"\u738b\ud83d\udc26\n\u0000"],)"
                                 R"("m":{},"b":""} )");
        REQUIRE(value);
        const Value expected = Object{
            {"z", nullptr},
            {"a", Array{true, false, -7, std::string("王🐦\n\0", 9)}},
            {"m", Object{}},
            {"b", ""},
        };
        CHECK(*value == expected);
        CHECK(value->as_object().begin()->name == "z");
    }
}

}  // namespace
}  // namespace egret::json
