// Women of no published row, who come to the rows that the packs have beside them: what can't be
// used, what another programme found, who is no woman or has nothing to be screened.

#include "tests/registry/rules/screening/who_builder.h"

#include <doctest/doctest.h>

namespace egret::tests {
namespace {

const std::string first_day = "2024-03-10";
const std::string later_day = "2024-04-20";

const std::string inadequate_colposcopy =
    R"({"type":"colposcopy","date":"2024-03-10","impression":"normal","adequate":false})";
const std::string histology_again = "histology|biopsy 2024-03-10 soon in_follow_up";
const std::string colposcopy_now = "colposcopy 2024-03-10 soon in_follow_up";
const std::string cytology_again = "cytology 2024-03-10 soon in_follow_up";
const std::string hpv_again = "hpv_test 2024-03-10 soon in_follow_up";
const std::string looked_at = "review 2024-03-10 soon no_rule";
const std::string treated_now = "treatment|excision|repeat_excision 2024-03-10 ? in_follow_up";
const std::string punch_biopsy =
    R"({"type":"histology","date":"2024-03-10","results":["CIN3"],"taken_by":"punch"})";
const std::string excluded = "none - - excluded";

std::string person_of_sex(const std::string& sex, const Words& events = {}) {
    WomanLine line{events, {}};
    line.sex = sex;
    return line.text();
}

/// What all cervical packs say of those whom they aren't for, and of what can't be used.
SourceRows of_any_cervix(const std::string& algorithm) {
    const auto asked = "clinician_decides !- ? clinician_decides";
    return {
        {0, "sex not known", person_of_sex("unknown"), asked, algorithm},
        {0, "a man", person_of_sex("male"), excluded, algorithm},
        {0, "no cervix, nothing known of before", woman({}, {flag("no_cervix", "2020-01-01")}),
         excluded, algorithm},
        {0, "too little tissue", woman({histology(first_day, "insufficient")}), histology_again,
         algorithm},
        {0, "colposcopy without a result", woman({colposcopy(first_day, "")}), colposcopy_now,
         algorithm},
        {0, "inadequate colposcopy", woman({inadequate_colposcopy}), colposcopy_now, algorithm},
        {0, "unsatisfactory cytology", woman({cytology(first_day, "UNSAT")}), cytology_again,
         algorithm},
        {0, "cytology whose result isn't known", woman({cytology(first_day, Words{})}),
         cytology_again, algorithm},
        {0, "invalid HPV test", woman({hpv(first_day, "invalid")}), hpv_again, algorithm},
        {0, "HPV test whose result isn't known", woman({hpv(first_day, "unknown")}), hpv_again,
         algorithm},
        {0, "endometrial cells, of which the guideline doesn't speak",
         woman({cytology(first_day, "BEC")}), looked_at, algorithm},
        {0, "after an ablation, which leaves no tissue, a biopsy shows CIN 3",
         woman({treatment("2024-02-10", "cryotherapy"), histology(first_day, "CIN3")}), treated_now,
         algorithm},
        {0, "after an excision a biopsy under the colposcope shows CIN 3",
         woman({treatment("2024-02-10", "leep"), punch_biopsy}), treated_now, algorithm},
        {0, "the eye sees something", woman({gyn_exam(first_day, "abnormal")}), colposcopy_now,
         algorithm},
        {0, "a normal examination alone", woman({gyn_exam(first_day, "normal")}),
         "screening !- ? due", algorithm},
    };
}

}  // namespace

SourceRows china_cervical_extras() {
    auto rows = of_any_cervix("");
    rows.push_back({0, "HPV positive and unsatisfactory cytology",
                    woman({hpv(first_day, "positive", {"52"}), cytology(first_day, "UNSAT")}),
                    cytology_again});
    rows.push_back({0, "the specimen of an excision, read later",
                    woman({hpv("2024-01-10", "positive", {"16"}), treatment("2024-02-10", "leep"),
                           histology(first_day, "CIN3")}),
                    "surveillance|hpv_test|cotest 2025-02-10 = in_follow_up"});
    for (const std::string result : {"positive", "suspected_cancer"})
        rows.push_back({0, "VIA " + result, woman({via(first_day, result)}), colposcopy_now});
    for (const std::string result : {"negative", "invalid"})
        rows.push_back({0, "VIA " + result + ", which is no test of this plan",
                        woman({via(first_day, result)}), "screening 2024-03-10 ? due"});
    return rows;
}

SourceRows china_breast_extras() {
    const auto treated = "treatment|cancer_care 2024-03-10 soon in_follow_up";
    const auto without_result = [](const std::string& type) { return event(type, first_day, {}); };
    return {
        {0, "sex not known", person_of_sex("unknown"), "clinician_decides !- ? clinician_decides"},
        {0, "a man", person_of_sex("male"), excluded},
        {0, "both breasts taken off",
         woman({}, {flag("mastectomy_left"), flag("mastectomy_right")}), excluded},
        {0, "mammogram of known cancer", woman({mammogram(first_day, "6")}), treated},
        {0, "ultrasound of known cancer", woman({ultrasound(first_day, "6")}), treated},
        {0, "too little tissue", woman({histology(first_day, "insufficient", "breast_left")}),
         histology_again},
        {0, "benign tissue", woman({histology(first_day, "benign", "breast_left")}),
         "clinician_decides 2024-03-10 soon clinician_decides"},
        {0, "mammogram without a result", woman({without_result("mammogram")}),
         "mammography 2024-03-10 soon in_follow_up"},
        {0, "ultrasound without a result", woman({without_result("breast_ultrasound")}),
         "breast_ultrasound 2024-03-10 soon in_follow_up"},
        {0, "palpation alone", woman({breast_exam(first_day, "normal")}), "screening !- ? due"},
    };
}

SourceRows china_guideline_extras() {
    auto rows = of_any_cervix("");
    const std::string in_a_year = "surveillance|hpv_test|cotest 2025-03-10 = in_follow_up";
    const std::string treated = "treatment|excision|cancer_care 2024-03-10 soon in_follow_up";
    const SourceRows more{
        {0, "cancer in the histology", woman({histology(first_day, "cancer")}), treated},
        {0, "cancer that an excision showed",
         woman({treatment(first_day, "leep"), histology(first_day, "cancer")}), treated},
        {0, "CIN 3", woman({histology(first_day, "CIN3")}), treated},
        {0, "benign histology", woman({histology(first_day, "benign")}), in_a_year},
        {0, "normal colposcopy", woman({colposcopy(first_day, "normal")}), in_a_year},
        {0, "abnormal colposcopy", woman({colposcopy(first_day, "low_grade")}), histology_again},
        {0, "colposcopy suspicious of cancer", woman({colposcopy(first_day, "suspected_cancer")}),
         histology_again},
        {0, "VIA positive", woman({via(first_day, "positive")}), colposcopy_now},
        {0, "VIA suspects cancer", woman({via(first_day, "suspected_cancer")}),
         "colposcopy 2024-03-10 2024-03-24 in_follow_up"},
        {0, "VIA negative, which is no test of this guideline", woman({via(first_day, "negative")}),
         "screening 2024-03-10 ? due"},
        {0, "invalid VIA", woman({via(first_day, "invalid")}), "screening 2024-03-10 ? due"},
    };
    rows.insert(rows.end(), more.begin(), more.end());
    rows.push_back({0, "the specimen of an excision, read later",
                    woman({hpv("2024-01-10", "positive", {"16"}), treatment("2024-02-10", "leep"),
                           histology(first_day, "CIN3")}),
                    "surveillance|hpv_test|cotest 2025-02-10 = in_follow_up"});
    rows.push_back({0, "no cervix after CIN 3, and no operation on record",
                    woman({histology("2016-01-10", "CIN3")}, {flag("no_cervix")}),
                    "clinician_decides !- ? clinician_decides"});
    rows.push_back({0, "a smear of the vault, some months after hysterectomy for CIN 3, shows HSIL",
                    woman({histology("2023-06-12", "CIN3"), treatment("2023-07-10", "hysterectomy"),
                           cytology(first_day, "HSIL")},
                          {flag("no_cervix", "2023-07-10")}),
                    colposcopy_now});
    return rows;
}

SourceRows who_extras() {
    WhoRows rows;
    for (const auto& row : of_any_cervix("7"))
        rows.general(0, "7", row.what, row.person, row.expected);
    rows.both(0, "7", "benign histology", woman({histology(first_day, "benign")}),
              "hpv_test|surveillance 2025-03-10 = in_follow_up");
    rows.both(0, "6", "normal colposcopy after HPV positive",
              woman({hpv(first_day, "positive"), colposcopy(later_day, "normal")}),
              "hpv_test|surveillance 2025-04-20 = in_follow_up");
    rows.both(0, "1", "invalid VIA", woman({via(first_day, "invalid")}),
              "via 2024-03-10 soon in_follow_up");
    rows.both(0, "3", "an HPV test of another programme is positive",
              woman({hpv(first_day, "positive")}), looked_at);
    rows.both(0, "7", "VIA of another programme is positive", woman({via(first_day, "positive")}),
              colposcopy_now);
    rows.both(0, "5", "to be treated, and the look can't tell whether ablation is possible",
              woman({hpv("2024-02-10", "positive"), via("2024-02-10", "positive"),
                     inadequate_colposcopy}),
              "excision 2024-03-10 2024-09-10 in_follow_up");
    rows.both(0, "3", "abnormal cytology a year after treatment",
              woman_on("2023-06-01",
                       {cytology("2022-03-10", "HSIL"), colposcopy("2022-04-01", "high_grade"),
                        histology("2022-04-10", "CIN2"), treatment("2022-04-20", "leep"),
                        cytology("2023-04-25", "LSIL")}),
              "excision|repeat_excision|treatment 2023-04-25 2023-10-25 in_follow_up");
    rows.both(0, "7", "the specimen of an excision, read later",
              woman({hpv("2024-01-10", "positive"), treatment("2024-02-10", "leep"),
                     histology(first_day, "CIN3")}),
              "surveillance|hpv_test|cotest 2025-02-10 = in_follow_up");
    // What the table doesn't speak of is looked at beside the triage that it asks for.
    const auto with_bec = woman({hpv(first_day, "positive", {"52"}), cytology(first_day, "BEC")});
    rows.both(0, "45", "HPV positive, with endometrial cells in the cytology", with_bec,
              "via 2024-03-10 soon in_follow_up");
    rows.both(0, "7", "HPV positive, with endometrial cells in the cytology", with_bec,
              cytology_again);
    rows.both(0, "6", "abnormal colposcopy", woman({colposcopy(first_day, "low_grade")}),
              histology_again);
    rows.both(
        0, "7", "VIA positive a year after treatment",
        woman_on("2023-06-01", {treatment("2022-04-20", "leep"), via("2023-04-25", "positive")}),
        "excision|repeat_excision|treatment 2023-04-25 2023-10-25 in_follow_up");
    const auto hpv_16 = hpv("2024-02-10", "positive", {"16"});
    rows.both(0, "3", "HPV of another programme, and a test that can't see it",
              woman({hpv("2024-03-10", "positive", {"16"}), cytology("2024-03-10", "NILM"),
                     cytology(later_day, "NILM")}),
              looked_at);
    rows.both(0, "7", "triage by cytology that came with another HPV test, negative",
              woman({hpv_16, hpv(first_day, "negative"), cytology(first_day, "NILM")}),
              "hpv_test 2025-03-10|2026-03-10 = in_follow_up");
    rows.both(0, "5", "triage by VIA that came with another HPV test, negative",
              woman({hpv_16, hpv(first_day, "negative"), via(first_day, "negative")}),
              "hpv_test 2025-03-10|2026-03-10 = in_follow_up");
    rows.both(0, "7", "HPV positive while VIA is to be repeated: the one doesn't do the other",
              woman({via("2024-02-10", "invalid"), hpv(first_day, "positive", {"16"}),
                     via(later_day, "negative")}),
              cytology_again);
    rows.both(0, "7", "two negative tests, and a precancer between them",
              woman_born("1968-03-04",
                         {hpv("2015-01-01", "negative"), hpv("2020-01-01", "positive", {"16"}),
                          histology("2020-03-01", "CIN3"), treatment("2020-06-01", "leep"),
                          hpv("2021-07-01", "negative")}),
              "!none ? ? !exited");
    rows.both(0, "7", "70 years old, never screened", woman_born("1954-01-20", {}), excluded);
    return rows.all();
}

TEST_SUITE("registry/rules/screening/extra_persons") {
    TEST_CASE("what the tables don't speak of is answered, and never as a negative test") {
        check_rows(china_cervical_extras(), pathway_of("cn-cervical-2021"));
        check_rows(china_breast_extras(), pathway_of("cn-breast-2021"));
        check_rows(china_guideline_extras(), pathway_of("cn-clinical-cervical-2023"));
        for (const std::string algorithm : {"1", "2", "3", "4", "5", "6", "7"})
            check_rows(who_extras(), pathway_of("who-cervical-2021", algorithm), algorithm);
    }
}

}  // namespace egret::tests
