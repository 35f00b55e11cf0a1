// Indicators of cases, at the edges of what their definitions say.

#include "registry/coverage/case_contribution.h"

#include "registry/coverage/case_answer.h"
#include "registry/coverage/indicator_file.h"
#include "registry/rules/screening/severity.h"
#include "tests/support/facts.h"
#include "tests/support/series.h"

#include <doctest/doctest.h>

#include <tuple>

namespace egret::coverage {
namespace {

using tests::day;
using tests::fact;
using tests::logged;
using tests::uid;
using tests::woman;

using Events = std::vector<LoggedEvent>;

/// Numerator, documented and denominator.
using Counted = std::tuple<std::int64_t, std::int64_t, std::int64_t>;

LoggedEvent registered(const char* birth = "1980-06-15") {
    Register detail;
    detail.who.birth_date = *PartialDate::parse(birth);
    detail.who.sex = Sex::female;
    detail.who.area = "350203";
    return logged(1, fact("2021-01-01", detail));
}

HpvTest hpv(HpvResult result, std::vector<HpvType> types = {}) {
    return {result, std::move(types), {}};
}

Histology tissue(HistologyResult result) {
    Histology found;
    found.results = {result};
    return found;
}

Colposcopy seen(ColposcopyImpression impression) {
    Colposcopy colposcopy;
    colposcopy.impression = impression;
    return colposcopy;
}

Closing closed(ClosingReason reason, std::string action = "") {
    return {ScreenedSite::cervix, std::move(action), reason, {}};
}

Answer answer_of(const char* id, const Events& events, Query query) {
    const auto& indicator = **find_indicator(id);
    const auto deltas = tests::contribution_of(indicator, fold({woman(1)}, events));
    auto recount = tests::recount_of(indicator, query);
    recount.add(events);
    CaseCube cube;
    TimesTally tally;
    for (const auto& delta : deltas) {
        cube.add(delta);
        tally.add(delta);
    }
    auto answer = indicator.counts == Counts::times ? tally.ask(query) : cube.ask(query);
    CHECK(answer == recount.answer());
    return answer;
}

Counted all_of(const char* id, const Events& events) {
    const auto answer = answer_of(id, events, {{}, {}, {day("2030-01-01")}});
    const auto& total = answer.totals[0];
    return {total.figure.numerator, total.details.documented, total.figure.denominator};
}

Counted in_period(const char* id, const Events& events, const char* from, const char* to) {
    const auto answer = answer_of(id, events, {{}, {}, {day(to)}, {day(from)}});
    const auto& total = answer.totals[0];
    return {total.figure.numerator, total.details.documented, total.figure.denominator};
}

Events positive_16() {
    return {registered(),
            logged(2, fact("2023-03-31", hpv(HpvResult::positive, {HpvType::hpv16})))};
}

Events with(Events events, const char* on, Detail detail) {
    events.push_back(logged(static_cast<std::uint8_t>(events.size() + 1), fact(on, detail)));
    return events;
}

/// Makes a finding of each code of a list.
template <class E>
struct OfCode {
    Detail (*of)(E);
    E code{};
};

TEST_SUITE("registry/coverage/case_contribution") {
    TEST_CASE("a case counts if what must follow came in time, the last day included") {
        const auto* id = "hpv1618-to-colposcopy";
        CHECK(all_of(id, positive_16()) == Counted{0, 0, 1});
        // 31 March and six months: there is no 31 September.
        for (const auto* in_time : {"2023-03-31", "2023-10-01"})
            CHECK(all_of(id, with(positive_16(), in_time, Colposcopy{})) == Counted{1, 0, 1});
        for (const auto* not_in_time : {"2023-03-30", "2023-10-02"})
            CHECK(all_of(id, with(positive_16(), not_in_time, Colposcopy{})) == Counted{0, 0, 1});
        auto told = with(positive_16(), "2023-04-10", Colposcopy{});
        told.back().event.fact.at.source = Source::told;
        CHECK(all_of(id, told) == Counted{0, 0, 1});
        auto planned = with(positive_16(), "2023-04-10", Colposcopy{});
        planned.back().event.fact.at.status = EventStatus::not_done;
        CHECK(all_of(id, planned) == Counted{0, 0, 1});
    }

    TEST_CASE("what is asked of the case's own fact") {
        const auto* id = "hpv1618-to-colposcopy";
        const Events none = {registered()};
        CHECK(all_of(id, with(none, "2023-03-31", hpv(HpvResult::positive))) == Counted{});
        CHECK(all_of(id, with(none, "2023-03-31", hpv(HpvResult::positive, {HpvType::hpv52}))) ==
              Counted{});
        CHECK(all_of(id, with(none, "2023-03-31",
                              hpv(HpvResult::positive, {HpvType::hpv52, HpvType::hpv18}))) ==
              Counted{0, 0, 1});
        CHECK(all_of(id, with(none, "2023-03-31", hpv(HpvResult::negative, {HpvType::hpv16}))) ==
              Counted{});
        // As last corrected; what was voided is gone.
        auto corrected = with(positive_16(), "2023-05-01",
                              Correct{uid(2), {fact("2023-03-31", hpv(HpvResult::negative))}});
        CHECK(all_of(id, corrected) == Counted{});
        CHECK(all_of(id, with(corrected, "2023-06-01", VoidFact{uid(3)})) == Counted{0, 0, 1});
        CHECK(all_of(id, with(positive_16(), "2023-06-01", VoidFact{uid(2)})) == Counted{});
    }

    TEST_CASE("a case is of its day: in a period, once a year, and where she lived then") {
        const auto* id = "hpv1618-to-colposcopy";
        auto events = with(positive_16(), "2023-12-01", hpv(HpvResult::positive, {HpvType::hpv16}));
        events = with(events, "2024-01-01", hpv(HpvResult::positive, {HpvType::hpv16}));
        DemographicsChange moved;
        moved.who.area = "350205";
        events = with(events, "2023-10-01", moved);
        CHECK(all_of(id, events) == Counted{0, 0, 2});
        CHECK(in_period(id, events, "2023-03-31", "2023-03-31") == Counted{0, 0, 1});
        CHECK(in_period(id, events, "2023-04-01", "2023-12-31") == Counted{});
        CHECK(in_period(id, events, "2023-01-01", "2024-01-01") == Counted{0, 0, 2});
        const auto by_area = answer_of(
            id, events, {{Dimension::area}, {}, {day("2024-12-31")}, {day("2023-01-01")}});
        REQUIRE(by_area.cells.size() == 2);
        CHECK(by_area.cells[0].values[0] == "350203");
        CHECK(by_area.cells[1].values[0] == "350205");
        // Also if it was before she was registered: where she lived first.
        auto early = positive_16();
        early.push_back(logged(3, fact("2020-05-05", hpv(HpvResult::positive, {HpvType::hpv16}))));
        CHECK(in_period(id, early, "2020-01-01", "2020-12-31") == Counted{0, 0, 1});
        DemographicsChange away;
        away.who.resident = false;
        CHECK(all_of(id, with(positive_16(), "2023-03-01", away)) == Counted{});
        CHECK(all_of(id, {positive_16()[1]}) == Counted{});
    }

    TEST_CASE("of those that don't count it is told whether it is written why") {
        const auto* id = "hpv1618-to-colposcopy";
        const auto open = positive_16();
        CHECK(all_of(id, with(open, "2023-03-31", closed(ClosingReason::refused, "a"))) ==
              Counted{0, 1, 1});
        CHECK(all_of(id, with(open, "2029-01-01", closed(ClosingReason::moved))) ==
              Counted{0, 1, 1});
        CHECK(all_of(id, with(open, "2023-03-30", closed(ClosingReason::moved))) ==
              Counted{0, 0, 1});
        CHECK(all_of(id, with(open, "2023-04-30", closed(ClosingReason::completed))) ==
              Counted{0, 0, 1});
        auto breast = closed(ClosingReason::refused);
        breast.site = ScreenedSite::breast;
        CHECK(all_of(id, with(open, "2023-04-30", breast)) == Counted{0, 0, 1});
        CHECK(all_of(id, with(open, "2023-10-01", Death{})) == Counted{0, 1, 1});
        CHECK(all_of(id, with(open, "2023-10-02", Death{})) == Counted{0, 0, 1});
        const auto done = with(open, "2023-04-01", Colposcopy{});
        CHECK(all_of(id, with(done, "2023-05-01", closed(ClosingReason::refused))) ==
              Counted{1, 0, 1});
    }

    // The file of an indicator of cases whose case is any finding at all.
    const Indicator& any_finding() {
        static const auto read = parse_indicator(
            R"({"id":"x","version":"1","title":{"zh":"一","en":"1"},
"description":{"zh":"二","en":"2"},"source":{"zh":"三","en":"3"},"imprecise_dates":"earliest",
"counts":"cases","documented_by":"cervix",
"denominator":{"text":{"zh":"四","en":"4"},"case":{"any_of":[
{"event":"hpv_test"},{"event":"cytology"},{"event":"via"},{"event":"gyn_exam"},
{"event":"colposcopy"},{"event":"histology"},{"event":"breast_exam"},{"event":"mammogram"},
{"event":"breast_ultrasound"},{"event":"diagnosis"}],"each":"fact"}},"numerator":{
"text":{"zh":"五","en":"5"},"any_of":[{"event":"visit","when":"after","within":null}]}})");
        REQUIRE(read);
        return *read;
    }

