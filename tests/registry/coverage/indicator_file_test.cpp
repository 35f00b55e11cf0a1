#include "registry/coverage/indicator_file.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace egret::coverage {
namespace {

const std::string sound = R"({
"id":"a-1","version":"3",
"title":{"zh":"一","en":"One"},"description":{"zh":"二","en":"Two"},
"source":{"zh":"三","en":"Three"},
"imprecise_dates":"earliest",
"denominator":{"sex":["female","other"],"cervix":true,"age":{"from":35,"to":64}},
"numerator":{"any_of":[
{"event":"dose","before_age":15,"substandard":false,"lasts":null},
{"event":"hpv_test","results":["negative","positive"],"lasts":{"years":5}},
{"event":"cytology","results_except":["UNSAT"],"lasts":{"years":1,"months":6}}]}})";

std::string changed(const std::string& from, const std::string& to) {
    auto text = sound;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

TEST_SUITE("registry/coverage/indicator_file") {
    TEST_CASE("every member of a definition is read") {
        const auto read = parse_indicator(sound);
        REQUIRE(read);
        Indicator expected;
        expected.id = "a-1";
        expected.version = "3";
        expected.title = {"一", "One"};
        expected.description = {"二", "Two"};
        expected.source = {"三", "Three"};
        expected.population = {{Sex::female, Sex::other}, true, AgeRange{35, 64}};
        expected.any_of = {
            {CountedEvent::dose, 15, std::nullopt, false, {}, {}},
            {CountedEvent::hpv_test, {}, Period{5, 0, 0}, true, {"negative", "positive"}, {}},
            {CountedEvent::cytology, {}, Period{1, 6, 0}, true, {}, {"UNSAT"}},
        };
        CHECK(*read == expected);
    }

    TEST_CASE("what is wrong is refused, and the path says where") {
        const std::pair<std::string, std::string> cases[] = {
            {changed("\"version\":\"3\",", ""), "version"},
            {changed("\"version\":\"3\"", "\"version\":3"), "version"},
            {changed("\"version\":\"3\"", "\"version\":\"\""), "version"},
            {changed("\"a-1\"", "\"A 1\""), "id"},
            {changed("\"id\":", "\"idd\":"), "idd"},
            {changed("\"zh\":\"二\",", ""), "description.zh"},
            {changed("\"en\":\"Three\"", "\"en\":\"Three\",\"fr\":\"Trois\""), "source.fr"},
            {changed("{\"zh\":\"一\",\"en\":\"One\"}", "\"One\""), "title"},
            {changed("\"earliest\"", "\"latest\""), "imprecise_dates"},
            {changed("\"imprecise_dates\":\"earliest\",", ""), "imprecise_dates"},
            {changed("\"other\"", "\"woman\""), "denominator.sex[1]"},
            {changed("[\"female\",\"other\"]", "[]"), "denominator.sex"},
            {changed("[\"female\",\"other\"]", "\"female\""), "denominator.sex"},
            {changed("\"cervix\":true", "\"cervix\":1"), "denominator.cervix"},
            {changed("\"cervix\":true", "\"resident\":true"), "denominator.resident"},
            {changed("\"to\":64", "\"to\":30"), "denominator.age.to"},
            {changed("\"to\":64", "\"to\":\"64\""), "denominator.age.to"},
            {changed(",\"to\":64", ""), "denominator.age.to"},
            {changed("\"from\":35", "\"from\":-1"), "denominator.age.from"},
            {changed("\"from\":35", "\"from\":35,\"months\":1"), "denominator.age.months"},
            {changed("{\"sex\":[\"female\",\"other\"],\"cervix\":true,\"age\":{\"from\":35,"
                     "\"to\":64}}",
                     "null"),
             "denominator"},
            {changed("\"any_of\":[", "\"any_of\":[],\"all_of\":["), "numerator.all_of"},
            {changed("\"hpv_test\"", "\"hpv\""), "numerator.any_of[1].event"},
            {changed("\"before_age\"", "\"befor_age\""), "numerator.any_of[0].befor_age"},
            {changed("\"before_age\":15", "\"before_age\":1.5"), "numerator.any_of[0].before_age"},
            {changed("\"substandard\":false,\"lasts\":null", "\"substandard\":false"),
             "numerator.any_of[0].lasts"},
            {changed("{\"years\":5}", "{\"years\":0}"), "numerator.any_of[1].lasts"},
            {changed("{\"years\":5}", "{\"days\":5}"), "numerator.any_of[1].lasts.days"},
            {changed("{\"years\":5}", "5"), "numerator.any_of[1].lasts"},
            {changed("\"lasts\":{\"years\":5}", "\"lasts\":null,\"substandard\":false"),
             "numerator.any_of[1].substandard"},
            {changed("\"positive\"", "\"NILM\""), "numerator.any_of[1].results[1]"},
            {changed("[\"UNSAT\"]", "[\"unsat\"]"), "numerator.any_of[2].results_except[0]"},
            {changed("\"before_age\":15", "\"results\":[\"negative\"]"),
             "numerator.any_of[0].results[0]"},
        };
        for (const auto& one : cases) {
            const auto& path = one.second;
            CAPTURE(path);
            const auto read = parse_indicator(one.first);
            REQUIRE_FALSE(read);
            CHECK(read.error().code == ErrorCode::invalid_input);
            CHECK(read.error().field == path);
        }
        CHECK_FALSE(parse_indicator("{"));
        CHECK_FALSE(parse_indicator("[]"));
        CHECK(parse_indicator("[]").error().field.empty());
    }

    TEST_CASE("the program carries its indicators, each under its own id") {
        REQUIRE(known_indicators().size() == 2);
        for (const auto& indicator : known_indicators()) {
            const auto found = find_indicator(indicator.id);
            REQUIRE(found);
            CHECK(*found == &indicator);
        }
    }

    TEST_CASE("an unknown indicator is not found, and the one that was meant is named") {
        const auto meant = find_indicator("hpv1-by15");
        REQUIRE_FALSE(meant);
        CHECK(meant.error().code == ErrorCode::not_found);
        REQUIRE(meant.error().message.arguments.size() == 1);
        CHECK(meant.error().message.arguments[0].second == "hpv1-by-15");
        CHECK(find_indicator("breast").error().message.arguments.empty());
    }
}

}  // namespace
}  // namespace egret::coverage
