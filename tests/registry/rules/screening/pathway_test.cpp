// What rows can ask for, and how a history is walked through, on small pathways made for it. The
// packs are held to their sources in the other files of this folder.

#include "registry/codec/person_file.h"
#include "registry/rules/screening/screening.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace egret::rules {
namespace {

constexpr auto text = R"("text":{"zh":"一","en":"a"})";

/// A pathway of these members, which answers "none" where nothing else holds.
Pathway pathway_of(const std::string& members, const std::string& on_day) {
    const auto file = R"({"id":"p","version":"1","kind":"pathway","title":{"zh":"一","en":"a"},
        "source":{"zh":"一","en":"a"},"site":"cervix","missing_day":"clamp",)" +
                      members + R"("on_day":[)" + on_day +
                      R"({"id":"else","action":"none","status":"excluded",)" + text + "}]}";
    auto pathway = parse_pathway(file);
    if (!pathway) FAIL(pathway.error().field << " " << pathway.error().message.id);
    return *std::move(pathway);
}

/// A row that answers with colposcopy where this holds.
std::string row_when(const std::string& when) {
    return R"({"id":"yes","when":{)" + when + R"(},"action":"colposcopy","due":{"from":"day"},)" +
           text + "},";
}

ScreeningSubject woman(const std::string& events, const std::string& more = "") {
    const auto person =
        codec::parse_person(R"({"id":"a","birth_date":"1980-01-01","sex":"female")" + more +
                            R"(,"events":[)" + events + "]}");
    REQUIRE(person);
    std::vector<const Fact*> facts;
    for (const auto& event : person->events) facts.push_back(&event.fact);
    return screening_subject_of(person->who, facts);
}

const auto today = Date::from_ymd(2026, 6, 30);

/// The first action and its rule: "colposcopy yes".
std::string answer(const Pathway& pathway, const ScreeningSubject& subject, Date on = today) {
    const auto decision = decide(pathway, subject, on);
    const auto& step = decision.actions.front();
    const auto& rule = step.why.front().rule;
    return std::string(egret::to_string(step.code)) + " " + rule.substr(rule.rfind('/') + 1);
}

bool holds(const std::string& members, const std::string& when, const std::string& events,
           const std::string& more = "") {
    return answer(pathway_of(members, row_when(when)), woman(events, more)) == "colposcopy yes";
}

std::string hpv(const std::string& date, const std::string& result, const std::string& types = "") {
    return R"({"type":"hpv_test","date":")" + date + R"(","result":")" + result + R"(","types":[)" +
           types + "]}";
}

std::string cytology(const std::string& date, const std::string& results) {
    return R"({"type":"cytology","date":")" + date + R"(","results":[)" + results + "]}";
}