    template <class Make>
    void check_two_for_each(Make make) {
        using E = std::decay_t<decltype(make.code)>;
        for (const auto& [code, name] : CodeList<E>::entries) {
            const auto finding = fact("2023-03-31", make.of(code));
            auto closing = logged(3, fact("2023-04-30", closed(ClosingReason::refused)));
            closing.event.author.bytes[0] = 1;
            Events events = {registered(), logged(2, finding), closing};
            const auto documented = [&] {
                auto recount = tests::recount_of(any_finding(), {{}, {}, {day("2030-01-01")}});
                recount.add(events);
                CaseCube cube;
                for (const auto& delta :
                     tests::contribution_of(any_finding(), fold({woman(1)}, events)))
                    cube.add(delta);
                const auto answer = cube.ask({{}, {}, {day("2030-01-01")}});
                CHECK(answer == recount.answer());
                return answer.totals[0].details.documented == 1;
            };
            const std::string_view shown = name;
            CAPTURE(shown);
            const bool needs_two = rules::Severity::high_grade <= rules::severity_of(finding);
            CHECK(documented() == !needs_two);
            auto second = closed(ClosingReason::refused);
            second.confirms = uid(3);
            events.push_back(logged(4, fact("2023-05-30", second)));
            events.back().event.author.bytes[0] = 1;
            CHECK(documented() == !needs_two);
            events.back().event.author.bytes[0] = 2;
            CHECK(documented());
        }
    }

