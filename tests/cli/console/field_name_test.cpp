#include "cli/console/field_name.h"

#include <doctest/doctest.h>

namespace egret::console {
namespace {

std::string name_of(std::string field, const char* id = "fact.missing") {
    const Error error{ErrorCode::invalid_input, std::move(field), Message{id}};
    return field_name(error, Language::zh) + "|" + field_name(error, Language::en);
}

TEST_SUITE("cli/console/field_name") {
    TEST_CASE("a field is named in her language, inside groups and lists too") {
        CHECK(name_of("birth_date") == "出生日期|birth date");
        CHECK(name_of("left.birads") == "左侧 BI-RADS 分类|left BI-RADS");
        CHECK(name_of("guardian.phone") == "监护人 电话|guardian phone");
        CHECK(name_of("names[0].text") == "姓名 1|names 1");
        CHECK(name_of("events[11].types[1]") == "记录 12 分型 2|record 12 types 2");
        CHECK(name_of("resident_id") == "居民身份证号|resident number");
        CHECK(name_of("replacement.reported_on") == "更正内容 报告日期|replacement reported on");
    }

    TEST_CASE("what she types herself stays as she types it") {
        CHECK(name_of("--within", "due.within_form") == "--within|--within");
        CHECK(name_of("nmae", "field.unknown") == "nmae|nmae");
        CHECK(name_of("product", "field.twice") == "product|product");
        CHECK(name_of("FILE", "usage.argument_missing") == "FILE|FILE");
    }

    TEST_CASE("nothing stands before a sentence that says what it is about") {
        CHECK(name_of("", "fact.missing") == "|");
        CHECK(name_of("area", "area.shape") == "|");
        CHECK(name_of("household_area", "area.shape") == "户籍地区|household registration");
        CHECK(name_of("server", "net.bad_url") == "|");
        CHECK(name_of("EVENT", "event.bad_id") == "|");
        CHECK(name_of("event", "event.unknown") == "|");
    }

    TEST_CASE("a path that is none is no reason to stumble") {
        CHECK(name_of("events[") == "|");
        CHECK(name_of("events[x].date") == "日期|date");
        CHECK(name_of("..") == "|");
        CHECK(name_of("names[99999999999999999999]") == "|");
    }
}

}  // namespace
}  // namespace egret::console
