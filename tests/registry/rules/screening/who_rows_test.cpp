// WHO's guideline of 2021 (second edition), row by row as its table gives it: rows 1 to 76, for
// women with and without HIV and for each algorithm that a row names. Those of treatment and of
// who is screened are in who_care_rows_test.cpp.
//
// What the table leaves open, and what is taken for it:
// * A routine test is `screening`, or the algorithm's test by name.
// * "Assess whether ablation is possible" has no code: `treatment` says it (ablation or excision,
//   as she turns out), so does `colposcopy_or_treatment`, a `referral` or a choice. A `via` is
//   none: that would be triage.
// * "Evaluation, biopsy, management" of a suspected cancer: `biopsy`, `histology`, `referral` or
//   `cancer_care`.
// * HPV 45 may count with 16 and 18 or with the others.

#include "tests/registry/rules/screening/who_builder.h"

#include <doctest/doctest.h>

namespace egret::tests {
namespace {

const std::string first_day = "2024-03-10";
const std::string later_day = "2024-04-20";

const std::string colposcopy_of_first = "colposcopy 2024-03-10 soon in_follow_up";
const std::string colposcopy_of_later = "colposcopy 2024-04-20 soon in_follow_up";

void by_via(WhoRows& rows) {
    const std::string again = "screening|via 2027-03-10 = ";
    rows.both(1, "1", "VIA negative", woman({via(first_day, "negative")}), again + "up_to_date");
    rows.both(1, "1", "VIA negative three years ago",
              woman_on("2027-03-10", {via(first_day, "negative")}), again + "due");
    rows.both(1, "1", "VIA negative again",
              woman({via("2021-03-01", "negative"), via(first_day, "negative")}),
              again + "up_to_date");
    rows.both(2, "1", "VIA positive", woman({via(first_day, "positive")}), assessed(first_day));
    rows.both(2, "1", "VIA positive after a negative one",
              woman({via("2021-03-01", "negative"), via(first_day, "positive")}),
              assessed(first_day));
    rows.both(2, "1", "VIA positive, negative when made again",
              woman({via(first_day, "positive"), via(later_day, "negative")}), assessed(first_day));
    rows.both(3, "1", "VIA suspicious of cancer", woman({via(first_day, "suspected_cancer")}),
              evaluated(first_day));
    rows.both(3, "1", "VIA suspicious of cancer, negative when made again",
              woman({via(first_day, "suspected_cancer"), via(later_day, "negative")}),
              evaluated(first_day));
}

void by_cytology(WhoRows& rows) {
    const std::string again = "screening|cytology ";
    const auto asc_us = cytology(first_day, "ASC-US");
    rows.both(6, "3", "normal cytology", woman({cytology(first_day, "NILM")}),
              again + "2027-03-10 = up_to_date");
    rows.both(6, "3", "normal cytology three years ago",
              woman_on("2027-03-10", {cytology(first_day, "NILM")}), again + "2027-03-10 = due");
    rows.both(7, "3", "ASC-US", woman({asc_us}), "hpv_test 2024-03-10 soon in_follow_up");
    rows.both(7, "3", "ASC-US after normal cytology",
              woman({cytology("2021-03-01", "NILM"), asc_us}),
              "hpv_test 2024-03-10 soon in_follow_up");
    rows.both(8, "3", "ASC-US and HPV negative of one visit",
              woman({asc_us, hpv(first_day, "negative")}), again + "2027-03-10 = ?");
    rows.both(8, "3", "ASC-US, then HPV negative", woman({asc_us, hpv(later_day, "negative")}),
              again + "2027-04-20 = ?");
    for (const Words& types : {Words{}, Words{"16"}, Words{"52"}}) {
        rows.both(9, "3", "ASC-US and HPV positive of one visit",
                  woman({asc_us, hpv(first_day, "positive", types)}), colposcopy_of_first);
        rows.both(9, "3", "ASC-US, then HPV positive",
                  woman({asc_us, hpv(later_day, "positive", types)}), colposcopy_of_later);
    }
    for (const std::string day : {"2021-03-10", "2021-04-20"}) {
        const Words before{cytology("2021-03-10", "ASC-US"), hpv(day, "negative")};
        const auto then = [&](const std::string& result) {
            return woman({before[0], before[1], cytology(later_day, Words{result})});
        };
        rows.both(10, "3", "ASC-US with HPV negative of " + day + ", now normal", then("NILM"),
                  again + "2027-04-20 = up_to_date");
        for (const std::string result : {"ASC-US", "LSIL", "HSIL", "AGC"})
            rows.both(11, "3", "ASC-US with HPV negative of " + day + ", now " + result,
                      then(result), colposcopy_of_later);
    }
    for (const std::string result : {"LSIL", "ASC-H", "HSIL", "SCC", "AGC", "AGC-FN", "AIS", "ADC",
                                     "AGC-EC", "AGC-EC-FN", "AGC-EM"}) {
        const auto abnormal = cytology(first_day, Words{result});
        const bool is_cancer = result == "SCC" || result == "ADC";
        const auto now =
            (is_cancer ? "biopsy|histology|referral|cancer_care|" : "") + colposcopy_of_first;
        rows.both(12, "3", result, woman({abnormal}), now);
        rows.both(12, "3", result + " and HPV negative of one visit",
                  woman({abnormal, hpv(first_day, "negative")}), now);
        rows.both(12, "3", result + ", normal when made again",
                  woman({abnormal, cytology(later_day, "NILM")}), now);
    }
}

void normal_colposcopy(WhoRows& rows) {
    for (const auto& [what, events] :
         {std::pair{"LSIL", Words{cytology(first_day, "LSIL")}},
          std::pair{"HSIL", Words{cytology(first_day, "HSIL")}},
          std::pair{"ASC-US with HPV positive",
                    Words{cytology(first_day, "ASC-US"), hpv(first_day, "positive")}}}) {
        auto same = events;
        same.push_back(colposcopy(first_day, "normal"));
        auto later = events;
        later.push_back(colposcopy(later_day, "normal"));
        rows.both(13, "3", std::string(what) + " and normal colposcopy of one visit", woman(same),
                  "hpv_test|surveillance 2025-03-10 = in_follow_up");
        rows.both(13, "3", std::string(what) + ", then normal colposcopy", woman(later),
                  "hpv_test|surveillance 2025-04-20 = in_follow_up");
    }
    const Words negative{cytology("2022-03-10", "LSIL"), colposcopy("2022-04-20", "normal"),
                         hpv("2023-04-25", "negative")};
    rows.general(13, "3", "the HPV test of a year later is negative", woman(negative),
                 "screening|cytology|hpv_test 2026-04-25 = up_to_date or "
                 "screening|hpv_test 2028-04-25 2033-04-25 up_to_date");
    rows.hiv(13, "3", "the HPV test of a year later is negative", woman(negative),
             "screening|cytology|hpv_test 2026-04-25 ? up_to_date");
}

void by_hpv(WhoRows& rows) {
    const std::string test = "screening|hpv_test ";
    const auto negative = woman({hpv(first_day, "negative")});
    const auto twice = woman({hpv("2018-03-01", "negative"), hpv(first_day, "negative")});
    const auto in_five = test + "2029-03-10 2034-03-10 up_to_date";
    const auto in_three = test + "2027-03-10 2029-03-10 up_to_date";
    const auto hiv_number = [](const std::string& algorithm) {
        return algorithm == "4" ? 15 : algorithm == "5" ? 17 : algorithm == "6" ? 19 : 21;
    };
    for (const std::string algorithm : {"2", "4", "5", "6", "7"}) {
        const int number = algorithm == "2" ? 4 : hiv_number(algorithm) - 1;
        rows.general(number, algorithm, "HPV negative", negative, in_five);
        rows.general(number, algorithm, "HPV negative again", twice, in_five);
        rows.general(number, algorithm, "HPV negative five years ago",
                     woman_on("2029-03-10", {hpv(first_day, "negative")}),
                     test + "2029-03-10 2034-03-10 due");
        if (algorithm == "2") continue;
        rows.hiv(number + 1, algorithm, "HPV negative", negative, in_three);
        rows.hiv(number + 1, algorithm, "HPV negative again", twice, in_three);
    }
    for (const Words& types : {Words{}, Words{"16"}, Words{"52", "58"}}) {
        const auto positive = hpv(first_day, "positive", types);
        rows.general(5, "2", "HPV positive", woman({positive}), assessed(first_day));
        rows.general(5, "2", "HPV positive after a negative one",
                     woman({hpv("2018-03-01", "negative"), positive}), assessed(first_day));
        rows.both(24, "5", "HPV positive", woman({positive}), "via 2024-03-10 soon in_follow_up");
        rows.both(29, "6", "HPV positive", woman({positive}), colposcopy_of_first);
        rows.both(29, "6", "HPV positive, cytology is normal",
                  woman({positive, cytology(later_day, "NILM")}), colposcopy_of_first);
        rows.both(30, "7", "HPV positive", woman({positive}),
                  "cytology 2024-03-10 soon in_follow_up");
    }
}

void by_type(WhoRows& rows) {
    const std::string viewed = "via 2024-03-10 soon in_follow_up";
    for (const Words& types : {Words{"16"}, Words{"18"}, Words{"18", "52"}}) {
        const auto positive = hpv(first_day, "positive", types);
        rows.both(22, "4", "HPV " + types.front(), woman({positive}), assessed(first_day));
        rows.both(22, "4", "HPV " + types.front() + ", VIA negative on the same day",
                  woman({positive, via(first_day, "negative")}), assessed(first_day));
        rows.both(22, "4", "HPV " + types.front() + ", then VIA negative",
                  woman({positive, via(later_day, "negative")}), assessed(first_day));
    }
    rows.both(22, "4", "HPV 45", woman({hpv(first_day, "positive", {"45"})}),
              assessed(first_day) + " or " + viewed);
    for (const std::string type : {"31", "52", "68", "other_hr"})
        rows.both(23, "4", "HPV " + type, woman({hpv(first_day, "positive", {type})}), viewed);
}

/// Row 23 sends the women of algorithm 4 along algorithm 5.
void triage_by_via(WhoRows& rows) {
    const std::string again = "hpv_test|surveillance ";
    for (const std::string algorithm : {"4", "5"}) {
        const auto positive = hpv(first_day, "positive", {"52"});
        for (const auto& [day, in_one, in_two] :
             {std::tuple{first_day, "2025-03-10", "2026-03-10"},
              std::tuple{later_day, "2025-04-20", "2026-04-20"}}) {
            const auto on = " on " + day;
            const auto negative = woman({positive, via(day, "negative")});
            rows.general(25, algorithm, "HPV positive, VIA negative" + on, negative,
                         again + in_two + " = in_follow_up");
            rows.hiv(26, algorithm, "HPV positive, VIA negative" + on, negative,
                     again + in_one + " = in_follow_up");
            rows.both(27, algorithm, "HPV positive, VIA positive" + on,
                      woman({positive, via(day, "positive")}), assessed(day));
            rows.both(28, algorithm, "HPV positive, VIA suspicious" + on,
                      woman({positive, via(day, "suspected_cancer")}), evaluated(day));
        }
    }
}

void triage_by_cytology(WhoRows& rows) {
    const std::string again = "hpv_test|surveillance ";
    const auto positive = hpv(first_day, "positive");
    for (const auto& [day, in_one, in_two] : {std::tuple{first_day, "2025-03-10", "2026-03-10"},
                                              std::tuple{later_day, "2025-04-20", "2026-04-20"}}) {
        const auto on = " on " + day;
        const auto normal = woman({positive, cytology(day, "NILM")});
        rows.general(31, "7", "HPV positive, normal cytology" + on, normal,
                     again + in_two + " = in_follow_up");
        rows.hiv(32, "7", "HPV positive, normal cytology" + on, normal,
                 again + in_one + " = in_follow_up");
        for (const std::string result : {"ASC-US", "LSIL", "ASC-H", "HSIL", "AGC", "AIS"})
            rows.both(33, "7", "HPV positive, " + result + on,
                      woman({positive, cytology(day, Words{result})}),
                      "colposcopy " + day + " soon in_follow_up");
    }
}

void repeated_hpv(WhoRows& rows) {
    for (const std::string triage_day : {"2021-03-10", "2021-04-20"}) {
        const auto positive = hpv("2021-03-10", "positive", {"52"});
        const auto normal = cytology(triage_day, "NILM");
        const auto on = ", triage on " + triage_day;
        const auto general = [&](const std::string& triage, const std::string& result) {
            return woman({positive, triage, hpv("2023-04-25", result)});
        };
        const auto hiv = [&](const std::string& triage, const std::string& result) {
            return woman({positive, triage, hpv("2022-04-25", result)});
        };
        rows.general(34, "7", "the HPV test of two years later is negative" + on,
                     general(normal, "negative"),
                     "screening|hpv_test 2028-04-25 2033-04-25 up_to_date");
        rows.hiv(34, "7", "the HPV test of a year later is negative" + on, hiv(normal, "negative"),
                 "screening|hpv_test 2025-04-25 2027-04-25 up_to_date");
        rows.general(35, "7", "the HPV test of two years later is positive" + on,
                     general(normal, "positive"), "colposcopy 2023-04-25 soon in_follow_up");
        rows.hiv(35, "7", "the HPV test of a year later is positive" + on, hiv(normal, "positive"),
                 "colposcopy 2022-04-25 soon in_follow_up");
        for (const std::string algorithm : {"4", "5"}) {
            const auto seen = via(triage_day, "negative");
            const std::string something =
                "!none|screening|surveillance !- ? in_follow_up|clinician_decides";
            rows.general(34, algorithm, "the same after VIA (recommendation 11)" + on,
                         general(seen, "negative"),
                         "screening|hpv_test 2028-04-25 2033-04-25 up_to_date");
            rows.hiv(34, algorithm, "the same after VIA (recommendation 31)" + on,
                     hiv(seen, "negative"), "screening|hpv_test 2025-04-25 2027-04-25 up_to_date");
            rows.general(35, algorithm, "positive again after VIA: the programme's choice" + on,
                         general(seen, "positive"), something);
            rows.hiv(35, algorithm, "positive again after VIA: the programme's choice" + on,
                     hiv(seen, "positive"), something);
        }
    }
}

SourceRows first_rows() {
    WhoRows rows;
    by_via(rows);
    by_cytology(rows);
    normal_colposcopy(rows);
    by_hpv(rows);
    by_type(rows);
    triage_by_via(rows);
    triage_by_cytology(rows);
    repeated_hpv(rows);
    return rows.all();
}

}  // namespace

SourceRows who_rows() {
    auto rows = first_rows();
    const auto care = who_care_rows();
    rows.insert(rows.end(), care.begin(), care.end());
    return rows;
}

TEST_SUITE("registry/rules/screening/who_rows") {
    TEST_CASE("every row of the table's algorithms is answered as it says") {
        for (const std::string algorithm : {"1", "2", "3", "4", "5", "6", "7"})
            check_rows(first_rows(), pathway_of("who-cervical-2021", algorithm), algorithm);
    }

    TEST_CASE("no row of the table is left out") { check_numbers(who_rows(), 1, 76); }
}

}  // namespace egret::tests
