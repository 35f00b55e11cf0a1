// Where cancer is suspected: how soon somebody has to look, and what a look leaves open.

#include "tests/support/screening_person.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace egret::tests {
namespace {

constexpr auto guideline = "cn-clinical-cervical-2023";
constexpr auto who = "who-cervical-2021";
constexpr auto china = "cn-cervical-2021";

/// What is open in June 2025, each with the day by which it should be done.
std::string limits_of(const char* pack, const Words& events) {
    const auto decision = ask(pathway_of(pack), woman_on("2025-06-01", events));
    Words all;
    for (const auto& loop : decision.loops) {
        if (loop.closed_on) continue;
        const auto until = loop.step.due_to ? loop.step.due_to->to_string() : "-";
        all.push_back(std::string(to_string(loop.step.code)) + " " + until);
    }
    std::sort(all.begin(), all.end());
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ", ") + one;
    return text;
}

std::string reported(std::string event, const std::string& day) {
    event.insert(event.size() - 1, R"(,"reported_on":")" + day + '"');
    return event;
}

TEST_SUITE("registry/rules/screening/suspicion") {
    TEST_CASE("what is suspected to be cancer is late after days, not months") {
        for (const auto* pack : {china, guideline}) {
            CAPTURE(pack);
            CHECK(limits_of(pack, {via("2025-03-03", "suspected_cancer")}) ==
                  "colposcopy 2025-03-17");
            CHECK(limits_of(pack, {cytology("2025-03-03", "SCC")}) == "colposcopy 2025-03-17");
            CHECK(limits_of(pack, {colposcopy("2025-03-03", "suspected_cancer")}) ==
                  "histology 2025-03-17");
            CHECK(limits_of(pack, {hpv("2025-03-03", "positive", {"16"})}) ==
                  "colposcopy 2025-06-03");
            // It was owed already, for less.
            CHECK(limits_of(pack, {hpv("2025-01-06", "positive", {"16"}),
                                   cytology("2025-03-03", "SCC")}) == "colposcopy 2025-03-17");
            CHECK(limits_of(pack, {colposcopy("2025-01-06", "high_grade"),
                                   cytology("2025-03-03", "SCC")}) == "histology 2025-03-17");
        }
        CHECK(limits_of(who, {via("2025-03-03", "suspected_cancer")}) == "biopsy 2025-03-17");
        CHECK(limits_of(who, {colposcopy("2025-03-03", "suspected_cancer")}) ==
              "biopsy 2025-03-17");
    }

    TEST_CASE("what follows from a suspicion has no more time until tissue tells of it") {
        for (const auto* pack : {china, guideline}) {
            CAPTURE(pack);
            const auto scc = cytology("2025-03-03", "SCC");
            for (const char* seen : {"low_grade", "high_grade"}) {
                CAPTURE(seen);
                CHECK(limits_of(pack, {scc, colposcopy("2025-03-11", seen)}) ==
                      "histology 2025-03-25");
                // Too little tissue tells nothing, a normal smear less.
                CHECK(limits_of(pack, {scc, colposcopy("2025-03-11", seen),
                                       histology("2025-03-18", "insufficient")}) ==
                      "histology 2025-03-25");
                CHECK(limits_of(pack, {scc, colposcopy("2025-03-11", seen),
                                       histology("2025-03-18", "CIN3")}) == "treatment 2025-06-18");
            }
            CHECK(limits_of(pack, {scc, colposcopy("2025-03-03", "high_grade")}) ==
                  "histology 2025-03-17");
            CHECK(limits_of(pack, {scc, told(colposcopy("2025-03-11", "high_grade"))}) ==
                  "histology 2025-03-17");
            CHECK(limits_of(pack, {scc, told(histology("2025-03-11", "CIN2"))}) ==
                  "treatment 2025-03-17");
            // The laboratory's weeks are none of the look's.
            CHECK(limits_of(pack, {reported(scc, "2025-03-31"),
                                   colposcopy("2025-04-03", "high_grade")}) ==
                  "histology 2025-04-17");
            // It was owed already, for less, and long ago.
            CHECK(limits_of(pack, {hpv("2023-03-03", "positive", {"16"}), scc,
                                   colposcopy("2025-03-11", "high_grade")}) ==
                  "histology 2025-03-25");
            // A second look, after one that saw nothing, at once or later.
            for (const char* first : {"2025-03-03", "2025-03-11"}) {
                CHECK(limits_of(pack, {scc, colposcopy(first, "normal"),
                                       colposcopy("2025-03-25", "low_grade")})
                          .find("histology 2025-04-08") != std::string::npos);
            }
            CHECK(limits_of(pack, {cytology("2025-03-03", "HSIL"),
                                   colposcopy("2025-03-11", "high_grade")}) ==
                  "histology 2025-06-11");
        }
    }

    TEST_CASE("an unsatisfactory smear tells nothing of what was found before (ASCCP)") {
        const auto said = [](const Words& events) {
            const auto decision = ask(pathway_of("us-asccp-2019"), woman_on("2025-06-01", events));
            REQUIRE_FALSE(decision.actions.empty());
            const auto& step = decision.actions.front();
            return std::string(to_string(step.code)) + " " + step.due->to_string();
        };
        const auto unusable = cytology("2024-03-10", "UNSAT");
        CHECK(said({cytology("2024-01-10", "LSIL"), unusable}) == "clinician_decides 2024-03-10");
        CHECK(said({hpv("2024-01-10", "positive", {"52"}), cytology("2024-01-10", "NILM"),
                    unusable}) == "clinician_decides 2024-03-10");
        // Which was followed up, or wasn't there.
        CHECK(said({cytology("2024-01-10", "LSIL"), histology("2024-02-10", "benign"), unusable})
                  .find("clinician") == std::string::npos);
        CHECK(said({cytology("2024-01-10", "NILM"), unusable}) == "screening 2024-05-10");
        CHECK(said({unusable}) == "screening 2024-05-10");
    }

    TEST_CASE("neither a positive test beside it nor a lesser biopsy takes a suspicion away") {
        for (const std::string algorithm : {"1", "3"}) {
            CAPTURE(algorithm);
            const auto pathway = pathway_of(who, algorithm);
            const auto reviews = [&](const Words& events) {
                const auto decision = ask(pathway, woman_on("2025-06-01", events));
                return std::count_if(
                    decision.loops.begin(), decision.loops.end(), [](const rules::Loop& loop) {
                        return !loop.closed_on && loop.step.code == rules::ScreeningAction::review;
                    });
            };
            const Words looked{cytology("2025-01-06", "SCC"), colposcopy("2025-01-06", "normal")};
            const auto alone = reviews(looked);
            CHECK(alone > 0);
            auto more = looked;
            more.push_back(hpv("2025-01-06", "positive", {"16"}));
            more.push_back(hpv("2025-03-10", "negative"));
            CHECK(reviews(more) >= alone);
        }
        const auto curetted = [](const std::string& result, const std::string& how) {
            return event("histology", "2025-01-06", {{"taken_by", how}}, "results", {result});
        };
        for (const auto* pack : {china, guideline}) {
            CAPTURE(pack);
            CHECK(open_of(pathway_of(pack), "2025-06-01",
                          {colposcopy("2025-01-06", "suspected_cancer"),
                           curetted("insufficient", "ecc"), curetted("CIN1", "punch")})
                      .find("histology") != std::string::npos);
        }
    }

    TEST_CASE("a guideline of reports alone sees it, too") {
        const auto first = [](const Words& events) {
            const auto decision = ask(pathway_of("us-asccp-2019"), woman_on("2025-06-01", events));
            return std::string(to_string(decision.actions.front().code));
        };
        const auto negative = hpv("2025-04-07", "negative");
        for (const auto& found : {via("2025-03-03", "suspected_cancer"),
                                  colposcopy("2025-03-03", "suspected_cancer")}) {
            CHECK(first({found, negative}) == "biopsy");
            CHECK(first({found, told(histology("2025-03-10", "CIN1")), negative}) == "biopsy");
            CHECK(first({found, histology("2025-03-10", "insufficient"), negative}) == "biopsy");
            CHECK(first({found, histology("2025-03-10", "benign"), negative}) != "biopsy");
        }
    }

    TEST_CASE("what is to be done at once is late by the day on which the result was known") {
        CHECK(limits_of(china, {reported(hpv("2025-01-06", "positive", {"16"}), "2025-05-19")}) ==
              "colposcopy 2025-08-19");
        CHECK(limits_of(china, {hpv("2025-01-06", "positive", {"52"}),
                                reported(cytology("2025-01-06", "SCC"), "2025-05-19")}) ==
              "colposcopy 2025-06-02");
        // A negative one that comes later puts nothing off.
        CHECK(limits_of(china, {reported(hpv("2025-01-06", "negative"), "2025-05-19"),
                                reported(cytology("2025-01-06", "SCC"), "2025-01-20")}) ==
              "colposcopy 2025-02-03");
        // A test after a year counts from the sample.
        CHECK(limits_of(china, {hpv("2025-01-06", "positive", {"52"}),
                                reported(cytology("2025-01-06", "NILM"), "2025-05-19")}) ==
              "surveillance 2026-01-06");
    }

    TEST_CASE("a look that doesn't explain a suspicion is looked at beside it") {
        for (const auto* pack : {china, guideline}) {
            CAPTURE(pack);
            for (const auto& found :
                 {cytology("2025-01-06", "SCC"), via("2025-01-06", "suspected_cancer")}) {
                const auto with = [&](const Words& more) {
                    Words events{found, colposcopy("2025-01-20", "normal")};
                    events.insert(events.end(), more.begin(), more.end());
                    return open_of(pathway_of(pack), "2025-06-01", events);
                };
                const auto is_looked_at = [](const std::string& open) {
                    return open.find("review") == std::string::npos;
                };
                CHECK_FALSE(is_looked_at(with({})));
                CHECK_FALSE(is_looked_at(with({hpv("2025-03-03", "negative")})));
                CHECK(is_looked_at(with({histology("2025-02-03", "benign")})));
                CHECK(is_looked_at(with({colposcopy("2025-02-03", "normal")})));
                CHECK(is_looked_at(with({treatment("2025-02-03", "leep")})));
                // Neither an ablation nor a course of therapy explains it.
                for (const std::string procedure : {"cautery", "cryotherapy", "chemotherapy"})
                    CHECK_FALSE(is_looked_at(with({treatment("2025-02-03", procedure)})));
                // Nor does a look of the same day, or the next.
                for (const std::string day : {"2025-01-06", "2025-01-07"}) {
                    const Words once{found, colposcopy(day, "normal")};
                    CHECK_FALSE(is_looked_at(open_of(pathway_of(pack), "2025-06-01", once)));
                }
                const Words owed{hpv("2024-12-02", "positive", {"16"}), found,
                                 colposcopy("2025-01-06", "normal")};
                CHECK_FALSE(is_looked_at(open_of(pathway_of(pack), "2025-06-01", owed)));
                const Words taken{found, colposcopy("2025-01-06", "normal"),
                                  histology("2025-01-06", "benign")};
                CHECK(is_looked_at(open_of(pathway_of(pack), "2025-06-01", taken)));
            }
            // Tissue of that day tells, and what wasn't suspected to be cancer needs nothing more.
            CHECK(open_of(pathway_of(pack), "2025-06-01",
                          {cytology("2025-01-06", "SCC"), colposcopy("2025-01-20", "normal"),
                           histology("2025-01-20", "benign")})
                      .find("review") == std::string::npos);
            CHECK(
                open_of(pathway_of(pack), "2025-06-01",
                        {hpv("2025-01-06", "positive", {"16"}), colposcopy("2025-01-20", "normal")})
                    .find("review") == std::string::npos);
        }
    }
}

}  // namespace
}  // namespace egret::tests
