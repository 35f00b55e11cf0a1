// What stands open after a few visits, in each pack: what came of one finding never hides what came
// of another.

#include "tests/support/screening_person.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace egret::tests {
namespace {

constexpr auto guideline = "cn-clinical-cervical-2023";
constexpr auto who = "who-cervical-2021";
constexpr auto breast = "cn-breast-2021";
constexpr auto china = "cn-cervical-2021";

std::string first_action(const rules::Pathway& pathway, const std::string& on, const Words& events,
                         const Words& flags = {}) {
    return std::string(to_string(ask(pathway, woman_on(on, events, flags)).actions.front().code));
}

TEST_SUITE("registry/rules/screening/owed") {
    TEST_CASE("what takes the place of a look is done by what tells as much as the look") {
        for (const std::string algorithm : {"1", "4", "5"}) {
            CAPTURE(algorithm);
            const auto pathway = pathway_of(who, algorithm);
            Words events = {cytology("2024-01-08", "HSIL"), via("2024-02-12", "positive"),
                            treatment("2024-03-11", "cryotherapy", "VIA positive")};
            CHECK(open_of(pathway, "2024-03-12", events).find("treatment") != std::string::npos);
            events.push_back(treatment("2024-04-08", "leep", "HSIL"));
            CHECK(open_of(pathway, "2024-04-09", events) == "surveillance 2025-04-08");
        }
    }

    TEST_CASE("tissue tells what a treatment may be, but not of what it doesn't explain") {
        const auto pathway = pathway_of(china);
        const auto ablated = treatment("2024-03-11", "cryotherapy", "CIN2");
        const auto open = [&](const Words& more) {
            Words events{histology("2024-01-08", "CIN2")};
            events.insert(events.end(), more.begin(), more.end());
            events.push_back(ablated);
            return open_of(pathway, "2024-03-12", events);
        };
        const std::string followed = "surveillance 2025-03-11";
        // CIN 2 is what an HSIL smear or a high-grade look shows.
        CHECK(open({cytology("2024-02-12", "HSIL")}) == followed);
        CHECK(open({colposcopy("2024-02-12", "high_grade")}) == followed);
        for (const char* beyond : {"SCC", "AIS", "AGC", "ADC"}) {
            CAPTURE(beyond);
            const auto smear = cytology("2024-02-12", beyond);
            CHECK(open({smear}).find("treatment") != std::string::npos);
            // Also where the tissue shows less than what is treated.
            CHECK(open({smear, histology("2024-02-27", "CIN2")}) == followed);
            CHECK(open({smear, histology("2024-02-27", "CIN1")}).find("treatment") ==
                  std::string::npos);
        }
        // What she tells of explains nothing.
        CHECK(open_of(
                  pathway, "2024-03-12",
                  {told(histology("2024-01-08", "CIN2")), cytology("2024-02-12", "HSIL"), ablated})
                  .find("treatment") != std::string::npos);
    }

    TEST_CASE("follow-up after a treatment isn't done early by what leads to a test alone") {
        const auto pathway = pathway_of(guideline);
        const Words events = {histology("2024-01-08", "CIN3"),
                              treatment("2024-02-05", "leep", "CIN3"),
                              cytology("2024-04-08", "ASC-US"), hpv("2024-05-06", "negative"),
                              cytology("2024-06-03", "NILM")};
        CHECK(open_of(pathway, "2024-06-04", events) == "surveillance 2025-02-05");
    }

    TEST_CASE("nor by a look, but what was seen there puts it off") {
        const auto pathway = pathway_of(guideline);
        Words events = {histology("2024-01-08", "CIN3"), treatment("2024-02-05", "leep", "CIN3"),
                        cytology("2024-05-06", "HSIL")};
        CHECK(open_of(pathway, "2024-05-07", events) ==
              "colposcopy 2024-05-06, surveillance 2025-02-05");
        events.push_back(colposcopy("2024-06-03", "normal"));
        CHECK(open_of(pathway, "2024-06-04", events) == "surveillance 2025-06-03");
    }

    TEST_CASE("after a second treatment follow-up counts from that") {
        const auto pathway = pathway_of(china);
        const Words events = {
            histology("2024-01-08", "CIN3"), treatment("2024-02-05", "leep", "CIN3"),
            R"({"type":"histology","date":"2024-06-10","results":["CIN3"],"taken_by":"punch"})",
            treatment("2024-07-01", "leep", "CIN3")};
        CHECK(open_of(pathway, "2024-07-02", events) == "surveillance 2025-07-01");
    }

    TEST_CASE("surveillance of a breast after a cancer is ended by its day alone") {
        const auto pathway = pathway_of(breast);
        const Words cancer = {histology("2024-01-08", "invasive", "breast_left"),
                              R"({"type":"treatment","date":"2024-02-05","procedure":"lumpectomy",)"
                              R"("site":"breast_left"})"};
        const auto with = [&](const Words& more) {
            auto all = cancer;
            all.insert(all.end(), more.begin(), more.end());
            return open_of(pathway, "2024-08-01", all);
        };
        const std::string surveillance = "surveillance 2025-02-05";
        const auto holds = [&](const std::string& open) {
            CAPTURE(open);
            return open.find(surveillance) != std::string::npos;
        };
        CHECK(holds(with({mammogram("2024-04-08", "3"),
                          senior_review("2024-04-08", "short_follow_up", "2024-07-01")})));
        CHECK(holds(with({mammogram("2024-04-08", "3"), mammogram("2024-04-08", "1"),
                          senior_review("2024-04-15", "short_follow_up", "2024-07-01")})));
        CHECK(holds(
            with({mammogram("2024-04-08", "4a"), histology("2024-05-06", "benign", "breast_left"),
                  ultrasound("2024-06-03", "2")})));
    }

    TEST_CASE("a woman who has the virus and ASC-US is looked at, also where VIA is the triage") {
        for (const std::string algorithm : {"4", "5"}) {
            CAPTURE(algorithm);
            const auto pathway = pathway_of(who, algorithm);
            const Words events = {hpv("2024-01-08", "positive", {"52"}),
                                  via("2024-02-12", "negative"), cytology("2024-02-12", "ASC-US"),
                                  hpv("2024-03-11", "negative")};
            CHECK(open_of(pathway, "2024-03-12", events).starts_with("colposcopy 2024-02-12"));
        }
    }

    TEST_CASE("follow-up of the vault hides nothing that is open") {
        const auto pathway = pathway_of(guideline);
        const Words operated = {histology("2020-01-06", "CIN3"),
                                treatment("2020-02-03", "hysterectomy", "CIN3")};
        const Words flags = {flag("no_cervix", "2020-02-03")};
        auto events = operated;
        CHECK(first_action(pathway, "2024-06-01", events, flags) == "cotest");
        events.push_back(cytology("2020-05-04", "HSIL"));
        CHECK(first_action(pathway, "2024-06-01", events, flags) == "colposcopy");
    }

    TEST_CASE("two follow-ups of nearly the same day are one, but it isn't put off for ever") {
        const auto pathway = pathway_of(china);
        Words events;
        for (const auto* day : {"2024-01-08", "2024-02-01", "2024-02-25", "2024-03-20"}) {
            events.push_back(hpv(day, "positive", {"52"}));
            events.push_back(cytology(day, "NILM"));
        }
        CHECK(open_of(pathway, "2024-03-21", events) ==
              "surveillance 2025-02-01, surveillance 2025-03-20");
    }

    TEST_CASE("what she only tells of puts nothing off") {
        const auto pathway = pathway_of(china);
        const Words events = {hpv("2024-01-08", "positive", {"52"}), cytology("2024-01-08", "NILM"),
                              told(hpv("2024-02-01", "positive", {"52"})),
                              told(cytology("2024-02-01", "NILM"))};
        CHECK(open_of(pathway, "2024-02-02", events).find("2025-01-08") != std::string::npos);
    }

    TEST_CASE("a treatment hides nothing of what was found that day") {
        const auto pathway = pathway_of(china);
        const auto open = [&](const Words& events) {
            return open_of(pathway, "2025-06-01", events);
        };
        const auto has = [](const std::string& all, const std::string& one) {
            CAPTURE(all);
            return all.find(one) != std::string::npos;
        };
        const std::string day = "2025-02-03";
        CHECK(has(open({cytology("2025-01-06", "HSIL"), colposcopy(day, "low_grade"),
                        treatment(day, "cryotherapy")}),
                  "histology"));
        CHECK(has(open({hpv(day, "positive", {"16"}), treatment(day, "laser")}), "colposcopy"));
        CHECK(has(open({hpv(day, "positive", {"16"}), histology(day, "insufficient"),
                        treatment(day, "cryotherapy")}),
                  "histology"));
        CHECK(
            has(open({colposcopy(day, "suspected_cancer"), treatment(day, "cone")}), "histology"));
        CHECK(has(open({histology("2025-01-06", "CIN3"), treatment(day, "leep"),
                        histology(day, "insufficient")}),
                  "histology"));
        CHECK(has(open({histology("2025-01-06", "CIN3"), treatment(day, "hysterectomy"),
                        histology(day, "cancer")}),
                  "treatment"));
    }

    TEST_CASE("what a biopsy had told is expected of the specimen") {
        const auto pathway = pathway_of(china);
        const std::string followed = "surveillance 2026-02-03";
        CHECK(open_of(pathway, "2025-06-01",
                      {histology("2025-01-06", "cancer"), treatment("2025-02-03", "hysterectomy"),
                       histology("2025-02-03", "cancer")}) == followed);
        CHECK(open_of(pathway, "2025-06-01",
                      {histology("2025-01-06", "cancer"), treatment("2025-02-03", "cone"),
                       histology("2025-02-03", "cancer")}) == "treatment 2025-01-06");
        const auto curetted =
            R"({"type":"histology","date":"2025-02-03","results":["cancer"],"taken_by":"ecc"})";
        CHECK(open_of(pathway, "2025-06-01",
                      {cytology("2025-01-06", "HSIL"), treatment("2025-02-03", "cone"),
                       histology("2025-02-03", "CIN3"), curetted}) == "treatment 2025-02-03");
        // Radiotherapy first.
        CHECK(open_of(pathway, "2025-06-01",
                      {histology("2024-10-07", "cancer"), treatment("2024-11-04", "radiotherapy"),
                       treatment("2025-02-03", "hysterectomy"),
                       histology("2025-02-03", "cancer")}) == followed);
        // Cancer was suspected, and the specimen shows less.
        CHECK(open_of(pathway, "2025-06-01",
                      {colposcopy("2025-01-06", "suspected_cancer"),
                       treatment("2025-02-03", "leep"), histology("2025-02-03", "CIN3")}) ==
              followed);
        CHECK(open_of(pathway, "2025-06-01",
                      {histology("2025-01-06", "CIN3"), treatment("2025-02-03", "leep"),
                       histology("2025-02-03", "CIN3")}) == followed);
        CHECK(open_of(pathway, "2025-06-01",
                      {cytology("2025-01-06", "HSIL"), treatment("2025-02-03", "leep"),
                       histology("2025-02-03", "CIN3")}) == followed);
    }

    TEST_CASE("a biopsy of the day after a treatment tells what that left") {
        const auto pathway = pathway_of(china);
        for (const std::string procedure : {"cryotherapy", "leep"}) {
            const auto biopsy =
                R"({"type":"histology","date":"2025-02-04","results":["AIS"],"taken_by":"punch"})";
            CHECK(open_of(pathway, "2025-06-01", {treatment("2025-02-03", procedure), biopsy}) ==
                  "surveillance 2026-02-03, treatment 2025-02-04");
        }
    }

    TEST_CASE("a look at what a smear said takes no need for tissue away") {
        for (const std::string algorithm : {"1", "4", "5"}) {
            const auto pathway = pathway_of(who, algorithm);
            const auto open =
                open_of(pathway, "2025-06-01",
                        {cytology("2025-01-06", "SCC"), via("2025-03-03", "positive"),
                         colposcopy_of_zone("2025-03-03", "low_grade", 1),
                         treatment("2025-03-10", "thermal_ablation", "VIA positive")});
            CAPTURE(open);
            CHECK(open.find("treatment") != std::string::npos);
        }
    }

    TEST_CASE(
        "what is needless because of more is found that day, and no treatment of that day's") {
        const auto cervix = pathway_of(china);
        CHECK(open_of(cervix, "2025-06-01",
                      {gyn_exam("2025-01-06", "abnormal"), hpv("2025-02-03", "positive", {"52"}),
                       treatment("2025-02-03", "cryotherapy")}) ==
              "colposcopy 2025-01-06, surveillance 2026-02-03");
        const auto course = event("treatment", "2025-02-03",
                                  {{"procedure", "endocrine_therapy"}, {"site", "breast_left"}});
        const auto open = open_of(
            pathway_of(breast), "2025-06-01",
            {histology("2025-01-06", "DCIS", "breast_left"), mammogram("2025-02-03", "3"), course});
        CAPTURE(open);
        CHECK(open.find("treatment 2025-01-06") != std::string::npos);
    }

    TEST_CASE("a senior review is of the breast whose image was abnormal") {
        CHECK(open_of(pathway_of(breast), "2025-06-01",
                      {mammogram("2025-01-06", "3", "1"), senior_review("2025-02-03", "biopsy"),
                       histology("2025-03-03", "benign", "breast_left")}) ==
              "clinician_decides 2025-03-03, surveillance 2026-01-06");
    }

    TEST_CASE("a cancer of one breast is none of the other") {
        const auto pathway = pathway_of(breast);
        const auto right = [](const std::string& left) {
            return Words{ultrasound("2025-01-06", left, "4a"),
                         event("treatment", "2025-02-03",
                               {{"procedure", "lumpectomy"}, {"site", "breast_right"}}),
                         histology("2025-02-03", "invasive", "breast_right")};
        };
        for (const std::string left : {"2", "6"}) {
            const auto open = open_of(pathway, "2025-06-01", right(left));
            CAPTURE(open);
            CHECK(open.find("treatment 2025-02-03") != std::string::npos);
        }
    }

    TEST_CASE("an ablation for no known reason is no look at what a test found") {
        const auto pathway = pathway_of(china);
        const Words events = {hpv("2025-01-06", "positive", {"16"}),
                              treatment("2025-02-10", "cautery")};
        CHECK(open_of(pathway, "2025-06-01", events) ==
              "colposcopy 2025-01-06, surveillance 2026-02-10");
    }

    TEST_CASE("a high-grade lesion after a treatment isn't its specimen, where more speaks of it") {
        const auto pathway = pathway_of(china);
        const std::string first = "2025-01-06";
        const Words treated = {histology(first, "CIN3"), treatment("2025-02-03", "leep")};
        const auto open = [&](const Words& more) {
            auto events = treated;
            events.insert(events.end(), more.begin(), more.end());
            const auto all = open_of(pathway, "2025-06-01", events);
            CAPTURE(all);
            return all.find("treatment") != std::string::npos;
        };
        const auto tissue = histology("2025-04-07", "CIN3");
        CHECK_FALSE(open({tissue}));
        CHECK(open({tissue, hpv("2025-03-24", "positive", {"52"})}));
        CHECK(open({tissue, colposcopy("2025-04-07", "normal")}));
        CHECK(open({tissue, gyn_exam("2025-04-07", "abnormal")}));
        CHECK(open({tissue, cytology("2025-04-07", Words{"NILM", "HSIL"})}));
        CHECK(open({tissue, histology("2025-02-13", "CIN3")}));
    }

    TEST_CASE("a course of therapy hides no finding of either breast, and puts nothing off") {
        const auto pathway = pathway_of(breast);
        const auto course = [](const std::string& day, const std::string& site) {
            return event("treatment", day, {{"procedure", "endocrine_therapy"}, {"site", site}});
        };
        const Words cancer = {histology("2023-01-09", "invasive", "breast_left"),
                              event("treatment", "2023-02-06",
                                    {{"procedure", "lumpectomy"}, {"site", "breast_left"}})};
        const auto with = [&](const Words& more) {
            auto events = cancer;
            events.insert(events.end(), more.begin(), more.end());
            return open_of(pathway, "2024-10-01", events);
        };
        const auto has = [](const std::string& open, const std::string& one) {
            CAPTURE(open);
            return open.find(one) != std::string::npos;
        };
        CHECK(with({course("2023-08-07", "breast_left"), course("2024-02-05", "breast_left"),
                    course("2024-08-05", "breast_left")}) == "surveillance 2024-02-06");
        CHECK(has(with({mammogram("2024-06-03", "3"), course("2024-06-03", "breast_left")}),
                  "senior_review"));
        CHECK(has(with({mammogram("2024-06-03", "1", "3"), course("2024-06-03", "")}),
                  "senior_review"));
        CHECK(has(with({histology("2024-06-03", "invasive", "breast_left"),
                        course("2024-06-03", "breast_left")}),
                  "treatment"));
        CHECK(has(with({ultrasound("2024-06-03", "5"),
                        event("treatment", "2024-07-01",
                              {{"procedure", "excision"}, {"site", "breast_left"}})}),
                  "biopsy"));
    }

    TEST_CASE("a negative test amid follow-up makes no history of negative tests") {
        const auto pathway = pathway_of(guideline);
        const Words positive = {hpv("2025-01-06", "positive", {"52"}),
                                cytology("2025-01-06", "NILM")};
        const Words early = {hpv("2025-04-07", "negative")};
        const Words again = {hpv("2025-07-07", "positive", {"52"}),
                             cytology("2025-07-07", "ASC-US")};
        auto events = positive;
        events.insert(events.end(), early.begin(), early.end());
        events.insert(events.end(), again.begin(), again.end());
        CHECK(open_of(pathway, "2025-08-01", events).starts_with("colposcopy 2025-07-07"));
    }

    TEST_CASE("after a normal look the test that was owed is owed still") {
        const auto pathway = pathway_of(guideline);
        const Words events = {hpv("2025-01-06", "positive", {"52"}), cytology("2025-01-06", "NILM"),
                              colposcopy("2025-02-03", "normal"), cytology("2026-02-09", "NILM")};
        CHECK(open_of(pathway, "2026-02-10", events) == "hpv_test 2026-02-03");
    }

    TEST_CASE("an invalid test after a treatment leaves it a test after a treatment") {
        const auto pathway = pathway_of(who, "7");
        const Words events = {histology("2024-12-02", "CIN3"), treatment("2025-01-06", "leep"),
                              hpv("2026-01-12", "invalid"), cytology("2026-01-12", "NILM"),
                              hpv("2026-02-02", "positive", {"52"})};
        CHECK(open_of(pathway, "2026-02-03", events) == "treatment 2026-02-02");
    }

    TEST_CASE("with HIV two tests follow a treatment, also where somebody has looked") {
        const auto pathway = pathway_of(who, "7");
        const Words events = {histology("2024-12-02", "CIN3"), treatment("2025-01-06", "leep"),
                              colposcopy("2026-01-12", "normal"), hpv("2026-10-12", "negative")};
        CHECK(open_of(pathway, "2026-10-13", events, {flag("hiv", "2020-01-01")}) ==
              "surveillance 2027-10-12");
    }

    TEST_CASE("a pathway without rows for visits leaves no visit to be looked at") {
        const auto decision =
            ask(pathway_of("us-asccp-2019"),
                woman({hpv("2024-01-08", "negative"), cytology("2024-01-08", "NILM")}));
        CHECK(decision.actions.size() == 1);
        CHECK(decision.loops.empty());
    }
}

}  // namespace
}  // namespace egret::tests
