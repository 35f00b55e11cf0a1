#include "registry/coverage/indicator_file.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace egret::coverage {
namespace {

const std::string sound = R"({
"id":"c-1","version":"2","title":{"zh":"一","en":"One"},"description":{"zh":"二","en":"Two"},
"source":{"zh":"三","en":"Three"},"imprecise_dates":"earliest","counts":"cases","per":100000,
"target":{"from":"90"},"reference":{"from":"7.3","to":"14.2"},"documented_by":"cervix",
"denominator":{"text":{"zh":"四","en":"Four"},"sex":["female"],"age":{"from":35,"to":64},
"flag":"hiv","case":{"any_of":[
{"event":"hpv_test","results":["positive"],"types":["16"],"types_without":["18"],"typed":true,
"told":false},
{"event":"diagnosis","site":"cervix","codes":["icd10:C53"],"figo":["IA1"],"has_report":true}],
"each":"life","with":{"none_of":[{"event":"histology","results":["cancer"],"when":"before",
"within":null}]}}},
"numerator":{"text":{"zh":"五","en":"Five"},"any_of":[
{"event":"colposcopy","results_except":["normal"],"when":"after","within":{"months":6},
"from":{"days":1},"on_other_day":true},
{"event":"cytology","without":["UNSAT"],"when":"same","reported_within":{"days":14}}]}})";

const std::string sound_times = R"({
"id":"t-1","version":"1","title":{"zh":"一","en":"One"},"description":{"zh":"二","en":"Two"},
"source":{"zh":"三","en":"Three"},"imprecise_dates":"earliest","counts":"times","unit":"years",
"denominator":{"text":{"zh":"四","en":"Four"},
"case":{"any_of":[{"event":"mammogram"}],"each":"fact"}},
"time":{"text":{"zh":"五","en":"Five"},"since":"birth","until":[
{"event":"death","when":"after","within":"calendar_year"}]}})";

