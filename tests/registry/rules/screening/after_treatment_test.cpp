// What a treatment, its specimen, and what a woman merely tells of tissue leave open.

#include "tests/support/screening_person.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::tests {
namespace {

constexpr auto guideline = "cn-clinical-cervical-2023";
constexpr auto who = "who-cervical-2021";
constexpr auto breast = "cn-breast-2021";
constexpr auto china = "cn-cervical-2021";

std::string on_left(const std::string& date, const std::string& procedure) {
    return event("treatment", date, {{"procedure", procedure}, {"site", "breast_left"}});
}

std::string left_tissue(const std::string& date, const std::string& result) {
    return histology(date, result, "breast_left");
}

std::string punch(const std::string& date, const std::string& result) {
    return event("histology", date, {{"taken_by", "punch"}}, "results", {result});
}

/// What is open in the summer of 2024.
std::string open_in(const char* pack, const Words& events) {
    return open_of(pathway_of(pack), "2024-06-01", events);
}

bool has(const std::string& open, const std::string& action) {
    return open.find(action + ' ') != std::string::npos;
}

TEST_SUITE("registry/rules/screening/after_treatment") {
    TEST_CASE("tissue that she merely tells of takes no tissue away that is owed") {
        const auto negative = hpv("2024-04-05", "negative");
        for (const auto* pack : {china, who, guideline}) {
            CAPTURE(pack);
            const std::string tissue = pack == std::string(who) ? "biopsy" : "histology";
            for (const std::string day : {"2023-01-10", "2023-01-11"}) {
                CHECK(has(open_in(pack, {colposcopy("2023-01-10", "suspected_cancer"),
                                         told(histology(day, "CIN1")), negative}),
                          tissue));
                CHECK(open_in(pack, {cytology("2023-01-10", "SCC"), told(histology(day, "CIN1")),
                                     negative}) != "");
            }
            CHECK(has(open_in(pack, {colposcopy("2023-01-10", "suspected_cancer"),
                                     told(histology("2023-01-10", "CIN2")),
                                     treatment("2023-03-20", "cryotherapy", "CIN2"), negative}),
                      tissue));
            const auto open =
                open_in(pack, {cytology("2023-01-10", "SCC"), told(histology("2023-01-10", "CIN2")),
                               treatment("2023-03-20", "cryotherapy", "CIN2"), negative});
            CAPTURE(open);
            CHECK(has(open, "treatment"));
        }
        const auto open = open_in(
            breast, {ultrasound("2023-01-10", "5"), told(left_tissue("2023-01-10", "LCIS")),
                     on_left("2023-02-01", "endocrine_therapy"), ultrasound("2024-03-01", "2")});
        CAPTURE(open);
        CHECK((has(open, "biopsy") || has(open, "treatment")));
    }

    TEST_CASE("what she tells of alone is treated as she tells it") {
        CHECK(open_in(china, {told(histology("2023-01-10", "CIN2")),
                              treatment("2023-03-20", "cryotherapy", "CIN2")}) ==
              "surveillance 2024-03-20");
    }

    TEST_CASE("tissue of the day after an ablation tells what that left") {
        for (const auto* pack : {china, who, guideline}) {
            CAPTURE(pack);
            for (const auto& known : {punch("2023-01-14", "CIN2"), punch("2023-01-14", "CIN3"),
                                      told(histology("2020-01-10", "CIN2"))}) {
                CHECK(has(open_in(pack, {known, treatment("2023-01-31", "cryotherapy", "CIN2"),
                                         histology("2023-02-01", "AIS")}),
                          pack == std::string(who) ? "excision" : "treatment"));
            }
        }
    }

    TEST_CASE("a cancer that was treated and followed up is none that was known") {
        const Words old = {left_tissue("2022-02-01", "invasive"),
                           on_left("2022-03-01", "lumpectomy")};
        const auto after = [&](const Words& more) {
            auto events = old;
            events.insert(events.end(), more.begin(), more.end());
            return open_in(breast, events);
        };
        const auto cut = on_left("2023-03-20", "excision");
        const auto specimen = left_tissue("2023-03-20", "invasive");
        CHECK(has(after({ultrasound("2023-03-10", "4a"), cut, specimen}), "treatment"));
        CHECK(has(after({ultrasound("2023-03-10", "4a"), left_tissue("2023-03-15", "benign"), cut,
                         left_tissue("2023-03-21", "invasive")}),
                  "treatment"));
        // Not followed up in time, and suspected anew; also on the day of the operation.
        CHECK(has(after({ultrasound("2022-09-10", "4a"), on_left("2022-09-20", "excision"),
                         left_tissue("2022-09-20", "invasive")}),
                  "treatment"));
        CHECK(has(after({ultrasound("2022-09-20", "4a"), on_left("2022-09-20", "excision"),
                         left_tissue("2022-09-20", "invasive")}),
                  "treatment"));
        CHECK(has(
            open_in(breast,
                    {mammogram("2013-02-01", "6"), on_left("2013-03-01", "lumpectomy"),
                     ultrasound("2014-03-10", "2"), ultrasound("2023-03-10", "4a"), cut, specimen}),
            "treatment"));
        for (const auto* pack : {china, who}) {
            CAPTURE(pack);
            CHECK(has(open_in(pack, {punch("2013-02-01", "cancer"),
                                     treatment("2013-03-20", "radiotherapy"),
                                     hpv("2014-04-01", "negative"), cytology("2023-01-01", "HSIL"),
                                     treatment("2023-02-20", "hysterectomy"),
                                     histology("2023-02-20", "cancer")}),
                      pack == std::string(who) ? "cancer_care" : "treatment"));
        }
    }

    TEST_CASE("a second operation for the same cancer finds what was known") {
        // Therapy first; and what the first operation had left.
        for (const std::string first : {"chemotherapy", "lumpectomy"}) {
            CAPTURE(first);
            CHECK(open_in(breast,
                          {left_tissue("2023-01-09", "invasive"), on_left("2023-02-06", first),
                           on_left("2023-07-03", "lumpectomy"),
                           left_tissue("2023-07-03", "invasive")}) == "surveillance 2024-07-03");
        }
    }

    TEST_CASE("a course of therapy treats no lesion of the cervix, but its cancer") {
        for (const auto* pack : {china, who}) {
            CAPTURE(pack);
            for (const std::string reason : {"lymphoma", "", "CIN3"}) {
                CAPTURE(reason);
                CHECK(has(open_in(pack, {punch("2023-01-10", "CIN3"),
                                         treatment("2023-02-01", "chemotherapy", reason)}),
                          "treatment"));
            }
        }
        const auto treated = [](const std::string& reason) {
            const auto open = open_in(china, {punch("2023-01-10", "cancer"),
                                              treatment("2023-02-01", "radiotherapy", reason)});
            return !has(open, "treatment");
        };
        for (const std::string reason : {"", "cancer", "Cancer", "SCC", "cervical cancer",
                                         "carcinoma of the cervix", "宫颈癌IIB期"})
            CHECK(treated(reason));
        for (const std::string reason : {"lung cancer", "rectal cancer", "淋巴瘤", "benign",
                                         "Hodgkin lymphoma, cervical nodes"})
            CHECK_FALSE(treated(reason));
        CHECK(open_in(china,
                      {punch("2023-01-10", "cancer"), event("treatment", "2023-02-01",
                                                            {{"procedure", "radiotherapy"},
                                                             {"site", "cervix"},
                                                             {"reason", "with rectal cancer"}})}) ==
              "surveillance 2024-02-01");
    }

    TEST_CASE("an excision on the day of a suspicion takes the tissue that is asked for") {
        for (const std::string day : {"2023-02-01", "2023-02-02", "2023-02-04"}) {
            CAPTURE(day);
            for (const auto& found :
                 {colposcopy("2023-02-01", "suspected_cancer"), cytology("2023-02-01", "SCC")}) {
                CHECK(has(open_in(china, {found, treatment(day, "leep")}), "surveillance"));
                const auto open = open_in(
                    china, {found, treatment(day, "leep"), histology("2023-02-12", "CIN3")});
                CHECK(open == "surveillance " + Date::parse(day)->plus_years(1).to_string());
                CHECK(has(open_in(china, {found, treatment(day, "leep"),
                                          histology("2023-02-12", "cancer")}),
                          "treatment"));
            }
            CHECK(has(open_in(china, {colposcopy("2023-02-01", "suspected_cancer"),
                                      treatment(day, "leep")}),
                      "histology"));
        }
    }

    TEST_CASE("a treatment is followed up, whatever tissue is owed beside") {
        for (const std::string reason : {"", "CIN2"}) {
            CHECK(open_in(china,
                          {cytology("2023-10-09", "HSIL"), colposcopy("2023-10-26", "high_grade"),
                           treatment("2023-10-27", "thermal_ablation", reason)}) ==
                  "histology 2023-10-26, surveillance 2024-10-27");
        }
    }

    TEST_CASE("a suspicion takes no treatment away that tissue has asked for, told or not") {
        const auto suspected = colposcopy("2023-03-01", "suspected_cancer");
        const auto less = punch("2023-03-10", "CIN1");
        for (const auto* pack : {china, guideline, who}) {
            CAPTURE(pack);
            const std::string treated = pack == std::string(who) ? "cancer_care" : "treatment";
            CHECK(has(open_in(pack, {told(histology("2023-01-10", "cancer")), suspected, less}),
                      treated));
            CHECK(has(open_in(pack, {told(histology("2023-01-10", "cancer")),
                                     punch("2023-02-10", "CIN3"), suspected, less}),
                      treated));
        }
        for (const std::string algorithm : {"1", "2", "4", "5"}) {
            CAPTURE(algorithm);
            CHECK(open_of(pathway_of(who, algorithm), "2024-06-01",
                          {via("2023-01-20", "positive"),
                           colposcopy_of_zone("2023-01-20", "low_grade", 3),
                           punch("2023-02-10", "CIN3"), suspected, less})
                      .find("excision") != std::string::npos);
        }
    }

    TEST_CASE("what she tells of is no cancer that was known, and less tissue proves nothing") {
        const auto course =
            event("treatment", "2023-04-01", {{"procedure", "radiotherapy"}, {"site", "cervix"}});
        for (const auto* pack : {china, guideline}) {
            CAPTURE(pack);
            CHECK(has(
                open_in(pack, {told(histology("2023-01-10", "cancer")), punch("2023-02-10", "CIN2"),
                               cytology("2023-03-01", "SCC"), course}),
                "treatment"));
            CHECK(has(
                open_in(pack, {told(histology("2023-01-10", "cancer")), punch("2023-02-10", "CIN3"),
                               treatment("2023-03-01", "hysterectomy"),
                               histology("2023-03-01", "cancer")}),
                "treatment"));
        }
        // WHO treats what a test found: tissue that shows less proves no lesion.
        const Words found{treatment("2022-01-10", "leep", "CIN3"),
                          hpv("2023-01-20", "positive", {"16"}), punch("2023-01-20", "benign"),
                          cytology("2023-02-10", "HSIL"),
                          treatment("2023-03-01", "cryotherapy", "HPV positive")};
        const auto open = open_in(who, found);
        CAPTURE(open);
        CHECK(open.find("treatment") != std::string::npos);
    }

    TEST_CASE("of what she tells one thing takes no other away") {
        CHECK(has(
            open_in(china, {told(colposcopy("2023-01-10", "suspected_cancer")),
                            told(histology("2023-01-10", "CIN1")), hpv("2024-04-05", "negative")}),
            "histology"));
        CHECK(has(
            open_in(china, {told(cytology("2023-01-10", "SCC")),
                            told(histology("2023-01-11", "CIN1")), hpv("2024-04-05", "negative")}),
            "colposcopy"));
    }

    TEST_CASE("neither a curettage nor what she tells keeps a specimen from being one") {
        const auto looked = colposcopy("2023-02-01", "high_grade");
        const auto cut = treatment("2023-02-01", "leep");
        const auto specimen = histology("2023-02-10", "CIN3");
        const auto curetted = [](const std::string& day, const std::string& result) {
            return event("histology", day, {{"taken_by", "ecc"}}, "results", {result});
        };
        const std::string followed = "surveillance 2024-02-01";
        for (const auto* pack : {china, guideline, who}) {
            CAPTURE(pack);
            const auto open = [&](const Words& events) {
                return open_of(pathway_of(pack), "2023-06-01", events);
            };
            const auto usual = open({looked, cut, specimen});
            CHECK(usual.find("treatment") == std::string::npos);
            CHECK(open({looked, curetted("2023-02-01", "benign"), cut, specimen}) == usual);
            CHECK(open({looked, cut, specimen, curetted("2023-02-10", "benign")}) == usual);
            CHECK(open({looked, cut, told(histology("2023-02-06", "CIN3")), specimen}) == usual);
            CHECK(open({looked, cut, specimen, curetted("2023-02-10", "CIN3")}).find("treatment") !=
                  std::string::npos);
            CHECK(open({looked, curetted("2023-02-01", "CIN3"), cut, specimen}) != "");
        }
        // A curettage that found nothing tells nothing of what is suspected.
        CHECK(has(open_in(china, {colposcopy("2023-02-01", "suspected_cancer"),
                                  curetted("2023-02-01", "benign"), cut}),
                  "histology"));
        CHECK(open_of(pathway_of(china), "2023-06-01",
                      {colposcopy("2023-02-01", "suspected_cancer"),
                       told(histology("2023-02-01", "CIN1")), cut, specimen}) == followed);
    }

    TEST_CASE("a biopsy of an operation's day is no report of its specimen") {
        for (const auto* pack : {china, guideline}) {
            CAPTURE(pack);
            for (const std::string result : {"insufficient", "CIN1", "benign"}) {
                CAPTURE(result);
                const auto curetted =
                    event("histology", "2023-02-01", {{"taken_by", "ecc"}}, "results", {result});
                CHECK_FALSE(has(open_in(pack, {colposcopy("2023-02-01", "high_grade"),
                                               treatment("2023-02-01", "leep"), curetted,
                                               histology("2023-02-10", "CIN3")}),
                                "treatment"));
            }
            CHECK_FALSE(has(
                open_in(pack, {colposcopy("2023-02-01", "high_grade"), punch("2023-02-01", "CIN3"),
                               treatment("2023-02-01", "leep"), histology("2023-02-10", "CIN3")}),
                "treatment"));
            // A punch biopsy after it is a new one.
            CHECK(has(open_in(pack, {punch("2023-01-10", "CIN3"), treatment("2023-02-01", "leep"),
                                     punch("2023-04-10", "CIN3")}),
                      "treatment"));
        }
    }

    TEST_CASE("what tissue proved to be cancer is treated by what treats that, whatever is seen") {
        const auto course =
            event("treatment", "2023-02-01", {{"procedure", "radiotherapy"}, {"site", "cervix"}});
        for (const auto& seen : {colposcopy("2023-01-20", "high_grade"),
                                 cytology("2023-01-20", "HSIL"), via("2023-01-20", "positive")})
            CHECK_FALSE(
                has(open_in(china, {punch("2023-01-10", "cancer"), seen, course}), "treatment"));
        CHECK_FALSE(has(
            open_in(breast, {left_tissue("2023-01-10", "invasive"), ultrasound("2023-01-18", "5"),
                             on_left("2023-02-01", "chemotherapy")}),
            "treatment"));
        // And what an operation takes out after therapy may show less.
        CHECK_FALSE(has(
            open_in(breast,
                    {left_tissue("2023-01-10", "invasive"), on_left("2023-02-01", "chemotherapy"),
                     on_left("2023-05-10", "lumpectomy"), left_tissue("2023-05-10", "DCIS")}),
            "treatment"));
    }

    TEST_CASE(
        "images and examinations amid therapy make no new cancer of the one that is treated") {
        const Words known = {left_tissue("2023-01-10", "invasive"),
                             on_left("2023-02-01", "chemotherapy")};
        const auto after = [&](const std::string& amid) {
            auto events = known;
            events.insert(events.end(), {amid, on_left("2023-05-10", "lumpectomy"),
                                         left_tissue("2023-05-10", "invasive")});
            return open_in(breast, events);
        };
        for (const auto& amid :
             {event("breast_exam", "2023-05-09",
                    {{"left", "abnormal"}, {"right", "normal"}, {"result", "abnormal"}}),
              ultrasound("2023-04-20", "3"), ultrasound("2023-04-20", "5"),
              mammogram("2023-04-20", "6")}) {
            CAPTURE(amid);
            CHECK_FALSE(has(after(amid), "treatment"));
        }
        CHECK_FALSE(has(open_in(china, {punch("2023-01-10", "cancer"),
                                        event("treatment", "2023-02-01",
                                              {{"procedure", "chemotherapy"}, {"site", "cervix"}}),
                                        gyn_exam("2023-05-10", "abnormal"),
                                        treatment("2023-05-10", "hysterectomy"),
                                        histology("2023-05-10", "cancer")}),
                        "treatment"));
        // The image of a known cancer asks for no more tissue.
        CHECK_FALSE(has(
            open_in(breast, {left_tissue("2023-01-10", "invasive"), mammogram("2023-01-18", "6"),
                             on_left("2023-02-01", "chemotherapy")}),
            "treatment"));
    }

    TEST_CASE("a senior review is of the breasts for which one is owed") {
        // Recorded twice.
        CHECK(has(open_in(breast, {mammogram("2023-03-31", "1", "3"), ultrasound("2024-01-29", "3"),
                                   senior_review("2024-02-06", "other"),
                                   senior_review("2024-02-06", "other")}),
                  "mammography"));
        // Both mammograms, whatever an image of one has shown since.
        CHECK(open_in(breast, {mammogram("2022-01-20", "0", "0"), ultrasound("2022-01-24", "3"),
                               senior_review("2022-01-30", "short_follow_up"),
                               ultrasound("2022-08-01", "2")}) == "");
        const auto open = open_in(
            breast, {mammogram("2023-01-20", "3", "3"), told(ultrasound("2023-01-22", "3")),
                     senior_review("2023-01-25", "biopsy"), left_tissue("2023-02-01", "benign")});
        CHECK(has(open, "biopsy"));
        CHECK_FALSE(has(open, "senior_review"));
        // One was to be reviewed, and the other has an ultrasound that asks for something else.
        CHECK_FALSE(
            has(open_in(breast, {mammogram("2023-01-20", "3"), ultrasound("2023-01-21", "1", "3"),
                                 senior_review("2023-01-25", "biopsy")}),
                "senior_review"));
    }

    TEST_CASE("a review before the image that it is of leaves that owed") {
        const auto open = open_in(breast, {ultrasound("2023-10-08", "3", "0"),
                                           senior_review("2023-10-15", "short_follow_up")});
        CHECK(open ==
              "mammography 2023-10-08, mammography 2023-10-08, surveillance 2024-04-15, "
              "surveillance 2024-04-15");
    }
}

}  // namespace
}  // namespace egret::tests
