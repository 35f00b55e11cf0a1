#include "registry/json/reader.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::json {
namespace {

template <class T>
void check_refused(const Result<T>& result, std::string_view field, std::string_view id) {
    CAPTURE(id);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::invalid_input);
    CHECK(result.error().field == field);
    CHECK(result.error().message.id == id);
}

TEST_SUITE("registry/json/reader") {
    const Value sample = Object{
        {"text", "x"},
        {"number", 12},
        {"truth", true},
        {"list", Array{"a"}},
        {"inner", Object{{"n", 1}}},
        {"nothing", nullptr},
        {"mixed", Array{"a", 1}},
        {"decimal", Decimal{"1.0"}},
    };
    const Reader reader = Reader(sample.as_object());

    TEST_CASE("members of the right kind are read") {
        CHECK(*reader.text("text") == "x");
        CHECK(*reader.integer("number") == 12);
        CHECK(*reader.integer("number", 12, 12) == 12);
        CHECK(*reader.boolean("truth"));
        CHECK((*reader.array("list"))->size() == 1);
        CHECK(*reader.texts("list") == std::vector<std::string>{"a"});
        CHECK(*reader.object("inner")->integer("n") == 1);
        CHECK((*reader.any("nothing"))->is_null());
        CHECK(**reader.optional_text("text") == "x");
        CHECK(**reader.optional_integer("number") == 12);
        CHECK(**reader.optional_boolean("truth"));
        CHECK((*reader.optional_object("inner"))->integer("n"));
        CHECK(*reader.optional_array("list") != nullptr);
    }

    TEST_CASE("another kind is never converted") {
        check_refused(reader.text("number"), "number", "json.not_text");
        check_refused(reader.integer("text"), "text", "json.not_integer");
        check_refused(reader.integer("decimal"), "decimal", "json.not_integer");
        check_refused(reader.integer("truth"), "truth", "json.not_integer");
        check_refused(reader.boolean("number"), "number", "json.not_boolean");
        check_refused(reader.array("inner"), "inner", "json.not_array");
        check_refused(reader.object("list"), "list", "json.not_object");
        check_refused(reader.texts("mixed"), "mixed[1]", "json.not_text");
        check_refused(reader.optional_text("number"), "number", "json.not_text");
        check_refused(Reader::open(Array{}), "", "json.not_object");
    }

    TEST_CASE("a number outside its range is refused") {
        check_refused(reader.integer("number", 13), "number", "json.out_of_range");
        check_refused(reader.integer("number", 0, 11), "number", "json.out_of_range");
        check_refused(reader.optional_integer("number", 0, 11), "number", "json.out_of_range");
    }

    TEST_CASE("a missing member and a null are missing, or nothing where that is allowed") {
        for (const char* name : {"absent", "nothing"}) {
            check_refused(reader.text(name), name, "json.missing");
            check_refused(reader.integer(name), name, "json.missing");
            check_refused(reader.boolean(name), name, "json.missing");
            check_refused(reader.array(name), name, "json.missing");
            check_refused(reader.object(name), name, "json.missing");
            check_refused(reader.texts(name), name, "json.missing");
            CHECK_FALSE(reader.optional_text(name)->has_value());
            CHECK_FALSE(reader.optional_integer(name)->has_value());
            CHECK_FALSE(reader.optional_boolean(name)->has_value());
            CHECK_FALSE(reader.optional_object(name)->has_value());
            CHECK(*reader.optional_array(name) == nullptr);
        }
        check_refused(reader.any("absent"), "absent", "json.missing");
    }

    TEST_CASE("an unknown member is refused without being named") {
        const Object object{{"a", 1}, {"b", 2}};
        CHECK(Reader(object).only({"a", "b", "c"}));
        check_refused(Reader(object).only({"a"}), "", "json.unknown_member");
    }
}

}  // namespace
}  // namespace egret::json
