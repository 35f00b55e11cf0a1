// The Chinese guideline of cervical screening, (one) and (two), row by row as its table gives it:
// rows 1 to 23. Rows 24 and 25 (dual stain, HPV integration) are of tests for which there is no
// fact.
//
// What the table leaves open, and what is taken for it:
// * "Repeat" and "HPV or cotest" are a follow-up test: `surveillance`, or a test by name.
// * "Colposcopy (cytology if needed)" is `colposcopy` or `colposcopy_and_cytology`; with high-grade
//   cytology also `colposcopy_or_treatment`.
// * Untyped HPV: cytology, another HPV test (genotyping), or a choice between them.
// * ASC-US without an HPV test: nobody can say from the facts that a test is impossible, so a test
//   now, cytology after six months, colposcopy or a choice among them.
// * LSIL is in two rows that disagree (15; 20 and 21): colposcopy, or a test after twelve months.

#include "tests/registry/rules/screening/rows.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret::tests {
namespace {

const std::string first_day = "2024-03-10";
const std::string later_day = "2024-04-20";

const std::string follow_up = "surveillance|hpv_test|cotest ";
const std::string colposcopy_of_first = "colposcopy 2024-03-10 soon in_follow_up";
const std::string colposcopy_of_later = "colposcopy 2024-04-20 soon in_follow_up";
const std::string at_once = "colposcopy|colposcopy_or_treatment|treatment ";

SourceRows ages() {
    const std::string routine = "screening|hpv_test|cotest ? ? due";
    const std::string not_yet =
        "none ? ? excluded|up_to_date|no_rule or screening 2024-06-02 ? excluded|up_to_date";
    return {
        {1, "25 years old on the day", woman_born("1999-06-01", {}), routine},
        {1, "25 years old tomorrow", woman_born("1999-06-02", {}), not_yet},
        {2, "45 years old, never screened", woman_born("1979-01-20", {}), routine},
        {2, "64 years old, never screened", woman_born("1959-06-02", {}), routine},
        {2, "HPV negative", woman({hpv(first_day, "negative")}),
         "screening 2029-03-10 = up_to_date"},
        {2, "HPV negative, five years ago", woman_on("2029-03-10", {hpv(first_day, "negative")}),
         "screening 2029-03-10 = due"},
        {2, "both tests of one visit negative",
         woman({hpv(first_day, "negative"), cytology(first_day, "NILM")}),
         "screening 2029-03-10 = up_to_date"},
        {2, "both tests negative, the samples a day apart",
         woman({hpv(first_day, "negative"), cytology("2024-03-11", "NILM")}),
         "screening 2029-03-10|2029-03-11 = up_to_date"},
        {2, "normal cytology alone", woman({cytology(first_day, "NILM")}),
         "screening 2027-03-10 = up_to_date"},
        {6, "vaccinated, never screened",
         woman_born("1999-06-01", {R"({"type":"dose","date":"2015-03-01","product":"cvx:165"})",
                                   R"({"type":"dose","date":"2015-09-01","product":"cvx:165"})"}),
         routine},
        {6, "vaccinated, HPV negative",
         woman({R"({"type":"dose","date":"2020-03-01","product":"cvx:165"})",
                hpv(first_day, "negative")}),
         "screening 2029-03-10 = up_to_date"},
    };
}

SourceRows end_of_screening() {
    const auto aged_66 = [](const Words& events, const Words& flags = {}) {
        return woman_born("1957-09-15", events, flags);
    };
    const std::string stopped = "none - - exited";
    const std::string goes_on = "!none ? ? !exited|excluded|no_rule";
    const Words three_smears{cytology("2016-05-10", "NILM"), cytology("2019-05-10", "NILM"),
                             cytology("2022-05-10", "NILM")};
    const Words two_tests{hpv("2017-05-10", "negative"), hpv("2022-05-10", "negative")};
    auto with_cin = two_tests;
    with_cin.push_back(histology("2009-05-10", "CIN3"));
    with_cin.push_back(treatment("2009-06-10", "leep"));
    return {
        {3, "66 years old, three normal smears in ten years", aged_66(three_smears), stopped},
        {3, "66 years old, two negative HPV tests in ten years", aged_66(two_tests), stopped},
        {3, "66 years old, two negative cotests in ten years",
         aged_66({hpv("2017-05-10", "negative"), cytology("2017-05-10", "NILM"),
                  hpv("2022-05-10", "negative"), cytology("2022-05-10", "NILM")}),
         stopped},
        {3, "64 years old with the same tests", woman_born("1959-09-15", two_tests),
         "screening 2027-05-10 = up_to_date"},
        {4, "66 years old, never screened", aged_66({}), "screening|hpv_test|cotest ? ? due"},
        {4, "66 years old, two normal smears only",
         aged_66({cytology("2019-05-10", "NILM"), cytology("2022-05-10", "NILM")}), goes_on},
        {4, "66 years old, one negative HPV test only", aged_66({hpv("2022-05-10", "negative")}),
         goes_on},
        {4, "66 years old, the last of two HPV tests more than five years ago",
         aged_66({hpv("2014-08-10", "negative"), hpv("2019-05-10", "negative")}), goes_on},
        {4, "66 years old, the first of two HPV tests more than ten years ago",
         aged_66({hpv("2013-05-10", "negative"), hpv("2022-05-10", "negative")}), goes_on},
        {4, "66 years old, negative tests after a CIN 3", aged_66(with_cin), goes_on},
        {4, "66 years old, negative tests, precancer in her history",
         aged_66(two_tests, {flag("precancer_history")}), goes_on},
    };
}

SourceRows after_hysterectomy() {
    const auto asked = [](const std::string& on, const Words& tested) {
        WomanLine line{
            {histology("2016-01-10", "CIN3"), treatment("2016-03-10", "hysterectomy", "CIN3")},
            {flag("no_cervix", "2016-03-10")}};
        line.birth = "1970-06-15";
        line.on = on;
        for (const auto& date : tested) {
            line.events.push_back(hpv(date, "negative"));
            line.events.push_back(cytology(date, "NILM"));
        }
        return line.text();
    };
    const std::string test = "cotest|surveillance ";
    // Added with the pack known.
    WomanLine screened_before{
        {histology("2016-01-10", "CIN3"), treatment("2016-03-10", "hysterectomy", "CIN3"),
         cytology("2009-01-10", "NILM"), cytology("2012-01-10", "NILM"),
         cytology("2015-01-10", "NILM")},
        {flag("no_cervix", "2016-03-10")}};
    screened_before.on = "2016-06-01";
    WomanLine long_ago{
        {histology("1996-01-10", "CIN3"), treatment("1996-03-10", "hysterectomy", "CIN3")},
        {flag("no_cervix", "1996-03-10")}};
    long_ago.birth = "1954-06-15";
    for (const std::string year :
         {"1997", "1998", "1999", "2002", "2005", "2008", "2011", "2014", "2017", "2020"}) {
        long_ago.events.push_back(hpv(year + "-03-12", "negative"));
        long_ago.events.push_back(cytology(year + "-03-12", "NILM"));
    }
    return {
        {5, "smears from before the operation are none of the three", screened_before.text(),
         test + "2017-03-10 = in_follow_up"},
        {5, "after twenty-five years it is over", long_ago.text(), "none - - exited|excluded"},
        {5, "uterus taken out for CIN 3: the first year", asked("2016-06-01", {}),
         test + "2017-03-10 = in_follow_up"},
        {5, "the second year", asked("2017-06-01", {"2017-03-12"}),
         test + "2018-03-12 = in_follow_up"},
        {5, "the third year", asked("2018-06-01", {"2017-03-12", "2018-03-13"}),
         test + "2019-03-13 = in_follow_up"},
        {5, "after three of them: every three years",
         asked("2019-06-01", {"2017-03-12", "2018-03-13", "2019-03-14"}),
         test + "2022-03-14 = in_follow_up"},
        {5, "after three of them and one more",
         asked("2022-06-01", {"2017-03-12", "2018-03-13", "2019-03-14", "2022-03-15"}),
         test + "2025-03-15 = in_follow_up"},
    };
}

SourceRows hpv_first() {
    const std::string triaged =
        "cytology|hpv_test|clinician_decides 2024-03-10 soon "
        "in_follow_up|clinician_decides";
    SourceRows rows{
        {7, "HPV positive, not typed", woman({hpv(first_day, "positive")}), triaged},
        {10, "another type and normal cytology of one visit",
         woman({hpv(first_day, "positive", {"52"}), cytology(first_day, "NILM")}),
         follow_up + "2025-03-10 = in_follow_up"},
        {10, "another type, then normal cytology",
         woman({hpv(first_day, "positive", {"other_hr"}), cytology(later_day, "NILM")}),
         follow_up + "2025-04-20 = in_follow_up"},
        {10, "still positive after a year",
         woman({hpv("2023-03-10", "positive", {"52"}), cytology("2023-03-10", "NILM"),
                hpv("2024-03-12", "positive", {"52"})}),
         "colposcopy 2024-03-12 soon in_follow_up"},
        {10, "still positive after a year, the cytology normal again",
         woman({hpv("2023-03-10", "positive"), cytology("2023-04-10", "NILM"),
                hpv("2024-04-12", "positive"), cytology("2024-04-12", "NILM")}),
         "colposcopy 2024-04-12 soon in_follow_up"},
    };
    // Added with the pack known.
    rows.push_back({10, "only a smear was taken after the year: HPV is still to be tested",
                    woman({hpv("2023-03-10", "positive", {"52"}), cytology("2023-03-10", "NILM"),
                           cytology("2024-03-12", "NILM")}),
                    follow_up + "2024-03-10|2024-03-12|2025-03-12 ? in_follow_up"});
    for (const std::string type : {"16", "18"}) {
        const auto positive = hpv(first_day, "positive", {type, "58"});
        const std::string now = "colposcopy|colposcopy_and_cytology 2024-03-10 soon in_follow_up";
        rows.push_back({8, "HPV " + type, woman({positive}), now});
        rows.push_back({8, "HPV " + type + " after a negative test",
                        woman({hpv("2019-03-10", "negative"), positive}), now});
        for (const auto& day : {first_day, later_day}) {
            rows.push_back({8, "HPV " + type + " with normal cytology on " + day,
                            woman({positive, cytology(day, "NILM")}), now});
            rows.push_back({8, "HPV " + type + " with HSIL on " + day,
                            woman({positive, cytology(day, "HSIL")}),
                            at_once + "2024-03-10|" + day + " soon in_follow_up"});
        }
    }
    for (const std::string result : {"ASC-US", "LSIL", "ASC-H", "AGC"}) {
        rows.push_back(
            {9, "another type and abnormal cytology of one visit: " + result,
             woman({hpv(first_day, "positive", {"33"}), cytology(first_day, Words{result})}),
             colposcopy_of_first});
        rows.push_back(
            {9, "another type, then abnormal cytology: " + result,
             woman({hpv(first_day, "positive", {"33"}), cytology(later_day, Words{result})}),
             colposcopy_of_later});
    }
    return rows;
}

SourceRows asc_us() {
    const auto first = cytology(first_day, "ASC-US");
    const std::string repeat = "surveillance|hpv_test|cotest|cytology|screening ";
    return {
        {11, "ASC-US and HPV positive of one visit", woman({first, hpv(first_day, "positive")}),
         colposcopy_of_first},
        {11, "ASC-US, then HPV positive", woman({first, hpv(later_day, "positive", {"52"})}),
         colposcopy_of_later},
        {12, "ASC-US and HPV negative of one visit", woman({first, hpv(first_day, "negative")}),
         repeat + "2027-03-10 ="},
        {12, "ASC-US, then HPV negative", woman({first, hpv(later_day, "negative")}),
         repeat + "2027-04-20 ="},
        {13, "ASC-US without an HPV test", woman({first}),
         "hpv_test 2024-03-10 soon in_follow_up or cytology|surveillance 2024-09-10 = in_follow_up "
         "or clinician_decides !- ? or colposcopy 2024-03-10 soon in_follow_up"},
    };
}

SourceRows worse_cytology() {
    SourceRows rows;
    const auto with_hpv = [&](int number, const std::string& result, const std::string& hpv_result,
                              const std::string& now, const std::string& then) {
        const auto what = result + " and HPV " + hpv_result;
        rows.push_back({number, what + " of one visit",
                        woman({cytology(first_day, Words{result}), hpv(first_day, hpv_result)}),
                        now});
        rows.push_back({number, what + " later",
                        woman({cytology(first_day, Words{result}), hpv(later_day, hpv_result)}),
                        then});
    };
    for (const auto& [number, result] : {std::pair{14, "ASC-H"}, std::pair{15, "LSIL"}}) {
        rows.push_back({number, std::string(result) + " alone",
                        woman({cytology(first_day, result)}), colposcopy_of_first});
        with_hpv(number, result, "positive", colposcopy_of_first, colposcopy_of_first);
    }
    with_hpv(14, "ASC-H", "negative", colposcopy_of_first, colposcopy_of_first);
    with_hpv(15, "LSIL", "negative",
             colposcopy_of_first + " or " + follow_up + "2025-03-10 = in_follow_up",
             colposcopy_of_first + " or " + follow_up + "2025-04-20 = in_follow_up");
    for (const std::string result : {"HSIL", "SCC"}) {
        const auto now = (result == "SCC" ? "cancer_care|histology|biopsy|" : "") + at_once +
                         "2024-03-10 soon in_follow_up";
        rows.push_back({16, result + " alone", woman({cytology(first_day, Words{result})}), now});
        with_hpv(16, result, "positive", now, now);
        with_hpv(16, result, "negative", now, now);
    }
    const auto glandular = "endometrial_and_endocervical_sampling|" + colposcopy_of_first;
    for (const std::string result : {"AGC", "AGC-FN", "AGC-EC", "AGC-EC-FN"}) {
        rows.push_back(
            {17, result + " alone", woman({cytology(first_day, Words{result})}), glandular});
        with_hpv(17, result, "positive", glandular, glandular);
        with_hpv(17, result, "negative", glandular, glandular);
    }
    rows.push_back({17, "atypical endometrial cells", woman({cytology(first_day, "AGC-EM")}),
                    "endometrial_assessment|" + glandular});
    rows.push_back({17, "AGC of a woman of 30",
                    woman_born("1994-01-20", {cytology(first_day, "AGC")}), colposcopy_of_first});
    return rows;
}

SourceRows cotests() {
    SourceRows rows;
    const auto add = [&](int number, const std::string& what, const Words& before,
                         const std::string& hpv_result, const std::string& result,
                         const std::string& expected) {
        auto events = before;
        events.push_back(hpv(first_day, hpv_result));
        events.push_back(cytology(first_day, Words{result}));
        rows.push_back({number, "HPV " + hpv_result + " and " + result + ", " + what, woman(events),
                        expected});
    };
    const auto in_a_year = follow_up + "2025-03-10 = in_follow_up";
    const auto in_three_years = "screening|" + follow_up + "2027-03-10 =";
    const Words negative{hpv("2019-03-10", "negative")};
    const Words negative_cotest{hpv("2020-03-10", "negative"), cytology("2020-03-10", "NILM")};
    const Words positive{hpv("2023-03-01", "positive", {"52"}), cytology("2023-03-01", "NILM")};
    for (const auto& [what, before] :
         {std::pair{"nothing known of before", Words{}}, std::pair{"HPV negative before", negative},
          std::pair{"cotest negative before", negative_cotest}}) {
        add(18, what, before, "positive", "NILM", in_a_year);
        add(19, what, before, "negative", "ASC-US", in_three_years);
        add(20, what, before, "negative", "LSIL", in_a_year + " or " + colposcopy_of_first);
    }
    for (const auto& before : {negative, negative_cotest}) {
        add(21, "HPV negative before", before, "positive", "ASC-US", in_a_year);
        add(21, "HPV negative before", before, "positive", "LSIL",
            in_a_year + " or " + colposcopy_of_first);
    }
    for (const std::string result : {"ASC-US", "LSIL"}) {
        add(22, "nothing known of before", {}, "positive", result, colposcopy_of_first);
        add(22, "HPV positive before", positive, "positive", result, colposcopy_of_first);
    }
    for (const std::string result : {"ASC-H", "HSIL", "SCC", "AIS", "ADC"})
        add(23, "nothing known of before", {}, "positive", result,
            "cancer_care|histology|biopsy|" + at_once + "2024-03-10 soon in_follow_up");
    return rows;
}

bool asks_for_endometrium(const rules::ScreeningDecision& decision) {
    const auto is_it = [](rules::ScreeningAction code) {
        return code == rules::ScreeningAction::endometrial_assessment ||
               code == rules::ScreeningAction::endometrial_and_endocervical_sampling;
    };
    return std::any_of(decision.actions.begin(), decision.actions.end(), [&](const auto& step) {
        return is_it(step.code) || std::any_of(step.choices.begin(), step.choices.end(), is_it);
    });
}

}  // namespace

