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
"imprecise_dates":"earliest","doses":"any",
"denominator":{"text":{"zh":"四","en":"Four"},
"sex":["female","other"],"cervix":true,"age":{"from":35,"to":64},
"age_reached_in_year":{"from":13,"to":14},"born":{"from":"2009-09-01","to":"2010-08-31"},
"any_of":[{"event":"via","longer_ago_than":{"months":13},"lasts":null}]},
"numerator":{"text":{"zh":"五","en":"Five"},"any_of":[
{"event":"dose","before_age":15,"substandard":false,"lasts":null},
{"event":"dose","nth":2,"round":"r-1","after_first":{"from":{"months":5},"to":{"years":1}},
"lasts":"calendar_year"},
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
        expected.denominator_text = {"四", "Four"};
        expected.numerator_text = {"五", "Five"};
        expected.doses = DosesCounted::any;
        expected.population = {{Sex::female, Sex::other}, true, AgeRange{35, 64}};
        expected.population.age_reached_in_year = AgeRange{13, 14};
        expected.population.born = {Date::from_ymd(2009, 9, 1), Date::from_ymd(2010, 8, 31)};
        CountingRule via{CountedEvent::via, {}, {}, true, {}, {}};
        via.longer_ago_than = Period{0, 13, 0};
        expected.population.any_of = {via};
        CountingRule second{CountedEvent::dose, {}, {}, true, {}, {}};
        second.nth = 2;
        second.round = "r-1";
        second.after_first = AfterFirst{{0, 5, 0}, {1, 0, 0}};
        second.lasts_calendar_year = true;
        expected.any_of = {
            {CountedEvent::dose, 15, std::nullopt, false, {}, {}},
            second,
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
            {changed("{\"text\":{\"zh\":\"四\",\"en\":\"Four\"},", "{"), "denominator.text"},
            {changed("{\"text\":{\"zh\":\"五\",\"en\":\"Five\"},", "{"), "numerator.text"},
            {changed("\"doses\":\"any\",", ""), "doses"},
            {changed("\"doses\":\"any\"", "\"doses\":\"each\""), "doses"},
            {changed("\"doses\":\"any\"", "\"doses\":\"valid\""), "doses"},
            {changed("\"from\":13", "\"from\":15"), "denominator.age_reached_in_year.to"},
            {changed("\"2009-09-01\"", "\"2009-09\""), "denominator.born.from"},
            {changed("\"2010-08-31\"", "\"2009-08-31\""), "denominator.born.to"},
            {changed("{\"from\":\"2009-09-01\",\"to\":\"2010-08-31\"}", "{}"), "denominator.born"},
            {changed("{\"months\":13}", "13"), "denominator.any_of[0].longer_ago_than"},
            {changed("{\"event\":\"via\",", "{\"event\":\"via\",\"round\":\"r\","),
             "denominator.any_of[0].round"},
            {changed("{\"event\":\"via\",", "{\"event\":\"via\",\"first_before_age\":\"9\","),
             "denominator.any_of[0].first_before_age"},
            {changed("\"nth\":2", "\"nth\":0"), "numerator.any_of[1].nth"},
            {changed("\"r-1\"", "\"\""), "numerator.any_of[1].round"},
            {changed("{\"months\":5}", "{\"months\":13}"), "numerator.any_of[1].after_first.to"},
            {changed(",\"to\":{\"years\":1}", ""), "numerator.any_of[1].after_first.to"},
            {changed("\"calendar_year\"", "\"year\""), "numerator.any_of[1].lasts"},
            {changed("\"r-1\",", "\"r-1\",\"series\":{\"protocol\":\"p\",\"reaches\":\"first\"},"),
             "numerator.any_of[1].nth"},
            {changed("\"nth\":2,\"round\":\"r-1\",\"after_first\":{\"from\":{\"months\":5},"
                     "\"to\":{\"years\":1}}",
                     "\"series\":{\"protocol\":\"p\",\"reaches\":\"second\"}"),
             "numerator.any_of[1].series.reaches"},
            {changed("\"nth\":2,\"round\":\"r-1\",\"after_first\":{\"from\":{\"months\":5},"
                     "\"to\":{\"years\":1}}",
                     "\"series\":{\"protocol\":\"p\",\"reaches\":\"first\"}"),
             "doses"},
            {changed("\"any_of\":[\n{\"event\":\"dose\"",
                     "\"none_of\":[],\"any_of\":[\n{\"event\":\"dose\""),
             "numerator.none_of"},
            {changed("\"any_of\":[\n", "\"any_of\":[],\"all_of\":[\n"), "numerator.all_of"},
            {changed("\"hpv_test\"", "\"hpv\""), "numerator.any_of[2].event"},
            {changed("\"before_age\"", "\"befor_age\""), "numerator.any_of[0].befor_age"},
            {changed("\"before_age\":15", "\"before_age\":1.5"), "numerator.any_of[0].before_age"},
            {changed("\"substandard\":false,\"lasts\":null", "\"substandard\":false"),
             "numerator.any_of[0].lasts"},
            {changed("{\"years\":5}", "{\"years\":0}"), "numerator.any_of[2].lasts"},
            {changed("{\"years\":5}", "{\"days\":5}"), "numerator.any_of[2].lasts.days"},
            {changed("{\"years\":5}", "5"), "numerator.any_of[2].lasts"},
            {changed("\"lasts\":{\"years\":5}", "\"lasts\":null,\"substandard\":false"),
             "numerator.any_of[2].substandard"},
            {changed("\"positive\"", "\"NILM\""), "numerator.any_of[2].results[1]"},
            {changed("[\"UNSAT\"]", "[\"unsat\"]"), "numerator.any_of[3].results_except[0]"},
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

    TEST_CASE("doses are counted by a protocol, or those are counted who fit no rule") {
        const std::string valid = R"({
"id":"b","version":"1","title":{"zh":"一","en":"1"},"description":{"zh":"二","en":"2"},
"source":{"zh":"三","en":"3"},"imprecise_dates":"earliest","doses":"valid",
"denominator":{"text":{"zh":"四","en":"4"},
"any_of":[{"event":"dose","series":{"protocol":"q","reaches":"first"},"lasts":null}]},
"numerator":{"text":{"zh":"五","en":"5"},
"none_of":[{"event":"dose","series":{"protocol":"p","reaches":"complete"},"lasts":null}]}})";
        const auto read = parse_indicator(valid);
        REQUIRE(read);
        CHECK(read->doses == DosesCounted::valid);
        CHECK(read->any_of.empty());
        REQUIRE(read->none_of.size() == 1);
        CHECK(read->none_of[0].series == SeriesRule{"p", Reach::complete});
        CHECK(read->population.any_of[0].series == SeriesRule{"q", Reach::first});
        CHECK(protocols_of(*read) == std::vector<std::string>{"p", "q"});
        auto other = valid;
        other.replace(other.find("\"valid\""), 7, "\"any\"");
        CHECK(parse_indicator(other).error().field == "doses");
        auto tests = valid;
        const std::string rule =
            R"("none_of":[{"event":"dose","series":{"protocol":"p","reaches":"complete"},)";
        tests.replace(tests.find(rule), rule.size(), R"("none_of":[{"event":"via",)");
        CHECK(parse_indicator(tests).error().field == "doses");
    }

    TEST_CASE("the program carries its indicators, each under its own id") {
        REQUIRE(known_indicators().size() > 10);
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