std::string changed(const std::string& in, const std::string& from, const std::string& to) {
    auto text = in;
    const auto at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

TEST_SUITE("registry/coverage/case_file") {
    TEST_CASE("every member of a definition of cases is read") {
        const auto read = parse_indicator(sound);
        REQUIRE_MESSAGE(read, (read ? "" : read.error().field));
        CHECK(read->counts == Counts::cases);
        CHECK(read->per == 100'000);
        CHECK(read->target == Bounds{900, {}});
        CHECK(read->reference == Bounds{73, 142});
        CHECK(read->population.flag == "hiv");
        CHECK(read->population.age == AgeRange{35, 64});
        CHECK(read->numerator_text.en == "Five");
        const auto& cases = *read->cases;
        CHECK(cases.documented_by == ScreenedSite::cervix);
        CHECK(cases.cases.each == CaseEach::life);
        REQUIRE(cases.cases.any_of.size() == 2);
        FactRule test;
        test.event = CaseEvent::hpv_test;
        test.results.add(HpvResult::positive);
        test.types.add(HpvType::hpv16);
        test.types_without.add(HpvType::hpv18);
        test.typed = true;
        test.told_counts = false;
        CHECK(cases.cases.any_of[0] == test);
        FactRule diagnosis;
        diagnosis.event = CaseEvent::diagnosis;
        diagnosis.site = ScreenedSite::cervix;
        diagnosis.codes = {"icd10:C53"};
        diagnosis.figo.add(FigoStage::ia1);
        diagnosis.has_report = true;
        CHECK(cases.cases.any_of[1] == diagnosis);
        REQUIRE(cases.cases.with.none_of.size() == 1);
        CHECK(cases.cases.with.none_of[0].when == When::before);
        CHECK_FALSE(cases.cases.with.none_of[0].within);
        REQUIRE(cases.counts_if.all_of.size() == 1);
        TimedRule colposcopy;
        colposcopy.fact.event = CaseEvent::colposcopy;
        colposcopy.fact.results_except.add(ColposcopyImpression::normal);
        colposcopy.within = Period{0, 6, 0};
        colposcopy.from = Period{0, 0, 1};
        colposcopy.on_other_day = true;
        CHECK(cases.counts_if.all_of[0][0] == colposcopy);
        TimedRule report;
        report.fact.event = CaseEvent::cytology;
        report.fact.without.add(CytologyResult::unsat);
        report.fact.reported_within = Period{0, 0, 14};
        report.when = When::same;
        CHECK(cases.counts_if.all_of[0][1] == report);
    }

    TEST_CASE("every member of a definition of times is read") {
        const auto read = parse_indicator(sound_times);
        REQUIRE(read);
        CHECK(read->counts == Counts::times);
        CHECK(read->unit == TimeUnit::years);
        REQUIRE(read->cases->time);
        CHECK(read->cases->time->since == TimeSince::birth);
        CHECK(read->cases->time->until[0].within_calendar_year);
        CHECK(parse_indicator(changed(sound_times,
                                      ",\"until\":[\n{\"event\":\"death\",\"when\":"
                                      "\"after\",\"within\":\"calendar_year\"}]",
                                      "")));
    }

    TEST_CASE("what is wrong is refused, and the path says where") {
        const auto in_cases = [](const std::string& from, const std::string& to) {
            return changed(sound, from, to);
        };
        const auto in_times = [](const std::string& from, const std::string& to) {
            return changed(sound_times, from, to);
        };
        const std::pair<std::string, std::string> wrong[] = {
            {in_cases("\"cases\"", "\"deaths\""), "counts"},
            {in_cases("100000", "1000"), "per"},
            {in_cases("{\"from\":\"90\"}", "{}"), "target"},
            {in_cases("\"90\"", "\"90.25\""), "target.from"},
            {in_cases("\"90\"", "90"), "target.from"},
            {in_cases("\"7.3\"", "\"17.3\""), "reference.to"},
            {in_cases("\"hiv\"", "\"HIV\""), "denominator.flag"},
            {in_cases("\"age\"", "\"cervix\""), "denominator.cervix"},
            {in_cases("\"documented_by\":\"cervix\"", "\"documented_by\":\"ovary\""),
             "documented_by"},
            {in_cases("\"life\"", "\"year\""), "denominator.case.each"},
            {in_cases("\"hpv_test\"", "\"dose\""), "denominator.case.any_of[0].event"},
            {in_cases("\"hpv_test\"", "\"via\""), "denominator.case.any_of[0].types"},
            {in_cases("\"positive\"", "\"NILM\""), "denominator.case.any_of[0].results[0]"},
            {in_cases("\"codes\":[\"icd10:C53\"]", "\"results\":[\"a\"]"),
             "denominator.case.any_of[1].results"},
            {in_cases("\"IA1\"", "\"V\""), "denominator.case.any_of[1].figo[0]"},
            {in_cases("\"has_report\"", "\"when\""), "denominator.case.any_of[1].when"},
            {in_cases("\"before\"", "\"later\""), "denominator.case.with.none_of[0].when"},
            {in_cases("\"before\",\n\"within\":null", "\"before\""),
             "denominator.case.with.none_of[0].within"},
            {in_cases("{\"months\":6}", "{}"), "numerator.any_of[0].within"},
            {in_cases("{\"months\":6}", "\"year\""), "numerator.any_of[0].within"},
            {in_cases("\"when\":\"same\"", "\"when\":\"same\",\"within\":null"),
             "numerator.any_of[1].within"},
            {in_cases("\"any_of\":[\n{\"event\":\"colposcopy\"",
                      "\"case\":{\"any_of\":[{\"event\":\"via\"}],\"each\":\"fact\"},\"any_of\":["
                      "\n{\"event\":\"colposcopy\""),
             "numerator.case"},
            {in_cases("\"numerator\":", "\"unit\":\"days\",\"numerator\":"), "unit"},
            {in_times("\"years\"", "\"weeks\""), "unit"},
            {in_times("\"birth\"", "\"first\""), "time.since"},
            {in_times("\"after\"", "\"before\""), "time.until"},
            {in_times("\"mammogram\"", "\"death\""), "denominator.case.any_of[0].event"},
            {in_times("\"unit\"", "\"per\":100,\"unit\""), "per"},
        };
        for (const auto& one : wrong) {
            const auto& path = one.second;
            CAPTURE(path);
            const auto read = parse_indicator(one.first);
            REQUIRE_FALSE(read);
            CHECK(read.error().field == path);
        }
    }
}

}  // namespace
}  // namespace egret::coverage
