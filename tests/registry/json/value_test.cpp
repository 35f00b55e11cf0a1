#include "registry/json/value.h"

#include <doctest/doctest.h>

#include <string>
#include <variant>

namespace egret::json {
namespace {

TEST_SUITE("registry/json/value") {
    TEST_CASE("a value is of the kind of what it was made from") {
        CHECK(Value().is_null());
        CHECK(Value(nullptr).is_null());
        CHECK(Value(true).is_bool());
        CHECK(Value(7).is_integer());
        CHECK(Value(std::size_t{7}).is_integer());
        CHECK(Value("x").is_text());
        CHECK(Value(std::string_view("x")).is_text());
        CHECK(Value(Decimal{"1.5"}).is_decimal());
        CHECK(Value(Array{}).is_array());
        CHECK(Value(Object{}).is_object());
    }

    TEST_CASE("asking for another kind throws") {
        CHECK_THROWS_AS(static_cast<void>(Value(1).as_text()), std::bad_variant_access);
        CHECK_THROWS_AS(static_cast<void>(Value("1").as_integer()), std::bad_variant_access);
        CHECK_THROWS_AS(static_cast<void>(Value(1).as_bool()), std::bad_variant_access);
    }

    TEST_CASE("setting a name again keeps its place") {
        Object object{{"a", 1}, {"b", 2}};
        object.set("a", "x").set("c", 3);
        CHECK(object == Object{{"a", "x"}, {"b", 2}, {"c", 3}});
        CHECK(object.find("d") == nullptr);
        CHECK(object.find("c")->as_integer() == 3);
    }

    TEST_CASE("order, kind and spelling count for equality") {
        CHECK_FALSE(Value(Object{{"a", 1}, {"b", 2}}) == Value(Object{{"b", 2}, {"a", 1}}));
        CHECK_FALSE(Value(1) == Value(Decimal{"1.0"}));
        CHECK_FALSE(Value(1) == Value(true));
        CHECK_FALSE(Value(Array{}) == Value(Object{}));
    }

    TEST_CASE("a copy is independent of what it was copied from") {
        Value original = Object{{"list", Array{1}}};
        const Value copy = original;
        original.as_object().set("list", Array{});
        CHECK(copy.find("list")->as_array().size() == 1);
        CHECK(Value("text").find("list") == nullptr);
    }
}

}  // namespace
}  // namespace egret::json