    TEST_CASE("what is grave is closed by two, as the loops say") {
        check_two_for_each(OfCode<CytologyResult>{[](auto code) -> Detail {
            Cytology smear;
            smear.results = {code};
            return smear;
        }});
        check_two_for_each(
            OfCode<HistologyResult>{[](auto code) -> Detail { return tissue(code); }});
        check_two_for_each(
            OfCode<ColposcopyImpression>{[](auto code) -> Detail { return seen(code); }});
        check_two_for_each(OfCode<ViaResult>{[](auto code) -> Detail { return Via{code}; }});
        check_two_for_each(OfCode<ExamResult>{[](auto code) -> Detail { return GynExam{code}; }});
        check_two_for_each(OfCode<HpvResult>{[](auto code) -> Detail { return hpv(code); }});
        check_two_for_each(OfCode<BiRads>{[](auto code) -> Detail {
            Mammogram scan;
            scan.left = BreastFinding{code, {}};
            return scan;
        }});
        check_two_for_each(OfCode<BreastStage>{[](auto code) -> Detail {
            Diagnosis said;
            said.stage = code;
            return said;
        }});
    }

    TEST_CASE("found among closed cases of the year, per 100,000") {
        const Events screened = with({registered()}, "2023-03-31", hpv(HpvResult::positive));
        const auto* id = "cervical-detection";
        CHECK(all_of(id, screened) == Counted{});
        const auto over = with(screened, "2023-12-31", closed(ClosingReason::completed));
        CHECK(all_of(id, over) == Counted{0, 0, 1});
        CHECK(all_of(id, with(screened, "2024-01-01", closed(ClosingReason::completed))) ==
              Counted{});
        CHECK(all_of(id, with(screened, "2023-12-31", closed(ClosingReason::refused, "a"))) ==
              Counted{});
        CHECK(all_of(id, with(over, "2023-06-01", tissue(HistologyResult::cin2))) ==
              Counted{1, 0, 1});
        CHECK(all_of(id, with(over, "2023-06-01", tissue(HistologyResult::cin1))) ==
              Counted{0, 0, 1});
        auto other = tissue(HistologyResult::cancer);
        other.site = HistologySite::endometrium;
        CHECK(all_of(id, with(over, "2023-06-01", other)) == Counted{0, 0, 1});
        CHECK(all_of("cervical-cancer-detection",
                     with(over, "2023-06-01", tissue(HistologyResult::cin3))) == Counted{0, 0, 1});
        // The age of 35 is that on the day of the test.
        auto young = over;
        young[0] = registered("1988-04-01");
        CHECK(all_of(id, young) == Counted{});
        young[0] = registered("1988-03-31");
        CHECK(all_of(id, young) == Counted{0, 0, 1});
        CHECK((*find_indicator(id))->per == 100'000);
    }

    TEST_CASE("a diagnosis is early unless cancer is found in the same year") {
        const auto* id = "cervical-early-diagnosis";
        const Events screened = with({registered()}, "2023-03-31", hpv(HpvResult::positive));
        CHECK(all_of(id, screened) == Counted{});
        const auto precancer = with(screened, "2023-05-01", tissue(HistologyResult::hsil));
        CHECK(all_of(id, precancer) == Counted{1, 0, 1});
        CHECK(all_of(id, with(precancer, "2023-07-01", tissue(HistologyResult::microinvasive))) ==
              Counted{1, 0, 1});
        CHECK(all_of(id, with(precancer, "2023-07-01", tissue(HistologyResult::cancer))) ==
              Counted{0, 0, 1});
        CHECK(all_of(id, with(precancer, "2024-01-01", tissue(HistologyResult::cancer))) ==
              Counted{1, 0, 1});
    }

    TEST_CASE("cases are compared with other cases, each on its own day") {
        const auto smear = [](std::vector<CytologyResult> results) {
            Cytology cytology;
            cytology.results = std::move(results);
            return cytology;
        };
        const auto* id = "cytology-asc-sil-ratio";
        auto events = with({registered()}, "2022-03-01", smear({CytologyResult::asc_us}));
        events = with(events, "2023-03-01", smear({CytologyResult::asc_h}));
        events = with(events, "2023-09-01", smear({CytologyResult::lsil, CytologyResult::asc_h}));
        CHECK(all_of(id, events) == Counted{2, 0, 1});
        CHECK(in_period(id, events, "2022-01-01", "2022-12-31") == Counted{1, 0, 0});
    }

    TEST_CASE("a report in time is asked of the case's own fact") {
        const auto reported = [](const char* on) {
            Cytology cytology;
            cytology.results = {CytologyResult::nilm};
            auto events = with({registered()}, "2023-03-01", cytology);
            if (*on) events.back().event.fact.at.reported_on = day(on);
            return events;
        };
        const auto* id = "cytology-report-14-days";
        CHECK(all_of(id, reported("")) == Counted{});
        CHECK(all_of(id, reported("2023-03-15")) == Counted{1, 0, 1});
        CHECK(all_of(id, reported("2023-03-16")) == Counted{0, 0, 1});
    }

    TEST_CASE("times are counted from the case to the first that follows") {
        const auto* id = "hpv1618-to-colposcopy-days";
        const Query all{{}, {}, {day("2030-01-01")}};
        CHECK(answer_of(id, positive_16(), all).totals[0].figure.denominator == 0);
        auto events = with(positive_16(), "2023-05-30", seen(ColposcopyImpression::normal));
        events = with(events, "2023-04-30", seen(ColposcopyImpression::normal));
        const auto answer = answer_of(id, events, all);
        CHECK(answer.totals[0].figure.denominator == 1);
        CHECK(answer.totals[0].details.median_halves == 60);
        CHECK(answer.totals[0].details.percentile_90 == 30);
    }

    TEST_CASE("the middle of times, and what nine of ten don't exceed") {
        const auto middle = [](const TimesTaken& times) {
            const auto [figure, details] = figure_of(times);
            return std::tuple{figure.denominator, details.median_halves, details.percentile_90};
        };
        CHECK(middle({}) == std::tuple{0, 0, 0});
        CHECK(middle({{7, 1}}) == std::tuple{1, 14, 7});
        CHECK(middle({{1, 1}, {4, 1}}) == std::tuple{2, 5, 4});
        CHECK(middle({{1, 3}, {2, 6}, {100, 1}}) == std::tuple{10, 4, 2});
        CHECK(middle({{1, 3}, {2, 6}, {100, 2}}) == std::tuple{11, 4, 100});
    }
}

}  // namespace
}  // namespace egret::coverage
