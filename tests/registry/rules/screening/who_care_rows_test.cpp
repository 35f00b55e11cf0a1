// WHO's guideline of 2021, row by row: 36 to 76, the treatment, what follows it, and who is
// screened. What is taken for what the table leaves open is said in who_rows_test.cpp, and:
// * The look at the cervix that says whether ablation is possible has no fact of its own. A
//   colposcopy with the type of the transformation zone tells it: type 1 can be ablated, type 3
//   can't.
// * Ablation is `treatment`, for there is no nearer code; LLETZ is `excision` or `treatment`, a
//   second one `repeat_excision` too.

#include "tests/registry/rules/screening/who_builder.h"

#include <doctest/doctest.h>

namespace egret::tests {
namespace {

const std::string first_day = "2024-03-10";
const std::string later_day = "2024-04-20";
const std::string third_day = "2024-05-12";

const std::string retest = "hpv_test|surveillance|via|cytology ";

/// What brings a woman of the algorithm to be treated.
Words positive_by(const std::string& algorithm, const std::string& day) {
    switch (algorithm.front()) {
        case '1': return {via(day, "positive")};
        case '3': return {cytology(day, "HSIL")};
        case '4': return {hpv(day, "positive", {"16"})};
        case '5': return {hpv(day, "positive"), via(day, "positive")};
        case '7': return {hpv(day, "positive"), cytology(day, "ASC-H")};
        default: return {hpv(day, "positive")};  // 2 and 6.
    }
}

Words with(Words events, const Words& more) {
    events.insert(events.end(), more.begin(), more.end());
    return events;
}

/// Algorithm 2 is for women without HIV only.
void for_both(WhoRows& rows, int number, const std::string& algorithm, const std::string& what,
              const std::string& person, const std::string& expected) {
    rows.general(number, algorithm, what, person, expected);
    if (algorithm != "2") rows.hiv(number, algorithm, what, person, expected);
}

/// The first of the six rows that are the same for four algorithms.
int first_of_six(const std::string& algorithm) {
    return algorithm == "1" ? 36 : algorithm == "2" ? 42 : algorithm == "4" ? 48 : 54;
}

void assessments(WhoRows& rows) {
    // From the day of the positive test, or of the look.
    const std::string by_then = "2024-03-10|2024-04-20 2024-09-10|2024-10-20 ";
    for (const std::string algorithm : {"1", "2", "4", "5"}) {
        const int number = first_of_six(algorithm);
        const auto seen = [&](const std::string& fact) {
            return woman(with(positive_by(algorithm, first_day), {fact}));
        };
        for (const auto& day : {first_day, later_day}) {
            for_both(rows, number, algorithm, "ablation is possible, seen on " + day,
                     seen(colposcopy_of_zone(day, "high_grade", 1)),
                     "treatment|clinician_decides " + by_then + "in_follow_up|clinician_decides");
            for_both(rows, number + 1, algorithm, "ablation isn't possible, seen on " + day,
                     seen(colposcopy_of_zone(day, "high_grade", 3)),
                     "excision|treatment " + by_then + "in_follow_up");
            for_both(rows, number + 2, algorithm, "the look is suspicious of cancer on " + day,
                     seen(colposcopy(day, "suspected_cancer")), evaluated(day));
        }
        for_both(rows, number + 2, algorithm, "VIA on the way to ablation is suspicious of cancer",
                 seen(via(later_day, "suspected_cancer")), evaluated(later_day));
    }
}

void treated(WhoRows& rows) {
    for (const std::string algorithm : {"1", "2", "4", "5"}) {
        const int number = first_of_six(algorithm);
        const auto positive = positive_by(algorithm, first_day);
        const auto in_a_year = retest + "2025-04-20 = in_follow_up";
        const auto excised = with(positive, {treatment(later_day, "leep")});
        for_both(rows, number + 3, algorithm, "LLETZ, no histology", woman(excised), in_a_year);
        for_both(rows, number + 3, algorithm, "cold knife cone, no histology",
                 woman(with(positive, {treatment(later_day, "cone")})), in_a_year);
        for (const std::string result : {"benign", "CIN1", "CIN2", "CIN3", "HSIL", "AIS"}) {
            for_both(rows, number + 3, algorithm, "LLETZ and its histology on one day: " + result,
                     woman(with(excised, {histology(later_day, result)})), in_a_year);
            // Added with the pack known.
            auto reported = histology(later_day, result);
            reported.insert(reported.size() - 1, R"(,"reported_on":")" + third_day + '"');
            for_both(rows, number + 3, algorithm, "LLETZ, its histology reported later: " + result,
                     woman(with(excised, {reported})), in_a_year);
            for_both(rows, number + 3, algorithm, "LLETZ and later its histology: " + result,
                     woman(with(excised, {histology(third_day, result)})), in_a_year);
        }
        for (const std::string result : {"microinvasive", "cancer"}) {
            const std::string care = "cancer_care|referral|treatment ";
            for_both(rows, number + 4, algorithm, "LLETZ shows cancer on that day: " + result,
                     woman(with(excised, {histology(later_day, result)})),
                     care + "2024-04-20 soon in_follow_up");
            for_both(rows, number + 4, algorithm, "LLETZ shows cancer later: " + result,
                     woman(with(excised, {histology(third_day, result)})),
                     care + "2024-05-12 soon in_follow_up");
        }
        for (const std::string procedure :
             {"cryotherapy", "thermal_ablation", "laser", "cautery", "ablation"}) {
            for_both(rows, number + 5, algorithm, "ablated on the day of the test: " + procedure,
                     woman(with(positive, {treatment(first_day, procedure)})),
                     retest + "2025-03-10 = in_follow_up");
            for_both(rows, number + 5, algorithm, "ablated later: " + procedure,
                     woman(with(positive, {treatment(later_day, procedure)})), in_a_year);
        }
    }
}

/// The routine interval from a day on, as the algorithm's first test and her HIV give it.
std::string routine_from(const std::string& algorithm, bool has_hiv, const std::string& day) {
    const auto by_hpv = "screening|hpv_test " + after_months(day, has_hiv ? 36 : 60) + " " +
                        after_months(day, has_hiv ? 60 : 120) + " up_to_date";
    if (algorithm != "1" && algorithm != "3") return by_hpv;
    return "screening|via|cytology|hpv_test " + after_months(day, 36) + " = up_to_date or " +
           by_hpv;
}

/// Treated in spring 2022, by ablation or LLETZ as the algorithm has it, and tested in 2023.
Words followed(const std::string& algorithm, const Words& tests) {
    auto events = positive_by(algorithm, "2022-03-10");
    const bool is_excised = algorithm == "3" || algorithm == "6" || algorithm == "7";
    if (is_excised) {
        events.push_back(colposcopy("2022-04-01", "high_grade"));
        events.push_back(histology("2022-04-10", "CIN2"));
    }
    events.push_back(treatment("2022-04-20", is_excised ? "leep" : "thermal_ablation"));
    return with(events, tests);
}

void after_treatment(WhoRows& rows) {
    const std::string day = "2023-04-25";
    const auto again =
        "repeat_excision|excision|treatment " + within_half_a_year(day) + " in_follow_up";
    for (const std::string algorithm : {"1", "2", "3", "4", "5", "6", "7"}) {
        const bool is_by_eye = algorithm == "1";
        const auto negative = followed(algorithm, {hpv(day, "negative")});
        // Asked before half a year is over: after it she is to be looked at again first.
        const std::string soon_after = "2023-06-01";
        const auto positive = woman_on(soon_after, followed(algorithm, {hpv(day, "positive")}));
        const auto suspicious = woman(followed(algorithm, {via(day, "suspected_cancer")}));
        const auto both =
            woman(followed(algorithm, {hpv(day, "positive"), via(day, "suspected_cancer")}));
        rows.general(60, algorithm, "negative a year after treatment", woman(negative),
                     routine_from(algorithm, false, day));
        rows.general(61, algorithm, "positive a year after treatment", positive, again);
        rows.general(62, algorithm, "suspicious a year after treatment", suspicious,
                     evaluated(day));
        rows.general(62, algorithm, "positive and suspicious a year after treatment", both,
                     evaluated(day));
        if (is_by_eye) {
            rows.general(60, "1", "VIA negative a year after treatment",
                         woman(followed("1", {via(day, "negative")})),
                         routine_from("1", false, day));
            rows.general(61, "1", "VIA positive a year after treatment",
                         woman_on(soon_after, followed("1", {via(day, "positive")})), again);
            rows.hiv(64, "1", "VIA negative a year after treatment",
                     woman(followed("1", {via(day, "negative")})),
                     retest + "2024-04-25 = in_follow_up");
        }
        if (algorithm == "2") continue;
        rows.hiv(64, algorithm, "negative a year after treatment", woman(negative),
                 retest + "2024-04-25 = in_follow_up");
        rows.hiv(65, algorithm, "negative a year after that, too",
                 woman(with(negative, {hpv("2024-04-28", "negative")})),
                 routine_from(algorithm, true, "2024-04-28"));
        rows.hiv(66, algorithm, "positive a year after treatment", positive, again);
        rows.hiv(67, algorithm, "suspicious a year after treatment", suspicious, evaluated(day));
        rows.hiv(67, algorithm, "positive and suspicious a year after treatment", both,
                 evaluated(day));
    }
}

void treated_again(WhoRows& rows) {
    for (const std::string algorithm : {"1", "2", "3", "4", "5", "6", "7"}) {
        const auto positive = followed(algorithm, {hpv("2023-04-25", "positive")});
        for (const std::string procedure : {"leep", "cone", "thermal_ablation"}) {
            for_both(rows, 63, algorithm, "treated again on the day of the test: " + procedure,
                     woman(with(positive, {treatment("2023-04-25", procedure)})),
                     retest + "2024-04-25 = in_follow_up");
            for_both(rows, 63, algorithm, "treated again later: " + procedure,
                     woman(with(positive, {treatment("2023-06-12", procedure)})),
                     retest + "2024-06-12 = in_follow_up");
        }
    }
}

const std::string all_algorithms = "1234567";
const std::string without_2 = "134567";

void who_is_screened(WhoRows& rows) {
    const auto born = [](const std::string& birth) { return woman_born(birth, {}); };
    const std::string routine = "screening|hpv_test|via|cytology ? ? due";
    const std::string not_yet =
        "none ? ? excluded|up_to_date|no_rule or "
        "screening|hpv_test|via|cytology 2024-06-02 ? excluded|up_to_date";
    rows.general(68, all_algorithms, "30 years old tomorrow", born("1994-06-02"), not_yet);
    rows.hiv(69, without_2, "25 years old tomorrow", born("1999-06-02"), not_yet);
    rows.general(70, all_algorithms, "30 years old today", born("1994-06-01"), routine);
    rows.general(70, all_algorithms, "49 years old until tomorrow", born("1974-06-02"), routine);
    rows.hiv(71, without_2, "25 years old today", born("1999-06-01"), routine);
    rows.hiv(71, without_2, "49 years old until tomorrow", born("1974-06-02"), routine);
    rows.general(72, all_algorithms, "50 today, never screened", born("1974-06-01"), routine);
    rows.general(72, all_algorithms, "65, never screened", born("1959-03-01"), routine);
    rows.hiv(72, without_2, "50 today, never screened", born("1974-06-01"), routine);
    rows.hiv(72, without_2, "65, never screened", born("1959-03-01"), routine);
}

std::string test_by(const std::string& algorithm, const std::string& day) {
    if (algorithm == "1") return via(day, "negative");
    return algorithm == "3" ? cytology(day, "NILM") : hpv(day, "negative");
}

void end_of_screening(WhoRows& rows) {
    for (const std::string algorithm : {"1", "2", "3", "4", "5", "6", "7"}) {
        // At an interval that is a regular one with and without HIV.
        const bool is_by_hpv = algorithm != "1" && algorithm != "3";
        const std::string before = is_by_hpv ? "2018-05-10" : "2020-05-10";
        const auto last = test_by(algorithm, "2023-05-12");
        for_both(rows, 73, algorithm, "58, two negative tests at the regular interval",
                 woman_born("1966-01-20", {test_by(algorithm, before), last}), "none - - exited");
        // Added with the pack known.
        for_both(rows, 73, algorithm, "58, two negative tests, but a month apart",
                 woman_born("1966-01-20", {test_by(algorithm, "2023-04-10"), last}),
                 "screening|hpv_test|via|cytology !- ? up_to_date");
        for_both(rows, 73, algorithm, "58, one negative test", woman_born("1966-01-20", {last}),
                 "screening|hpv_test|via|cytology !- ? up_to_date");
        for_both(rows, 73, algorithm, "45, two negative tests at the regular interval",
                 woman_born("1979-01-20", {test_by(algorithm, before), last}),
                 "screening|hpv_test|via|cytology !- ? up_to_date");
    }
}

void decided_to_treat(WhoRows& rows) {
    for (const std::string algorithm : {"3", "6", "7"}) {
        const auto seen = [&](const std::string& result) {
            return with(positive_by(algorithm, first_day),
                        {colposcopy(later_day, "high_grade"), histology(third_day, result)});
        };
        const auto in_time = within_half_a_year(third_day) + " in_follow_up";
        for (const std::string result : {"CIN2", "CIN3", "HSIL"}) {
            rows.both(74, algorithm, "to be treated: " + result, woman(seen(result)),
                      "treatment|excision " + in_time);
            rows.both(
                74, algorithm, "the histology of one visit: " + result,
                woman(with(positive_by(algorithm, first_day),
                           {colposcopy(first_day, "high_grade"), histology(first_day, result)})),
                "treatment|excision " + within_half_a_year(first_day) + " in_follow_up");
        }
        rows.both(74, algorithm, "to be treated, but pregnant",
                  woman(seen("CIN3"), {flag("pregnant", "2024-05-01", "2025-01-20")}),
                  "clinician_decides|review|referral|senior_review|surveillance ? ? "
                  "in_follow_up|clinician_decides or treatment|excision 2025-01-20|2025-01-21 ? ?");
        rows.both(74, algorithm, "to be treated for more than six months",
                  woman_on("2025-01-10", seen("CIN3")),
                  "review|clinician_decides|colposcopy|colposcopy_or_treatment|via|histology|"
                  "referral|surveillance_or_treatment ? ? in_follow_up|clinician_decides");
        rows.both(75, algorithm, "adenocarcinoma in situ", woman(seen("AIS")),
                  "excision " + in_time);
    }
    for (const std::string algorithm : {"1", "2", "4", "5"}) {
        const auto positive = positive_by(algorithm, first_day);
        for_both(rows, 74, algorithm, "to be treated, but pregnant",
                 woman(positive, {flag("pregnant", "2024-03-01", "2024-11-20")}),
                 "clinician_decides|review|referral|senior_review|surveillance ? ? "
                 "in_follow_up|clinician_decides or treatment|excision 2024-11-20|2024-11-21 ? ?");
        for_both(rows, 74, algorithm, "to be treated for more than six months",
                 woman_on("2025-01-10", positive),
                 "review|clinician_decides|colposcopy|colposcopy_or_treatment|via|referral ? ? "
                 "in_follow_up|clinician_decides");
        for_both(rows, 75, algorithm, "adenocarcinoma in situ",
                 woman(with(positive, {histology(later_day, "AIS")})),
                 "excision " + within_half_a_year(later_day) + " in_follow_up");
    }
}

void change_of_method(WhoRows& rows) {
    for (const std::string algorithm : {"2", "4", "5", "6", "7"}) {
        for (const auto& test : {via("2021-03-10", "negative"), cytology("2021-03-10", "NILM")}) {
            for_both(rows, 76, algorithm, "another test before: HPV at its next date",
                     woman_on("2023-06-01", {test}), "screening|hpv_test 2024-03-10 ? up_to_date");
            for_both(rows, 76, algorithm, "another test before: HPV, its date is over",
                     woman({test}), "screening|hpv_test 2024-03-10 ? due");
        }
    }
}

}  // namespace

SourceRows who_care_rows() {
    WhoRows rows;
    assessments(rows);
    treated(rows);
    after_treatment(rows);
    treated_again(rows);
    who_is_screened(rows);
    end_of_screening(rows);
    decided_to_treat(rows);
    change_of_method(rows);
    return rows.all();
}

TEST_SUITE("registry/rules/screening/who_care_rows") {
    TEST_CASE("every row of the table on treatment and ages is answered as it says") {
        for (const std::string algorithm : {"1", "2", "3", "4", "5", "6", "7"})
            check_rows(who_care_rows(), pathway_of("who-cervical-2021", algorithm), algorithm);
    }
}

}  // namespace egret::tests
