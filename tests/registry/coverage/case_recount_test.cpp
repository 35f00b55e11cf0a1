// Cases and times: the sums of deltas and the recount share no code, and agree in every cell.

#include "registry/coverage/case_answer.h"
#include "registry/coverage/indicator_file.h"
#include "tests/support/facts.h"
#include "tests/support/random_life.h"
#include "tests/support/series.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>

namespace egret::coverage {
namespace {

using tests::day;
using tests::RandomLife;

/// A definition that uses what no indicator of the program does.
Indicator made_up(const std::string& counts, const std::string& population,
                  const std::string& cases, const std::string& rest) {
    const auto read = parse_indicator(
        R"({"id":"x","version":"1","title":{"zh":"一","en":"1"},
"description":{"zh":"二","en":"2"},
"source":{"zh":"三","en":"3"},"imprecise_dates":"earliest","counts":")" +
        counts + R"(","denominator":{"text":{"zh":"四","en":"4"})" + population + R"(,"case":{)" +
        cases + "}}," + rest + "}");
    REQUIRE_MESSAGE(read, (read ? "" : read.error().field));
    return *read;
}

std::string numerator(const std::string& rules) {
    return R"("numerator":{"text":{"zh":"五","en":"5"},)" + rules + "}";
}

std::vector<Indicator> made_up_indicators() {
    const std::string abnormal = R"("any_of":[{"event":"cytology","results_except":["NILM"]},
{"event":"gyn_exam","results":["abnormal"]},{"event":"breast_exam","results":["abnormal"]}])";
    return {
        made_up("cases", R"(,"age":{"from":10,"to":70},"flag":"no_cervix")",
                R"("any_of":[{"event":"hpv_test","types_without":["16"],"typed":true},
{"event":"via"},{"event":"cytology"},{"event":"visit"}],"each":"fact")",
                numerator(R"("any_of":[{"event":"cytology","without":["UNSAT"],"when":"before",
"within":{"years":1}},{"event":"death","when":"after","within":{"years":5}}])")),
        made_up(
            "cases", R"(,"born":{"from":"1960-01-01"},"sex":["female"])",
            abnormal + R"(,"each":"life","with":{"none_of":[{"event":"histology","site":"cervix",
"results":["cancer"],"when":"before","within":null,"on_other_day":true}]})",
            R"("documented_by":"breast",)" +
                numerator(R"("all_of":[{"any_of":[{"event":"histology","site":"breast",
"when":"after","within":{"years":9},"from":{"days":1}},{"event":"mammogram","when":"same"},
{"event":"breast_ultrasound","when":"after","within":{"months":6},"from":{"days":1}}]},
{"any_of":[{"event":"histology","when":"after","within":"calendar_year"},
{"event":"colposcopy","when":"after","within":null}]}],
"none_of":[{"event":"treatment","results":["leep"],"when":"after","within":{"days":30}}])")),
        made_up("cases", "",
                R"("any_of":[{"event":"histology"},{"event":"via"},{"event":"cytology"},
{"event":"breast_ultrasound"},{"event":"mammogram"}],"each":"calendar_year")",
                R"("documented_by":"cervix",)" +
                    numerator(R"("any_of":[{"event":"treatment","site":"cervix","when":"after",
"within":{"months":3}},{"event":"closing","site":"cervix","results":["completed"],
"when":"after","within":"calendar_year"}])")),
        made_up("cases", "", R"("any_of":[{"event":"diagnosis","site":"breast","breast_stage":
["0","I","IIA"],"codes":["icd10:C50","icd10:D"]}],"each":"fact")",
                R"("per":1,"reference":{"to":"3"},)" +
                    numerator(R"("case":{"any_of":[{"event":"diagnosis","figo":["IA1","IIB","IV"]},
{"event":"diagnosis","found_by":["screening"],"told":false}],"each":"calendar_year"})")),
        made_up("times", "", abnormal + R"(,"each":"fact")",
                R"("unit":"days","time":{"text":{"zh":"五","en":"5"},"since":"case","until":[
{"event":"colposcopy","when":"after","within":{"years":2}},
{"event":"death","when":"after","within":null}]})"),
        made_up("times", "", R"("any_of":[{"event":"hpv_test","has_report":true}],"each":"life")",
                R"("unit":"years","time":{"text":{"zh":"五","en":"5"},"since":"birth","until":[
{"event":"hpv_test","when":"after","within":null,"on_other_day":true}]})"),
        made_up("times", "", R"("any_of":[{"event":"hpv_test"}],"each":"life")",
                R"("unit":"years","time":{"text":{"zh":"五","en":"5"},"since":"birth"})"),
    };
}