TEST_SUITE("registry/rules/screening/pathway") {
    TEST_CASE("of two windows the inclusive one takes the day itself") {
        const std::string last = R"("reports":{"c":{"kind":"cytology"}},)";
        const auto normal = cytology("2026-03-30", R"("NILM")");
        const auto at = [&](const std::string& window) {
            return holds(last, R"("c":{"days":{"of":"day",)" + window + "}}", normal);
        };
        CHECK(at(R"("from":"-3 months")"));
        CHECK_FALSE(at(R"("after":"-3 months")"));
        CHECK(at(R"("to":"-3 months")"));
        CHECK_FALSE(at(R"("before":"-3 months")"));
        // 31 March less a month is the last of February, in both directions.
        CHECK(holds(last, R"("c":{"days":{"of":"day","from":"-4 months","to":"-4 months"}})",
                    cytology("2026-02-28", R"("NILM")")));
    }

    TEST_CASE("of a report that isn't there nothing is known, and nothing follows from that") {
        const std::string members =
            R"("reports":{"h":{"kind":"hpv"},
               "after":{"kind":"cytology","days":{"of":"h","after":"0 days"}}},)";
        const auto normal = cytology("2026-03-30", R"("NILM")");
        CHECK(holds(members, R"("h":{"exists":false})", normal));
        CHECK_FALSE(holds(members, R"("h":{"value":["negative"]})", normal));
        CHECK_FALSE(holds(members, R"("none":[{"h":{"value":["negative"]}}])", normal));
        CHECK(holds(members, R"("after":{"exists":false})", normal));
        CHECK(holds(members, R"("any":[{"h":{"value":["negative"]}},{"sex":["female"]}])", normal));
        CHECK_FALSE(holds(members, R"("h":{"value":["negative"]},"sex":["female"])", normal));
    }

    TEST_CASE("the value is the worst result, and each is contained") {
        const std::string members = R"("ranks":{"cytology":[{"value":"HSIL","codes":["SCC"]},
            {"value":"LSIL"},{"value":"NILM"}]},"reports":{"c":{"kind":"cytology"}},)";
        const auto both = cytology("2026-03-30", R"("NILM","LSIL","NO_TZ")");
        CHECK(holds(members, R"("c":{"value":["LSIL"]})", both));
        CHECK_FALSE(holds(members, R"("c":{"value":["NILM"]})", both));
        CHECK(holds(members, R"("c":{"contains":["NO_TZ"]})", both));
        CHECK_FALSE(holds(members, R"("c":{"lacks":["NO_TZ"]})", both));
        const auto cancer = cytology("2026-03-30", R"("SCC")");
        CHECK(holds(members, R"("c":{"value":["HSIL"]})", cancer));
        CHECK_FALSE(holds(members, R"("c":{"contains":["HSIL"]})", cancer));
    }

    TEST_CASE("of one day the worst report is the newest, in whatever order they stand") {
        const std::string members =
            R"("ranks":{"hpv":[{"value":"16"},{"value":"positive"},{"value":"negative"}]},
               "reports":{"h":{"kind":"hpv"}},)";
        const auto a = hpv("2026-03-30", "negative");
        const auto b = hpv("2026-03-30", "positive", R"("16")");
        CHECK(holds(members, R"("h":{"value":["16"]})", a + "," + b));
        CHECK(holds(members, R"("h":{"value":["16"]})", b + "," + a));
    }

    TEST_CASE("a chain breaks where two tests lie too far apart") {
        const std::string members =
            R"("reports":{"h1":{"kind":"hpv","chain":"66 months"},
               "h2":{"kind":"hpv","chain":"66 months","nth":2}},)";
        const auto newest = hpv("2026-01-01", "negative");
        CHECK(holds(members, R"("h2":{"exists":true})",
                    newest + "," + hpv("2020-07-01", "negative")));
        CHECK_FALSE(holds(members, R"("h2":{"exists":true})",
                          newest + "," + hpv("2020-06-30", "negative")));
        CHECK(holds(members, R"("h1":{"exists":true})", hpv("2020-12-30", "negative")));
        CHECK_FALSE(holds(members, R"("h1":{"exists":true})", hpv("2020-12-29", "negative")));
        // A test of the day itself is none of them.
        CHECK_FALSE(holds(members, R"("h1":{"exists":true})", hpv("2026-06-30", "negative")));
    }

    TEST_CASE(
        "reports are counted, from the oldest too, and told apart by what was taken with them") {
        const std::string members =
            R"("reports":{"second":{"kind":"hpv","order":"oldest","nth":2},
               "alone":{"kind":"cytology","without":[{"kind":"hpv","days":1}]}},)";
        const auto three = hpv("2020-01-01", "negative") + "," +
                           hpv("2022-01-01", "positive", R"("52")") + "," +
                           hpv("2024-01-01", "negative");
        CHECK(holds(members, R"("second":{"value":["52"]})", three));
        const auto counts = [&](const std::string& limits) {
            return holds(members,
                         R"("counts":[{"kind":"hpv","value":["negative"],)" + limits + "}]", three);
        };
        CHECK(counts(R"("min":2,"max":2)"));
        CHECK_FALSE(counts(R"("min":3)"));
        const auto next_day =
            hpv("2026-03-30", "negative") + "," + cytology("2026-03-31", R"("NILM")");
        CHECK(holds(members, R"("alone":{"exists":false})", next_day));
        const auto later =
            hpv("2026-03-30", "negative") + "," + cytology("2026-04-01", R"("NILM")");
        CHECK(holds(members, R"("alone":{"exists":true})", later));
    }

    TEST_CASE("what lies further back than is looked at isn't there") {
        const std::string members =
            R"("look_back":{"cytology":"10 years"},"reports":{"c":{"kind":"cytology"}},)";
        CHECK(holds(members, R"("c":{"exists":true})", cytology("2016-06-30", R"("NILM")")));
        CHECK(holds(members, R"("c":{"exists":false})", cytology("2016-06-29", R"("NILM")")));
    }

    TEST_CASE("named conditions are asked for by their names, and denied by them") {
        const std::string members =
            R"("reports":{"h":{"kind":"hpv"}},"conditions":{
               "positive":{"h":{"contains":["positive"]}},
               "both":{"holds":["positive"],"sex":["female"]}},)";
        const auto positive = hpv("2026-03-30", "positive");
        CHECK(holds(members, R"("holds":["both"])", positive));
        CHECK_FALSE(holds(members, R"("holds_not":["both"])", positive));
        CHECK(holds(members, R"("holds_not":["both"])", hpv("2026-03-30", "negative")));
        CHECK_FALSE(holds(members, R"("holds_not":["both"])", cytology("2026-03-30", R"("NILM")")));
    }

    TEST_CASE("a table that has no answer hands back to the row behind the one that led there") {
        const std::string tables = R"("tables":[{"id":"t","rows":[{"id":"in",
            "when":{"flags":["hiv"]},"action":"cytology","due":{"from":"day"},)" +
                                   std::string(text) + "}]}],";
        const auto pathway =
            pathway_of(tables, R"({"id":"there","go_to":"t"},)" + row_when(R"("sex":["female"])"));
        CHECK(answer(pathway, woman("")) == "colposcopy yes");
        CHECK(answer(pathway, woman("", R"(,"flags":[{"code":"hiv","from":"2020-01-01"}])")) ==
              "cytology in");
    }

    TEST_CASE("a due day is counted from the latest of the reports that are named") {
        const auto pathway = pathway_of(
            R"("reports":{"h":{"kind":"hpv"},"c":{"kind":"cytology"},"b":{"kind":"histology"}},)",
            R"({"id":"yes","action":"surveillance",
                "due":{"from":["h","c","b"],"after":"1 year"},)" +
                std::string(text) + "},");
        const auto decision =
            decide(pathway,
                   woman(hpv("2025-01-01", "negative") + "," + cytology("2024-02-29", R"("NILM")")),
                   today);
        CHECK(decision.actions.front().due == Date::from_ymd(2026, 1, 1));
    }
}