SourceRows china_guideline_rows() {
    SourceRows rows;
    for (const auto& part : {ages(), end_of_screening(), after_hysterectomy(), hpv_first(),
                             asc_us(), worse_cytology(), cotests()})
        rows.insert(rows.end(), part.begin(), part.end());
    return rows;
}

TEST_SUITE("registry/rules/screening/china_guideline_rows") {
    TEST_CASE("every row of the guideline's table is answered as it says") {
        check_rows(china_guideline_rows(), pathway_of("cn-clinical-cervical-2023"));
    }

    TEST_CASE("no row of the guideline's table is left out, but those of tests without a fact") {
        check_numbers(china_guideline_rows(), 1, 25, {24, 25});
    }

    TEST_CASE("row 17: with atypical glandular cells from 35 on the endometrium is sampled too") {
        const auto pathway = pathway_of("cn-clinical-cervical-2023");
        const auto agc = cytology(first_day, "AGC");
        CHECK(asks_for_endometrium(ask(pathway, woman_born("1989-03-10", {agc}))));
        CHECK(asks_for_endometrium(ask(pathway, woman_born("1970-03-10", {agc}))));
        CHECK_FALSE(asks_for_endometrium(ask(pathway, woman_born("1994-03-10", {agc}))));
    }
}

}  // namespace egret::tests