std::vector<Indicator> all_of_cases() {
    auto all = made_up_indicators();
    for (const auto& indicator : known_indicators()) {
        if (indicator.counts != Counts::women) all.push_back(indicator);
    }
    return all;
}

Answer ask(const Indicator& indicator, const Contribution& deltas, const Query& query) {
    if (indicator.counts == Counts::times) {
        TimesTally tally;
        for (const auto& delta : deltas) tally.add(delta);
        return tally.ask(query);
    }
    CaseCube cube;
    for (const auto& delta : deltas) cube.add(delta);
    return cube.ask(query);
}

std::vector<Query> queries_of_periods() {
    Query years{{Dimension::area}, {}, {}};
    REQUIRE(ask_periods(years, day("2008-01-01"), day("2030-12-31"), Step::year));
    auto months = years;
    months.by = {Dimension::birth_year, Dimension::facility};
    REQUIRE(ask_periods(months, day("2019-01-15"), day("2021-03-01"), Step::month));
    Query cumulative{{Dimension::town, Dimension::birth_month}, {}, {day("2016-02-29")}};
    cumulative.on.push_back(day("2040-01-01"));
    auto filtered = years;
    filtered.where = {*parse_filter("area=350200"), *parse_filter("facility=C1")};
    return {years, months, cumulative, filtered};
}

TEST_SUITE("registry/coverage/case_recount") {
    TEST_CASE("sums of deltas and the recount agree in every cell, of every period") {
        SeededRandom random(2057);
        std::vector<std::vector<LoggedEvent>> lives;
        for (int i = 0; i < 700; ++i)
            lives.push_back(RandomLife(random, RandomLife::Of::screening).jumbled());
        std::vector<History> histories;
        for (const auto& life : lives) histories.push_back(fold({WomanId{}}, life));
        for (const auto& indicator : all_of_cases()) {
            CAPTURE(indicator.id);
            Contribution deltas;
            for (const auto& history : histories) {
                for (const auto& delta : tests::contribution_of(indicator, history))
                    deltas.push_back(delta);
            }
            std::int64_t cases = 0;
            std::int64_t counted = 0;
            for (const auto& query : queries_of_periods()) {
                auto recount = tests::recount_of(indicator, query);
                for (const auto& life : lives) recount.add(life);
                const auto answer = ask(indicator, deltas, query);
                REQUIRE(answer == recount.answer());
                for (const auto& total : answer.totals) {
                    cases += total.figure.denominator;
                    counted += total.figure.numerator + total.details.median_halves;
                }
            }
            CAPTURE(indicator.denominator_text.en);
            CHECK(cases > 0);
            CHECK(counted > 0);
        }
    }

    TEST_CASE("the documented are found both ways, after findings that one or two may close") {
        SeededRandom random(2029);
        std::int64_t documented = 0;
        std::int64_t unknown = 0;
        const auto indicators = made_up_indicators();
        const Query query{{}, {}, {day("2040-01-01")}};
        for (int i = 0; i < 700; ++i) {
            const auto life = RandomLife(random, RandomLife::Of::screening).jumbled();
            for (const auto at : {1, 2}) {
                const auto& indicator = indicators[static_cast<std::size_t>(at)];
                const auto answer = ask(
                    indicator, tests::contribution_of(indicator, fold({WomanId{}}, life)), query);
                auto recount = tests::recount_of(indicator, query);
                recount.add(life);
                REQUIRE(answer == recount.answer());
                const auto& [on, figure, details] = answer.totals[0];
                documented += details.documented;
                unknown += figure.denominator - figure.numerator - details.documented;
            }
        }
        CHECK(documented > 10);
        CHECK(unknown > 20);
    }

    TEST_CASE("appending differences fact by fact leads to the same figures") {
        SeededRandom random(2030);
        const Query query{{Dimension::area, Dimension::facility}, {}, {day("2040-01-01")}};
        for (const auto& indicator : all_of_cases()) {
            CAPTURE(indicator.id);
            Contribution appended;
            auto recount = tests::recount_of(indicator, query);
            for (int i = 0; i < 60; ++i) {
                const auto events = RandomLife(random, RandomLife::Of::screening).jumbled();
                std::vector<LoggedEvent> known;
                Bytes stored;  // As a store keeps it.
                for (const auto& logged_event : events) {
                    known.push_back(logged_event);
                    const auto before = decode_contribution(stored);
                    REQUIRE(before);
                    const auto now = tests::contribution_of(indicator, fold({WomanId{}}, known));
                    for (const auto& delta : difference(now, *before)) appended.push_back(delta);
                    stored = encode_contribution(now);
                }
                recount.add(events);
            }
            CHECK(ask(indicator, appended, query) == recount.answer());
        }
    }
}

}  // namespace
}  // namespace egret::coverage