/// Positive: colposcopy within three months. Colposcopy: a test after a year, not before nine
/// months. Negative: again in three years.
Pathway small_programme() {
    return pathway_of(
        R"("at_visits":[
            {"id":"seen","when":{"colposcopy":["normal"]},"action":"surveillance","step":"again",
             "due":{"after":"12 months","until":"12 months","not_before":"9 months"},)" +
            std::string(text) + R"(},
            {"id":"positive","when":{"hpv":["positive"]},"action":"colposcopy","step":"look",
             "due":{"until":"3 months"},)" +
            text + R"(},
            {"id":"negative","when":{"hpv":["negative"]},"action":"screening","step":"routine",
             "due":{"after":"3 years"},)" +
            text + "}],",
        R"({"id":"open","when":{"owed":{"not":["none"]}},"owed":true,)" + std::string(text) + "},");
}

std::string colposcopy(const std::string& date, const std::string& more) {
    return R"({"type":"colposcopy","date":")" + date + "\"" + more + "}";
}

TEST_SUITE("registry/rules/screening/walk") {
    TEST_CASE("a normal test doesn't close what a positive one asked for") {
        const auto pathway = small_programme();
        const auto subject =
            woman(hpv("2026-01-10", "positive") + "," + hpv("2026-05-10", "negative"));
        const auto decision = decide(pathway, subject, today);
        CHECK(answer(pathway, subject) == "colposcopy positive");
        CHECK(decision.status == ScreeningStatus::in_follow_up);
        REQUIRE(decision.loops.size() == 1);
        CHECK_FALSE(decision.loops.front().closed_on);
        CHECK(decision.loops.front().step.due_to == Date::from_ymd(2026, 4, 10));
    }

    TEST_CASE("what was asked for closes it, and only with a result that can be used") {
        const auto pathway = small_programme();
        const auto positive = hpv("2025-01-10", "positive") + ",";
        const auto done =
            decide(pathway, woman(positive + colposcopy("2025-02-10", R"(,"impression":"normal")")),
                   today);
        CHECK(done.loops.front().closed_on == Date::from_ymd(2025, 2, 10));
        CHECK(done.actions.front().due == Date::from_ymd(2026, 2, 10));
        for (const auto* unusable : {R"(,"impression":"normal","adequate":false)", "",
                                     R"(,"impression":"normal","source":"told")",
                                     R"(,"impression":"normal","status":"entered_in_error")"}) {
            CAPTURE(unusable);
            const auto left =
                decide(pathway, woman(positive + colposcopy("2025-02-10", unusable)), today);
            CHECK_FALSE(left.loops.front().closed_on);
        }
    }

    TEST_CASE("a normal test that comes too early is not the one after a year") {
        const auto pathway = small_programme();
        const auto seen = colposcopy("2025-02-10", R"(,"impression":"normal")");
        CHECK(answer(pathway, woman(seen + "," + hpv("2025-11-09", "negative"))) ==
              "surveillance seen");
        CHECK(answer(pathway, woman(seen + "," + hpv("2025-11-10", "negative"))) ==
              "screening negative");
        // What is worse is heeded at once.
        CHECK(answer(pathway, woman(seen + "," + hpv("2025-03-10", "positive"))) ==
              "colposcopy positive");
    }

    TEST_CASE("what she was told only opens, and begins no routine interval") {
        const auto pathway = small_programme();
        const auto told = [](const std::string& result) {
            return R"({"type":"hpv_test","date":"2026-01-10","source":"told","result":")" + result +
                   "\"}";
        };
        CHECK(answer(pathway, woman(told("negative"))) == "none else");
        CHECK(answer(pathway, woman(told("positive"))) == "colposcopy positive");
    }

    TEST_CASE("a result that no row knows opens a review, which a result that one knows closes") {
        const auto pathway = small_programme();
        const auto unknown = hpv("2026-01-10", "unknown");
        const auto decision = decide(pathway, woman(unknown), today);
        CHECK(decision.status == ScreeningStatus::no_rule);
        CHECK(decision.actions.front().code == ScreeningAction::review);
        CHECK(answer(pathway, woman(unknown + "," + hpv("2026-02-10", "negative"))) ==
              "screening negative");
    }

    TEST_CASE("a date that isn't known to the day is tried at both ends") {
        const auto pathway = small_programme();
        const auto over_three_years = Date::from_ymd(2029, 1, 15);
        const auto subject = woman(hpv("2026-01", "negative"));
        const auto decision = decide(pathway, subject, over_three_years);
        CHECK(decision.status == ScreeningStatus::clinician_decides);
        REQUIRE(decision.problems.size() == 1);
        CHECK(decision.problems.front().id == "pathway.finding_date_not_exact");
        CHECK(answer(pathway, subject, Date::from_ymd(2029, 2, 1)) == "screening negative");
        // Also of so many that not each can be tried against each.
        std::string many;
        for (int year = 2004; year < 2024; year += 2)
            many += hpv(std::to_string(year), "negative") + ",";
        const auto old = woman(many + hpv("2026-01", "negative"));
        CHECK(decide(pathway, old, over_three_years).status == ScreeningStatus::clinician_decides);
    }
}

}  // namespace
}  // namespace egret::rules
