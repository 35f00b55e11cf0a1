// Each indicator of screening by an example that counts and one that doesn't, written from the
// texts of their definitions.

#include "registry/coverage/case_answer.h"
#include "tests/support/facts.h"
#include "tests/support/series.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>

namespace egret::coverage {
namespace {

using tests::day;
using tests::fact;
using tests::logged;
using tests::woman;

using Told = std::vector<std::pair<const char*, Detail>>;

/// A woman born on 15 June 1980, registered in 2019, with HIV from 2020 on if that is asked.
std::vector<LoggedEvent> life(const Told& told, bool has_hiv) {
    Register detail;
    detail.who.birth_date = *PartialDate::parse("1980-06-15");
    detail.who.sex = Sex::female;
    detail.who.area = "350203";
    std::vector<LoggedEvent> events = {logged(1, fact("2019-01-01", detail))};
    if (has_hiv)
        events.push_back(
            logged(2, fact("2020-01-01", Flag{"hiv", PartialDate(day("2020-01-01")), {}})));
    for (const auto& [date, what] : told)
        events.push_back(logged(static_cast<std::uint8_t>(events.size() + 3), fact(date, what)));
    return events;
}

Total total_of(const Indicator& indicator, const Told& told) {
    const auto events = life(told, indicator.population.flag == "hiv");
    const Query query{{}, {}, {day("2035-01-01")}};
    CaseCube cube;
    TimesTally tally;
    for (const auto& delta : tests::contribution_of(indicator, fold({woman(1)}, events))) {
        cube.add(delta);
        tally.add(delta);
    }
    const auto answer = indicator.counts == Counts::times ? tally.ask(query) : cube.ask(query);
    auto recount = tests::recount_of(indicator, query);
    recount.add(events);
    CHECK(answer == recount.answer());
    return answer.totals[0];
}

HpvTest tested(HpvResult result, std::vector<HpvType> types = {}) {
    return {result, std::move(types), {}};
}

Cytology smear(std::vector<CytologyResult> results) {
    Cytology cytology;
    cytology.results = std::move(results);
    return cytology;
}

Colposcopy look(ColposcopyImpression impression) {
    Colposcopy colposcopy;
    colposcopy.impression = impression;
    return colposcopy;
}

Histology biopsy(HistologyResult result, std::optional<HistologySite> site = {}) {
    Histology histology;
    histology.site = site;
    histology.results = {result};
    return histology;
}

Treatment treated(Procedure procedure) { return {procedure, "", ""}; }

template <class Scan>
Scan image(BiRads left) {
    Scan scan;
    scan.left = BreastFinding{left, {}};
    return scan;
}

Diagnosis breast_cancer(BreastStage stage, std::optional<FoundBy> found_by = {}) {
    Diagnosis diagnosis;
    diagnosis.site = DiagnosisSite::breast_left;
    diagnosis.code = stage == BreastStage::s0 ? "icd10:D05.1" : "icd10:C50.9";
    diagnosis.stage = stage;
    diagnosis.found_by = found_by;
    return diagnosis;
}

const auto hpv16 = tested(HpvResult::positive, {HpvType::hpv16});
const auto hpv52 = tested(HpvResult::positive, {HpvType::hpv52});
const auto untyped = tested(HpvResult::positive);
const auto negative = tested(HpvResult::negative);
const auto asc_us = smear({CytologyResult::asc_us});
const auto asc_h = smear({CytologyResult::asc_h});
const auto lsil = smear({CytologyResult::lsil});
const auto hsil = smear({CytologyResult::hsil});
const auto nilm = smear({CytologyResult::nilm});
const auto unsat = smear({CytologyResult::unsat});
const auto high = look(ColposcopyImpression::high_grade);
const auto normal = look(ColposcopyImpression::normal);
const auto cin1 = biopsy(HistologyResult::cin1);
const auto cin3 = biopsy(HistologyResult::cin3);
const auto micro = biopsy(HistologyResult::microinvasive);
const auto cancer = biopsy(HistologyResult::cancer);
const auto leep = treated(Procedure::leep);
const auto breast_4 = image<Mammogram>(BiRads::b4a);
const auto breast_0 = image<BreastUltrasound>(BiRads::b0);
const auto dcis = biopsy(HistologyResult::dcis, HistologySite::breast_left);
const Closing case_over{ScreenedSite::cervix, "", ClosingReason::completed, {}};

/// Numerator and denominator.
using Share = std::pair<std::int64_t, std::int64_t>;

struct Example {
    const char* id;
    Told counts;     // One of one.
    Told case_only;  // None of one.
    Told no_case;
};

// A day in January is the case; "2021-07-10" is the last day of six months after it.
const char* const on = "2021-01-10";
const char* const last = "2021-07-10";
const char* const late = "2021-07-11";

const std::vector<Example> steps_of_cervix = {
    {"hpv-untyped-to-cytology",
     {{on, untyped}, {on, nilm}},
     {{on, untyped}, {late, nilm}},
     {{on, hpv52}}},
    {"hpv1618-to-colposcopy",
     {{on, hpv16}, {last, normal}},
     {{on, hpv16}, {last, nilm}},
     {{on, hpv52}}},
    {"hpv-other-to-triage",
     {{on, hpv52}, {last, nilm}},
     {{on, hpv52}, {late, nilm}},
     {{on, tested(HpvResult::positive, {HpvType::hpv16, HpvType::hpv52})}}},
    {"cytology-to-colposcopy",
     {{on, asc_us}, {last, normal}},
     {{on, asc_us}, {late, normal}},
     {{on, nilm}}},
    {"colposcopy-to-histology",
     {{on, high}, {on, cin1}},
     {{on, high}, {on, biopsy(HistologyResult::benign, HistologySite::endometrium)}},
     {{on, normal}}},
    {"cervical-early-treatment",
     {{on, micro}, {last, leep}},
     {{on, micro}, {late, leep}},
     {{on, cin3}, {"2021-12-31", cancer}}},
    {"precancer-treated",
     {{on, cin3}, {last, leep}},
     {{on, cin3}, {last, treated(Procedure::mastectomy)}},
     {{on, micro}}},
    {"cervical-cancer-treated",
     {{on, cancer}, {last, treated(Procedure::radiotherapy)}},
     {{on, cancer}},
     {{on, cin3}}},
};

const std::vector<Example> quality_of_cervix = {
    {"hpv-positivity",
     {{on, negative}, {"2021-12-31", hpv52}},
     {{on, negative}},
     {{on, tested(HpvResult::invalid)}}},
    {"cytology-satisfactory", {{on, nilm}}, {{on, unsat}}, {{on, smear({})}}},
    {"cytology-asc-h-share", {{on, asc_us}, {last, asc_h}}, {{on, asc_us}}, {{on, lsil}}},
    {"asc-us-cin2-plus", {{on, asc_us}, {last, cin3}}, {{on, asc_us}, {last, cin1}}, {{on, asc_h}}},
    {"asc-h-cin2-plus",
     {{on, asc_h}, {last, cin3}},
     {{on, asc_h}, {late, cin3}},
     {{on, smear({CytologyResult::asc_h, CytologyResult::hsil})}}},
    {"lsil-cin2-plus", {{on, lsil}, {last, cancer}}, {{on, lsil}}, {{on, asc_us}}},
    {"hsil-cin2-plus",
     {{on, hsil}, {last, micro}},
     {{on, hsil}, {last, cin1}},
     {{on, smear({CytologyResult::scc, CytologyResult::hsil})}}},
    {"colposcopy-abnormal", {{on, normal}, {last, high}}, {{on, normal}}, {{on, Colposcopy{}}}},
    {"colposcopy-high-grade-confirmed",
     {{on, high}, {on, cin3}},
     {{on, high}, {on, cin1}},
     {{on, look(ColposcopyImpression::suspected_cancer)}}},
    {"cervical-detection",
     {{on, negative}, {on, case_over}, {last, cin3}},
     {{on, negative}, {last, case_over}, {last, cin1}},
     {{on, negative}}},
    {"cervical-cancer-detection",
     {{on, hpv16}, {last, micro}, {late, case_over}},
     {{on, hpv16}, {last, cin3}, {late, case_over}},
     {{on, hpv16}, {last, micro}}},
    {"cervical-early-diagnosis",
     {{on, hpv16}, {last, cin3}},
     {{on, hpv16}, {last, cancer}},
     {{last, cin3}}},
    {"cytology-positivity", {{on, asc_us}}, {{on, nilm}}, {{on, unsat}}},
    {"via-positivity",
     {{on, Via{ViaResult::suspected_cancer}}},
     {{on, Via{ViaResult::negative}}},
     {{on, Via{ViaResult::invalid}}}},
};

const std::vector<Example> of_breast = {
    {"breast-early-diagnosis",
     {{on, breast_0}, {last, breast_cancer(BreastStage::iia)}},
     {{on, breast_0}, {last, breast_cancer(BreastStage::iib)}},
     {{on, breast_0}, {"2022-01-01", breast_cancer(BreastStage::i)}}},
    {"gbci-early-stage",
     {{on, breast_cancer(BreastStage::iib)}},
     {{on, breast_cancer(BreastStage::iiia)}, {last, breast_cancer(BreastStage::i)}},
     {{on, breast_cancer(BreastStage::s0)}}},
    {"gbci-diagnosis-60-days",
     {{on, breast_4}, {"2021-03-11", dcis}},
     {{on, breast_4}, {"2021-03-12", dcis}},
     {{on, breast_0}}},
    {"gbci-treatment-3-months",
     {{on, breast_cancer(BreastStage::iv)}, {"2021-04-10", treated(Procedure::lumpectomy)}},
     {{on, breast_cancer(BreastStage::iv)}, {"2021-04-11", treated(Procedure::lumpectomy)}},
     {{on, breast_cancer(BreastStage::s0)}}},
    {"gbci-treated",
     {{on, breast_cancer(BreastStage::i)}, {"2025-01-01", treated(Procedure::mastectomy)}},
     {{on, breast_cancer(BreastStage::i)}, {last, leep}},
     {{on, dcis}}},
    {"breast-0-3-to-mammography",
     {{on, breast_0}, {last, image<Mammogram>(BiRads::b1)}},
     {{on, breast_0}},
     {{on, image<BreastUltrasound>(BiRads::b4)}}},
    {"breast-4-5-to-histology",
     {{on, breast_4}, {last, dcis}},
     {{on, breast_4}, {last, cin1}},
     {{on, breast_0}}},
    {"breast-screen-detected",
     {{on, breast_cancer(BreastStage::i, FoundBy::screening)}},
     {{on, breast_cancer(BreastStage::i, FoundBy::symptoms)}},
     {{on, breast_cancer(BreastStage::i)}}},
    {"breast-interval-cancers",
     {{on, breast_cancer(BreastStage::iia, FoundBy::interval)}},
     {{on, breast_cancer(BreastStage::i, FoundBy::screening)}},
     {{on, breast_cancer(BreastStage::i, FoundBy::symptoms)}}},
};

const std::vector<Example> of_hiv = {
    {"cca-01-screened",
     {{on, negative}},
     {{"2019-05-05", nilm}, {on, negative}},
     {{"2019-05-05", negative}}},
    {"cca-02-precancer-treated",
     {{on, Via{ViaResult::positive}}, {last, leep}},
     {{on, asc_us}, {late, leep}},
     {{on, Via{ViaResult::suspected_cancer}}}},
    {"cca-03-cancer-treated",
     {{on, cancer}, {"2024-01-01", treated(Procedure::chemotherapy)}},
     {{on, cancer}},
     {{on, cin3}}},
    {"cca-04-survival",
     {{on, cancer}, {"2022-01-10", Visit{}}},
     {{on, cancer}, {"2022-01-10", Death{}}},
     {{on, cancer}, {"2022-01-09", Visit{}}}},
    {"cca-06-hpv", {{on, nilm}, {last, negative}}, {{on, nilm}}, {{on, high}}},
    {"cca-06-via", {{on, Via{ViaResult::negative}}}, {{on, negative}}, {{on, high}}},
    {"cca-06-cytology", {{on, nilm}}, {{on, negative}}, {{on, high}}},
    {"cca-09-triaged", {{on, hpv16}, {on, nilm}}, {{on, asc_us}, {last, nilm}}, {{on, high}}},
    {"cca-12-retested",
     {{on, leep}, {"2022-01-10", negative}},
     {{on, leep}, {"2022-01-11", negative}},
     {{on, cancer}, {last, leep}}},
};

std::vector<Example> examples() {
    auto all = steps_of_cervix;
    for (const auto* more : {&quality_of_cervix, &of_breast, &of_hiv})
        all.insert(all.end(), more->begin(), more->end());
    return all;
}

Fact reported(Detail detail, const char* reported_on) {
    auto made = fact(on, std::move(detail));
    if (*reported_on) made.at.reported_on = day(reported_on);
    return made;
}

Share shares(const Total& total) { return {total.figure.numerator, total.figure.denominator}; }

TEST_SUITE("registry/coverage/screening_indicators") {
    TEST_CASE("an example that counts, one that is a case, and one that is none, for each") {
        std::set<std::string> seen = {"cytology-asc-sil-ratio"};  // case_contribution_test.cpp
        for (const auto& example : examples()) {
            CAPTURE(example.id);
            const auto found = find_indicator(example.id);
            REQUIRE(found);
            CHECK(shares(total_of(**found, example.counts)) == Share{1, 1});
            CHECK(shares(total_of(**found, example.case_only)) == Share{0, 1});
            CHECK(shares(total_of(**found, example.no_case)) == Share{0, 0});
            seen.insert(example.id);
        }
        for (const auto& indicator : known_indicators()) {
            if (indicator.counts != Counts::cases || indicator.id.ends_with("-report-14-days"))
                continue;
            CAPTURE(indicator.id);
            CHECK(seen.count(indicator.id) == 1);
        }
    }

    TEST_CASE("a laboratory's report within 14 days of the sample") {
        const std::vector<std::pair<std::string, Detail>> reports = {
            {"hpv-report-14-days", hpv16},
            {"cytology-report-14-days", nilm},
            {"histology-report-14-days", cin1},
        };
        for (const auto& report : reports) {
            CAPTURE(report.first);
            const auto& indicator = **find_indicator(report.first);
            const auto counted = [&](const char* reported_on) {
                auto events = life({}, false);
                events.push_back(logged(9, reported(report.second, reported_on)));
                Share sums{0, 0};
                for (const auto& delta :
                     tests::contribution_of(indicator, fold({woman(1)}, events)))
                    (delta.part == Part::denominator ? sums.second : sums.first) += delta.amount;
                return sums;
            };
            CHECK(counted("2021-01-24") == Share{1, 1});
            CHECK(counted("2021-01-25") == Share{0, 1});
            CHECK(counted("") == Share{0, 0});
        }
    }

    TEST_CASE("how long it took, for each") {
        const std::vector<std::tuple<const char*, Told, int>> times = {
            {"hpv1618-to-colposcopy-days", {{"2021-01-10", hpv16}, {"2021-02-10", normal}}, 31},
            {"cytology-to-colposcopy-days", {{"2021-01-10", asc_us}, {"2021-01-10", normal}}, 0},
            {"precancer-to-treatment-days", {{"2021-01-10", cin3}, {"2022-01-10", leep}}, 365},
            {"breast-4-5-to-histology-days", {{"2021-01-10", breast_4}, {"2021-01-15", dcis}}, 5},
            {"cca-07-age-at-first-screen",
             {{"2020-06-15", nilm}, {"2024-01-01", negative}},
             14'610},
            {"cca-08-screening-interval",
             {{"2021-01-10", nilm}, {"2021-06-10", nilm}, {"2024-01-10", negative}},
             1095},
            {"cca-10-precancer-to-treatment-days",
             {{"2021-01-10", cin3}, {"2021-03-10", leep}},
             59},
            {"cca-11-cancer-to-treatment-days",
             {{"2021-01-10", cancer}, {"2021-03-10", treated(Procedure::radiotherapy)}},
             59},
        };
        std::set<std::string> seen;
        for (const auto& [id, told, days] : times) {
            const std::string name = id;
            CAPTURE(name);
            const auto total = total_of(**find_indicator(id), told);
            CHECK(total.figure.denominator == 1);
            CHECK(total.details.median_halves == 2 * days);
            seen.insert(name);
        }
        for (const auto& indicator : known_indicators()) {
            if (indicator.counts != Counts::times) continue;
            CAPTURE(indicator.id);
            CHECK(seen.count(indicator.id) == 1);
        }
    }

    TEST_CASE("screened by 35 and again by 45, by HPV tests on two days") {
        const auto counts = [](const char* id, const Told& told, const char* asked) {
            auto events = life(told, false);
            Register before;
            before.who.birth_date = *PartialDate::parse("1980-06-15");
            before.who.sex = Sex::female;
            events[0] = logged(1, fact("2000-01-01", before));
            const auto& indicator = **find_indicator(id);
            const Query query{{}, {}, {day(asked)}};
            Cube cube;
            cube.add(tests::contribution_of(indicator, fold({woman(1)}, events)));
            const auto answer = cube.ask(query);
            auto recount = tests::recount_of(indicator, query);
            recount.add(events);
            CHECK(answer == recount.answer());
            return shares(answer.totals[0]);
        };
        const auto* first = "cervical-screened-by-35";
        CHECK(counts(first, {{"2016-06-14", negative}}, "2016-06-14") == Share{1, 1});
        CHECK(counts(first, {{"2016-06-15", negative}}, "2020-06-14") == Share{0, 1});
        CHECK(counts(first, {{"2014-01-01", nilm}}, "2020-06-14") == Share{0, 1});
        CHECK(counts(first, {{"2014-01-01", negative}}, "2015-06-14") == Share{1, 1});
        const auto* again = "cervical-screened-again-by-45";
        CHECK(counts(again, {{"2016-06-14", negative}, {"2026-06-14", hpv16}}, "2026-07-01") ==
              Share{1, 1});
        CHECK(counts(again, {{"2016-06-14", negative}, {"2026-06-15", hpv16}}, "2026-07-01") ==
              Share{0, 1});
        CHECK(counts(again, {{"2016-06-15", negative}, {"2020-06-15", hpv16}}, "2026-07-01") ==
              Share{0, 1});
        const auto* breast = "breast-screened-3y";
        CHECK(counts(breast, {{"2020-01-01", breast_0}}, "2022-12-31") == Share{1, 1});
        CHECK(counts(breast, {{"2020-01-01", breast_4}}, "2023-01-01") == Share{0, 1});
    }
}

}  // namespace
}  // namespace egret::coverage
