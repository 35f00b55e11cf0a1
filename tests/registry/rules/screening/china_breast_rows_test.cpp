// China's plan for breast screening of 2021 (635, annex 2), row by row as its decision table
// publishes them: rows 17 to 31. Rows 34 and 35 are timers between institutions.
//
// What the table leaves open, and what is taken for it:
// * Biopsy and histology are one step: `biopsy` or `histology`.
// * A tracked case has no action of its own: somebody follows, looks or decides, at once.
// * "As the doctor orders" has no day. The doctor's decision is a `senior_review` with its day;
//   until there is one, anything that isn't routine.

#include "tests/registry/rules/screening/rows.h"

#include <doctest/doctest.h>

namespace egret::tests {
namespace {

const std::string first_day = "2024-03-10";
const std::string later_day = "2024-04-20";
const std::string third_day = "2024-05-12";

const std::string biopsy = "biopsy|histology ";
const Words suspicious_birads{"4", "4a", "4b", "4c", "5"};

SourceRows who_is_screened() {
    const std::string screening = "screening|breast_ultrasound ? ? due";
    const std::string not_yet =
        "none ? ? excluded|up_to_date|no_rule or "
        "screening|breast_ultrasound 2024-06-02 ? excluded|up_to_date";
    return {
        {17, "35 years old on the day, never screened", woman_born("1989-06-01", {}), screening},
        {17, "50 years old, never screened", woman_born("1974-01-20", {}), screening},
        {17, "64 years old until tomorrow", woman_born("1959-06-02", {}), screening},
        {17, "35 years old tomorrow", woman_born("1989-06-02", {}), not_yet},
        {17, "65 years old since today", woman_born("1959-06-01", {}),
         "? ? ? exited|excluded|no_rule"},
    };
}

SourceRows ultrasounds() {
    SourceRows rows;
    const std::string routine = "screening|breast_ultrasound 2026-03-10 2027-03-10 up_to_date";
    for (const auto& [number, birads] : {std::pair{18, "1"}, std::pair{19, "2"}}) {
        const auto what = std::string("ultrasound of BI-RADS ") + birads;
        rows.push_back(
            {number, what + " and normal palpation of one visit",
             woman({breast_exam(first_day, "normal"), ultrasound(first_day, birads, birads)}),
             routine});
        rows.push_back(
            {number, what + " after normal palpation",
             woman({breast_exam(first_day, "normal"), ultrasound(later_day, birads, birads)}),
             "screening|breast_ultrasound 2026-04-20 2027-04-20 up_to_date"});
        rows.push_back({number, what + " two years ago",
                        woman_on("2026-03-10", {breast_exam(first_day, "normal"),
                                                ultrasound(first_day, birads, "1")}),
                        "screening|breast_ultrasound 2026-03-10 2027-03-10 due"});
    }
    for (const auto& [number, birads] : {std::pair{20, "0"}, std::pair{21, "3"}}) {
        const auto what = std::string("ultrasound of BI-RADS ") + birads;
        const std::string now = "mammography 2024-03-10 soon in_follow_up";
        const std::string then = "mammography 2024-04-20 soon in_follow_up";
        rows.push_back({number, what + " with normal palpation",
                        woman({breast_exam(first_day, "normal"), ultrasound(first_day, birads)}),
                        now});
        rows.push_back({number, what + " of the right breast",
                        woman({ultrasound(first_day, "2", birads)}), now});
        rows.push_back({number, what + " after palpation",
                        woman({breast_exam(first_day, "normal"), ultrasound(later_day, birads)}),
                        then});
        rows.push_back({number, what + " after a normal one",
                        woman({ultrasound("2022-03-01", "1"), ultrasound(first_day, birads)}),
                        now});
    }
    for (const auto& birads : suspicious_birads) {
        const int number = birads == "5" ? 23 : 22;
        const auto what = "ultrasound of BI-RADS " + birads;
        rows.push_back({number, what + " with normal palpation",
                        woman({breast_exam(first_day, "normal"), ultrasound(first_day, birads)}),
                        biopsy + "2024-03-10 soon in_follow_up"});
        rows.push_back({number, what + " of the right breast, the left one unclear",
                        woman({ultrasound(first_day, "0", birads)}),
                        biopsy + "2024-03-10 soon in_follow_up"});
        rows.push_back({number, what + " after palpation",
                        woman({breast_exam(first_day, "normal"), ultrasound(later_day, birads)}),
                        biopsy + "2024-04-20 soon in_follow_up"});
        rows.push_back({number, what + ", and a normal one a month later",
                        woman({ultrasound(first_day, birads), ultrasound(later_day, "1")}),
                        biopsy + "2024-03-10 soon in_follow_up"});
    }
    return rows;
}

SourceRows palpation() {
    SourceRows rows;
    const std::string tracked =
        "surveillance|review|senior_review|clinician_decides|referral|mammography ";
    const std::string of_first = tracked + "2024-03-10 soon in_follow_up|clinician_decides";
    for (const std::string birads : {"1", "2"}) {
        const auto what = ", the ultrasound of BI-RADS " + birads;
        rows.push_back(
            {24, "abnormal palpation of one visit" + what,
             woman({breast_exam(first_day, "abnormal"), ultrasound(first_day, birads, birads)}),
             of_first});
        rows.push_back(
            {24, "abnormal palpation first" + what,
             woman({breast_exam(first_day, "abnormal"), ultrasound(later_day, birads, birads)}),
             tracked + "2024-03-10|2024-04-20 soon in_follow_up|clinician_decides"});
        rows.push_back(
            {24, "abnormal palpation later" + what,
             woman({ultrasound(first_day, birads, birads), breast_exam(later_day, "abnormal")}),
             tracked + "2024-04-20 soon in_follow_up|clinician_decides"});
    }
    rows.push_back({24, "abnormal palpation without ultrasound",
                    woman({breast_exam(first_day, "abnormal")}), "breast_ultrasound|" + of_first});
    rows.push_back({24, "abnormal palpation doesn't stand before BI-RADS 4",
                    woman({breast_exam(first_day, "abnormal"), ultrasound(first_day, "4")}),
                    biopsy + "2024-03-10 soon in_follow_up"});
    return rows;
}

SourceRows mammograms() {
    SourceRows rows;
    const std::string ordered =
        "surveillance|review|senior_review|clinician_decides !- ? in_follow_up|clinician_decides";
    const auto add = [&](int number, const std::string& birads, const std::string& expected) {
        const auto what = "mammogram of BI-RADS " + birads;
        const auto other = birads == "1" ? std::string("1") : std::string("2");
        for (const std::string before : {"0", "3"}) {
            rows.push_back(
                {number, what + " of the visit of an ultrasound of BI-RADS " + before,
                 woman({ultrasound(first_day, before), mammogram(first_day, birads, other)}),
                 expected.empty() ? ordered : expected + "2024-03-10 soon in_follow_up"});
            rows.push_back(
                {number, what + " after an ultrasound of BI-RADS " + before,
                 woman({ultrasound(first_day, before), mammogram(later_day, birads, other)}),
                 expected.empty() ? ordered : expected + "2024-04-20 soon in_follow_up"});
        }
        rows.push_back(
            {number, what + " of the right breast",
             woman({ultrasound(first_day, "1", "3"), mammogram(later_day, other, birads)}),
             expected.empty() ? ordered : expected + "2024-04-20 soon in_follow_up"});
    };
    add(25, "1", "");
    add(26, "2", "");
    add(27, "0", "senior_review ");
    add(28, "3", "senior_review ");
    for (const auto& birads : suspicious_birads) add(birads == "5" ? 30 : 29, birads, biopsy);
    return rows;
}

SourceRows reviews() {
    SourceRows rows;
    const auto reviewed = [](const std::string& birads, const std::string& decision,
                             const std::string& review_on = "") {
        return woman({ultrasound(first_day, "3"), mammogram(later_day, birads),
                      senior_review(third_day, decision, review_on)});
    };
    const std::string looked_at =
        "surveillance|review|mammography|breast_ultrasound|clinician_decides ";
    for (const auto& [number, birads] : {std::pair{27, "0"}, std::pair{28, "3"}}) {
        const auto what = std::string(", BI-RADS ") + birads;
        rows.push_back({number, "the senior doctor wants to see her soon" + what,
                        reviewed(birads, "short_follow_up", "2024-11-12"),
                        looked_at + "2024-11-12 = in_follow_up"});
        rows.push_back({number, "the senior doctor wants a biopsy" + what,
                        reviewed(birads, "biopsy"), biopsy + "2024-05-12 soon in_follow_up"});
        rows.push_back({number, "the senior doctor wants something else" + what,
                        reviewed(birads, "other"),
                        "!none|screening|senior_review !- ? in_follow_up|clinician_decides"});
    }
    rows.push_back({25, "the doctor ordered the day of the next look",
                    reviewed("1", "short_follow_up", "2024-11-12"),
                    looked_at + "2024-11-12 = in_follow_up"});
    rows.push_back({26, "the doctor ordered the day of the next look at that visit",
                    woman({ultrasound(first_day, "3"), mammogram(later_day, "2", "2"),
                           senior_review(later_day, "short_follow_up", "2025-04-20")}),
                    looked_at + "2025-04-20 = in_follow_up"});
    return rows;
}

SourceRows histologies() {
    SourceRows rows;
    const std::string treated = "treatment|cancer_care ";
    for (const std::string result : {"LCIS", "DCIS", "invasive", "cancer"}) {
        for (const std::string site : {"breast_left", "breast_right"}) {
            const bool is_left = site == "breast_left";
            const auto scan =
                is_left ? ultrasound(first_day, "4b") : ultrasound(first_day, "1", "5");
            rows.push_back({31, result + " of one visit, " + site,
                            woman({scan, histology(first_day, result, site)}),
                            treated + "2024-03-10 soon in_follow_up"});
            rows.push_back({31, result + " later, " + site,
                            woman({scan, histology(later_day, result, site)}),
                            treated + "2024-04-20 soon in_follow_up"});
        }
    }
    rows.push_back({31, "cancer that a senior doctor had looked for",
                    woman({ultrasound(first_day, "0"), mammogram(first_day, "3"),
                           senior_review(later_day, "biopsy"),
                           histology(third_day, "invasive", "breast_left")}),
                    treated + "2024-05-12 soon in_follow_up"});
    rows.push_back(
        {31, "treated: followed afterwards",
         woman({histology(first_day, "DCIS", "breast_left"), treatment(later_day, "lumpectomy")}),
         "surveillance|review|clinician_decides|cancer_care|mammography|"
         "breast_ultrasound ? ? in_follow_up|clinician_decides"});
    return rows;
}

}  // namespace

SourceRows china_breast_rows() {
    SourceRows rows;
    for (const auto& part :
         {who_is_screened(), ultrasounds(), palpation(), mammograms(), reviews(), histologies()})
        rows.insert(rows.end(), part.begin(), part.end());
    return rows;
}

TEST_SUITE("registry/rules/screening/china_breast_rows") {
    TEST_CASE("every row of the published table is answered as it says") {
        check_rows(china_breast_rows(), pathway_of("cn-breast-2021"));
    }

    TEST_CASE("no row of the published table is left out") {
        check_numbers(china_breast_rows(), 17, 31);
    }
}

}  // namespace egret::tests
