// China's plan for cervical screening of 2021 (635, annex 1), row by row as its decision table
// publishes them: rows 1 to 16. Rows 32 and 33 are timers between institutions.
//
// What the table leaves open, and what is taken for it:
// * A routine test is `screening`. The primary test itself may also be named.
// * The re-examination after twelve months is a follow-up test: `surveillance`, or a test by name.
//   It isn't `review`, which is somebody looking at what is known.
// * "Treatment, then follow-up" is `treatment`, of cancer also `cancer_care`; of AIS and high-grade
//   lesions an `excision` is a treatment.
// * Person files have no histology result "suspicious". CIN 1, which the plan doesn't track, is the
//   nearest: anything that isn't routine.

#include "tests/registry/rules/screening/rows.h"

#include <doctest/doctest.h>

namespace egret::tests {
namespace {

const std::string first_day = "2024-03-10";
const std::string later_day = "2024-04-20";
const std::string third_day = "2024-05-12";

const std::string follow_up = "surveillance|hpv_test|cytology|cotest ";
const std::string in_a_year_of_first = follow_up + "2025-03-10 = in_follow_up";
const std::string in_a_year_of_later = follow_up + "2025-04-20 = in_follow_up";
const std::string colposcopy_of_first = "colposcopy 2024-03-10 soon in_follow_up";
const std::string colposcopy_of_later = "colposcopy 2024-04-20 soon in_follow_up";

const Words abnormal_cytology{"ASC-US", "LSIL", "ASC-H", "HSIL",   "SCC",       "AGC",
                              "AGC-FN", "AIS",  "ADC",   "AGC-EC", "AGC-EC-FN", "AGC-EM"};

SourceRows who_is_screened() {
    const std::string not_yet =
        "none ? ? excluded|up_to_date|no_rule or screening 2024-06-02 ? excluded|up_to_date";
    return {
        {1, "35 years old on the day, never screened", woman_born("1989-06-01", {}),
         "screening ? ? due"},
        {1, "45 years old, never screened", woman_born("1979-01-20", {}), "screening ? ? due"},
        {1, "64 years old until tomorrow", woman_born("1959-06-02", {}), "screening ? ? due"},
        {1, "35 years old tomorrow", woman_born("1989-06-02", {}), not_yet},
        {1, "65 years old since today", woman_born("1959-06-01", {}),
         "? ? ? exited|excluded|no_rule"},
    };
}

SourceRows examination() {
    const std::string primary = "screening|hpv_test|cytology|cotest ? ? due";
    SourceRows rows{
        {2, "the examination is normal: the primary test of the same visit is still to be made",
         woman({gyn_exam("2024-06-01", "normal")}), primary},
        {2, "the examination was normal, and no primary test was made",
         woman({gyn_exam(first_day, "normal")}), primary},
        {3, "the eye sees something", woman({gyn_exam(first_day, "abnormal")}),
         colposcopy_of_first},
        {3, "the eye sees something a month after a normal examination",
         woman({gyn_exam(first_day, "normal"), gyn_exam(later_day, "abnormal")}),
         colposcopy_of_later},
    };
    for (const auto& benign : {hpv(first_day, "negative"), cytology(first_day, "NILM"),
                               hpv(first_day, "positive", {"52"})})
        rows.push_back({3, "the eye sees something, whatever the test of the visit says",
                        woman({gyn_exam(first_day, "abnormal"), benign}), colposcopy_of_first});
    for (const auto& benign : {hpv(later_day, "negative"), cytology(later_day, "NILM")})
        rows.push_back({3, "the eye saw something, whatever a later test says",
                        woman({gyn_exam(first_day, "abnormal"), benign}), colposcopy_of_first});
    for (const auto& benign : {hpv(first_day, "negative"), cytology(first_day, "NILM")})
        rows.push_back({3, "the eye sees something a month after a negative test",
                        woman({benign, gyn_exam(later_day, "abnormal")}), colposcopy_of_later});
    return rows;
}

SourceRows primary_cytology() {
    SourceRows rows{
        {4, "normal cytology", woman({cytology(first_day, "NILM")}),
         "screening 2027-03-10 = up_to_date"},
        {4, "normal cytology with a normal examination",
         woman({gyn_exam(first_day, "normal"), cytology(first_day, "NILM")}),
         "screening 2027-03-10 = up_to_date"},
        {4, "normal cytology, three years ago",
         woman_on("2027-03-10", {cytology(first_day, "NILM")}), "screening 2027-03-10 = due"},
        {4, "normal cytology after normal cytology",
         woman({cytology("2021-03-01", "NILM"), cytology(first_day, "NILM")}),
         "screening 2027-03-10 = up_to_date"},
        {5, "abnormal among normal in one report",
         woman({cytology(first_day, Words{"NILM", "ASC-US"})}), colposcopy_of_first},
        {5, "abnormal, long ago and never followed",
         woman_on("2030-01-01", {cytology(first_day, "ASC-US")}), colposcopy_of_first},
        {5, "abnormal, and normal when it was made again",
         woman({cytology(first_day, "LSIL"), cytology(later_day, "NILM")}), colposcopy_of_first},
    };
    for (const auto& result : abnormal_cytology) {
        rows.push_back({5, "abnormal cytology: " + result,
                        woman({cytology(first_day, Words{result})}), colposcopy_of_first});
        rows.push_back({5, "abnormal cytology after normal cytology: " + result,
                        woman({cytology("2021-03-01", "NILM"), cytology(first_day, Words{result})}),
                        colposcopy_of_first});
    }
    return rows;
}

SourceRows primary_hpv() {
    SourceRows rows{
        {6, "HPV negative", woman({hpv(first_day, "negative")}),
         "screening 2029-03-10 = up_to_date"},
        {6, "HPV negative, five years ago", woman_on("2029-03-10", {hpv(first_day, "negative")}),
         "screening 2029-03-10 = due"},
        {6, "HPV negative the day before it is due again",
         woman_on("2029-03-09", {hpv(first_day, "negative")}), "screening 2029-03-10 = up_to_date"},
        {6, "HPV negative after HPV negative",
         woman({hpv("2019-03-01", "negative"), hpv(first_day, "negative")}),
         "screening 2029-03-10 = up_to_date"},
        // Added with the pack known.
        {6, "HPV negative at 34, before the plan takes her",
         woman_born("1989-09-01", {hpv(first_day, "negative")}),
         "screening 2029-03-10 = up_to_date"},
        {7, "HPV 16 with other types", woman({hpv(first_day, "positive", {"16", "52", "58"})}),
         colposcopy_of_first},
    };
    for (const std::string type : {"16", "18"}) {
        rows.push_back({7, "HPV positive with type " + type,
                        woman({hpv(first_day, "positive", {type})}), colposcopy_of_first});
        rows.push_back({7, "normal cytology of the same visit changes nothing: type " + type,
                        woman({hpv(first_day, "positive", {type}), cytology(first_day, "NILM")}),
                        colposcopy_of_first});
        rows.push_back({7, "later normal cytology changes nothing: type " + type,
                        woman({hpv(first_day, "positive", {type}), cytology(later_day, "NILM")}),
                        colposcopy_of_first});
        rows.push_back({7, "a later negative HPV test changes nothing: type " + type,
                        woman({hpv(first_day, "positive", {type}), hpv(later_day, "negative")}),
                        colposcopy_of_first});
    }
    for (const std::string type :
         {"31", "33", "35", "39", "45", "51", "52", "56", "58", "59", "66", "68", "other_hr"})
        rows.push_back({8, "HPV positive with another high-risk type: " + type,
                        woman({hpv(first_day, "positive", {type})}),
                        "cytology 2024-03-10 soon in_follow_up"});
    rows.push_back({9, "HPV positive, not typed", woman({hpv(first_day, "positive")}),
                    "cytology 2024-03-10 soon in_follow_up"});
    rows.push_back({9, "HPV positive, not typed, after a negative one",
                    woman({hpv("2019-03-01", "negative"), hpv(first_day, "positive")}),
                    "cytology 2024-03-10 soon in_follow_up"});
    return rows;
}

SourceRows triage() {
    SourceRows rows;
    for (const Words& types : {Words{"52"}, Words{"other_hr"}, Words{}}) {
        const auto positive = hpv(first_day, "positive", types);
        const auto kind = types.empty() ? std::string(", not typed") : ", type " + types.front();
        rows.push_back({10, "HPV positive and normal cytology of one visit" + kind,
                        woman({positive, cytology(first_day, "NILM")}), in_a_year_of_first});
        rows.push_back({10, "HPV positive, then normal cytology" + kind,
                        woman({positive, cytology(later_day, "NILM")}), in_a_year_of_later});
        for (const auto& result : abnormal_cytology) {
            rows.push_back({11, "HPV positive and abnormal cytology of one visit: " + result + kind,
                            woman({positive, cytology(first_day, Words{result})}),
                            colposcopy_of_first});
            rows.push_back({11, "HPV positive, then abnormal cytology: " + result + kind,
                            woman({positive, cytology(later_day, Words{result})}),
                            colposcopy_of_later});
        }
    }
    rows.push_back(
        {10, "the year after triage is over",
         woman_on("2025-09-01", {hpv(first_day, "positive", {"52"}), cytology(later_day, "NILM")}),
         in_a_year_of_later});
    return rows;
}

/// What brings a woman to the colposcope.
struct Reason {
    std::string what;
    Words events;
};

std::vector<Reason> reasons() {
    return {{"HPV 16", {hpv(first_day, "positive", {"16"})}},
            {"abnormal cytology", {cytology(first_day, "HSIL")}},
            {"abnormal triage", {hpv(first_day, "positive", {"52"}), cytology(first_day, "LSIL")}},
            {"what the eye saw", {gyn_exam(first_day, "abnormal")}}};
}

std::string woman_with(Words events, const Words& more) {
    events.insert(events.end(), more.begin(), more.end());
    return woman(events);
}

SourceRows colposcopies() {
    SourceRows rows;
    for (const auto& reason : reasons()) {
        const auto after = " after " + reason.what;
        rows.push_back({12, "normal colposcopy of the same visit" + after,
                        woman_with(reason.events, {colposcopy(first_day, "normal")}),
                        in_a_year_of_first});
        rows.push_back({12, "later normal colposcopy" + after,
                        woman_with(reason.events, {colposcopy(later_day, "normal")}),
                        in_a_year_of_later});
        for (const std::string impression : {"low_grade", "high_grade", "suspected_cancer"}) {
            rows.push_back({13, "colposcopy of the same visit: " + impression + after,
                            woman_with(reason.events, {colposcopy(first_day, impression)}),
                            "histology|biopsy 2024-03-10 soon in_follow_up"});
            rows.push_back({13, "later colposcopy: " + impression + after,
                            woman_with(reason.events, {colposcopy(later_day, impression)}),
                            "histology|biopsy 2024-04-20 soon in_follow_up"});
        }
    }
    rows.push_back({12, "normal colposcopy that nothing asked for",
                    woman({colposcopy(first_day, "normal")}), in_a_year_of_first});
    rows.push_back({13, "abnormal colposcopy that nothing asked for",
                    woman({colposcopy(first_day, "low_grade")}),
                    "histology|biopsy 2024-03-10 soon in_follow_up"});
    return rows;
}

SourceRows histologies() {
    SourceRows rows;
    const auto at_one_visit = [](const std::string& result) {
        return woman({hpv(first_day, "positive", {"16"}), colposcopy(first_day, "high_grade"),
                      histology(first_day, result)});
    };
    const auto later = [](const std::string& result) {
        return woman({hpv(first_day, "positive", {"16"}), colposcopy(later_day, "high_grade"),
                      histology(third_day, result)});
    };
    rows.push_back(
        {14, "normal histology of one visit", at_one_visit("benign"), in_a_year_of_first});
    rows.push_back({14, "normal histology of the colposcopy's visit",
                    woman({cytology(first_day, "ASC-H"), colposcopy(later_day, "low_grade"),
                           histology(later_day, "benign")}),
                    in_a_year_of_later});
    rows.push_back(
        {14, "later normal histology", later("benign"), follow_up + "2025-05-12 = in_follow_up"});
    for (const std::string result : {"CIN2", "CIN3", "HSIL", "AIS"}) {
        rows.push_back({15, "abnormal histology of one visit: " + result, at_one_visit(result),
                        "treatment|excision 2024-03-10 soon in_follow_up"});
        rows.push_back({15, "later abnormal histology: " + result, later(result),
                        "treatment|excision 2024-05-12 soon in_follow_up"});
    }
    for (const std::string result : {"microinvasive", "cancer", "invasive"}) {
        rows.push_back({15, "cancer in histology of one visit: " + result, at_one_visit(result),
                        "treatment|cancer_care 2024-03-10 soon in_follow_up"});
        rows.push_back({15, "cancer in later histology: " + result, later(result),
                        "treatment|cancer_care 2024-05-12 soon in_follow_up"});
    }
    const std::string not_routine =
        "treatment|surveillance|surveillance_or_treatment|review|clinician_decides !- ? "
        "in_follow_up|clinician_decides";
    rows.push_back({16, "CIN 1 of one visit", at_one_visit("CIN1"), not_routine});
    rows.push_back({16, "CIN 1 of a later visit", later("CIN1"), not_routine});
    return rows;
}

SourceRows after_treatment() {
    const std::string followed =
        "surveillance|hpv_test|cytology|cotest|review|clinician_decides|cancer_care ? ? "
        "in_follow_up|clinician_decides";
    return {
        {15, "treated on the day of its histology: followed afterwards",
         woman({histology(first_day, "CIN3"), treatment(first_day, "leep")}), followed},
        {15, "treated later: followed afterwards",
         woman({histology(first_day, "CIN2"), treatment(later_day, "cone")}), followed},
        {15, "treated for cancer: followed afterwards",
         woman({histology(first_day, "cancer"), treatment(later_day, "hysterectomy")},
               {flag("no_cervix", later_day)}),
         followed},
        {15, "abnormal, long ago and never treated",
         woman_on("2030-01-01", {histology(first_day, "CIN3")}),
         "treatment|excision 2024-03-10 soon in_follow_up"},
    };
}

}  // namespace

SourceRows china_cervical_rows() {
    SourceRows rows;
    for (const auto& part : {who_is_screened(), examination(), primary_cytology(), primary_hpv(),
                             triage(), colposcopies(), histologies(), after_treatment()})
        rows.insert(rows.end(), part.begin(), part.end());
    return rows;
}

TEST_SUITE("registry/rules/screening/china_cervical_rows") {
    TEST_CASE("every row of the published table is answered as it says") {
        check_rows(china_cervical_rows(), pathway_of("cn-cervical-2021"));
    }

    TEST_CASE("no row of the published table is left out") {
        check_numbers(china_cervical_rows(), 1, 16);
    }
}

}  // namespace egret::tests
