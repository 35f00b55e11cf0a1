#include "registry/service/stock.h"

#include "registry/codec/facility_subject.h"
#include "registry/domain/facility_id.h"
#include "registry/rules/vaccination.h"
#include "registry/service/exchange.h"
#include "registry/service/woman_card.h"
#include "registry/service/worklist.h"
#include "registry/store/coverage_answer.h"
#include "tests/support/clinic_fixture.h"
#include "tests/support/stock_facts.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

namespace egret::service {
namespace {

using tests::day;
using tests::excursion;
using tests::fact;
using tests::moved;
using enum StockAction;

struct StockFixture : tests::ClinicFixture {
    Recorded keep(Fact said, const std::string& facility = "") {
        auto recorded = StockKeeper(*clinic).record(nurse, std::move(said), facility);
        REQUIRE_MESSAGE(recorded, recorded.error().message.id, " ", recorded.error().field);
        return *std::move(recorded);
    }

    Error refusal(Fact said, const std::string& facility = "") {
        auto recorded = StockKeeper(*clinic).record(nurse, std::move(said), facility);
        REQUIRE_FALSE(recorded);
        return recorded.error();
    }

    StockBook book(const std::string& facility = "") {
        return StockKeeper(*clinic).book(facility.empty() ? clinic->identity().code : facility);
    }

    std::int64_t balance(const std::string& facility = "") {
        const auto lots = book(facility).lots(clinic->today());
        return lots.empty() ? -1 : lots.front().balance;
    }

    Recorded give(const WomanId& girl, std::string lot, std::string_view on = "2026-05-01") {
        auto recorded = Recorder(*clinic).record(
            nurse, girl, fact(on, Dose{"egret:cecolin", {}, std::move(lot)}));
        REQUIRE(recorded);
        return *std::move(recorded);
    }

    WomanId girl(const char* birth = "2012-06-01") { return add(somebody("陈雨", birth)); }
};

bool warns(const std::vector<Warning>& warnings, std::string_view code) {
    return std::any_of(warnings.begin(), warnings.end(),
                       [&](const Warning& warning) { return warning.code == code; });
}

TEST_SUITE("registry/service/stock") {
    TEST_CASE_FIXTURE(StockFixture, "stock is kept under the facility's subject, day and product") {
        const auto first = keep(fact("", moved(receipt, "A1", 100)));
        CHECK(is_facility(first.woman));
        CHECK(first.woman == codec::facility_subject(clinic->identity().code));
        CHECK(first.warnings.empty());
        keep(fact("", moved(issue, "a1", 20, "")));
        give(girl(), "A1");
        CHECK(balance() == 79);
        keep(fact("2026-05-01", moved(receipt, "B2", 5)), "C7");
        CHECK(balance("C7") == 5);
        CHECK(clinic->women().count() == 1);
    }

    TEST_CASE_FIXTURE(StockFixture, "what can't be is refused, with the field") {
        CHECK(refusal(fact("2026-05-02", moved(receipt, "A1", 1))).field == "date");
        CHECK(refusal(fact("", moved(receipt, "A1", 1, "egret:cecolni"))).field == "product");
        CHECK(refusal(fact("", moved(count, "A1", 1, ""))).field == "product");
        CHECK(refusal(fact("", moved(receipt, "A1", 1)), "C 7").field == "facility");
        CHECK(refusal(fact("", excursion({}, "2026-04-30"))).field == "lots");
        auto to_itself = moved(issue, "A1", 1);
        to_itself.to_facility = clinic->identity().code;
        CHECK(refusal(fact("", to_itself)).field == "to_facility");
        auto hidden = moved(receipt, "A\x07", 1);
        CHECK(refusal(fact("", hidden)).field == "lot");
        auto later = excursion({"A1"}, "2026-05-01");
        later.to = day("2026-05-02");
        CHECK(refusal(fact("", later)).field == "to");
        CHECK(refusal(fact("", tests::decided(tests::uid(1), LotDecision::released))).field ==
              "about");
        CHECK(refusal(fact("", Visit{})).field == "type");
        nurse.role = Role::read_only;
        CHECK(refusal(fact("", moved(receipt, "A1", 1))).code == ErrorCode::forbidden);
        CHECK(clinic->log().event_count() == 0);
    }

    TEST_CASE_FIXTURE(StockFixture, "what is odd is warned of and kept") {
        auto dated = moved(receipt, "A1", 10);
        dated.expires_on = *PartialDate::parse("2026-04");
        CHECK(warns(keep(fact("", dated)).warnings, "lot_expired"));
        dated.expires_on = *PartialDate::parse("2028-04");
        CHECK(warns(keep(fact("", dated)).warnings, "expiry_differs"));
        CHECK(warns(keep(fact("", moved(issue, "A1", 30))).warnings, "stock_negative"));
        const auto counted = keep(fact("", moved(count, "A1", 7))).warnings;
        REQUIRE(warns(counted, "count_differs"));
        CHECK(counted.front().text.arguments.front().second == "-10");
        CHECK_FALSE(warns(keep(fact("", moved(count, "A1", 7))).warnings, "count_differs"));
        CHECK(warns(keep(fact("", tests::recalled({"Z9"}))).warnings, "lot_unknown"));
        CHECK(balance() == 7);
    }

    TEST_CASE_FIXTURE(StockFixture, "a stock record is corrected and voided like any other") {
        const auto came = keep(fact("2026-04-01", moved(receipt, "A1", 10)));
        Recorder recorder(*clinic);
        const auto corrected =
            recorder.correct(nurse, came.event, fact("2026-04-01", moved(receipt, "A1", 12)), "");
        REQUIRE(corrected);
        CHECK(balance() == 12);
        CHECK(recorder.correct(nurse, came.event, fact("2026-04-01", moved(count, "A1", 12)), "")
                  .error()
                  .field == "action");
        CHECK(recorder.correct(nurse, came.event, fact("2026-05-09", moved(receipt, "A1", 1)), "")
                  .error()
                  .field == "date");
        REQUIRE(recorder.void_fact(nurse, corrected->event, "typed wrongly"));
        CHECK(balance() == 10);
        REQUIRE(recorder.void_fact(nurse, came.event, "never came"));
        CHECK(book().empty());
        CHECK(recorder.void_fact(nurse, came.event, "again").error().code == ErrorCode::conflict);
        CHECK(recorder.record(nurse, girl(), fact("", moved(receipt, "A1", 1))).error().field ==
              "type");
    }

    TEST_CASE_FIXTURE(StockFixture, "before a dose is saved she is told what became of its lot") {
        auto dated = moved(receipt, "A1", 50);
        dated.expires_on = *PartialDate::parse("2026-04");
        keep(fact("2026-03-01", dated));
        CHECK(warns(give(girl(), "a 1").warnings, "lot_expired"));
        CHECK_FALSE(warns(give(girl(), "A1", "2026-04-30").warnings, "lot_expired"));
        keep(fact("2026-03-01", moved(receipt, "B2", 50)));
        CHECK_FALSE(warns(give(girl(), "B2").warnings, "lot_quarantined"));
        const auto held = keep(fact("2026-04-20", excursion({"B2"}, "2026-04-19")));
        CHECK(warns(give(girl(), "B2").warnings, "lot_quarantined"));
        CHECK(warns(give(girl(), "B2", "2026-04-19").warnings, "lot_quarantined"));
        CHECK_FALSE(warns(give(girl(), "B2", "2026-04-18").warnings, "lot_quarantined"));
        keep(fact("2026-04-21", tests::decided(held.event, LotDecision::substandard)));
        CHECK(warns(give(girl(), "B2").warnings, "lot_substandard"));
        keep(fact("2026-04-22", tests::decided(held.event, LotDecision::released)));
        CHECK_FALSE(warns(give(girl(), "B2").warnings, "lot_substandard"));
        keep(fact("2026-04-22", tests::recalled({"B2"})));
        CHECK(warns(give(girl(), "B2").warnings, "lot_recalled"));
        // The vial says one of both: the lot of another product isn't taken from in silence.
        auto nine = moved(receipt, "G1", 10);
        nine.product = "egret:gardasil-9";
        keep(fact("2026-03-01", nine));
        CHECK(warns(give(girl(), "G1").warnings, "dose_of_other_product"));
        auto by_type = fact("2026-05-01", Dose{"cvx:165", {}, "G1"});
        CHECK_FALSE(
            warns(*Recorder(*clinic).preview(nurse, girl(), by_type), "dose_of_other_product"));
        CHECK_FALSE(warns(give(girl(), "B2").warnings, "dose_of_other_product"));
        // A dose of elsewhere is not of this clinic's lot.
        auto seen = fact("2026-05-01", Dose{"egret:cecolin", {}, "B2"});
        seen.at.source = Source::card_seen;
        CHECK_FALSE(warns(*Recorder(*clinic).preview(nurse, girl(), seen), "lot_recalled"));
    }

    TEST_CASE_FIXTURE(StockFixture,
                      "doses of a substandard lot are due again, on lists and in figures") {
        const auto her = girl();
        keep(fact("2026-01-01", moved(receipt, "A1", 50)));
        give(her, "A1", "2026-04-01");
        const auto held = keep(fact("2026-04-05", excursion({}, "2026-03-31")));
        const auto dose_number = [&] {
            const auto items = doses_of(*clinic->load_history(her),
                                        *clinic->programme_on(clinic->today()), clinic->today());
            REQUIRE(items.size() == 1);
            return items.front().dose_number.value_or(0);
        };
        const auto numerator = [&](bool by_recount) {
            store::CoverageQuestion asked;
            asked.indicator = *coverage::find_indicator("hpv1-by-15");
            asked.query = {{}, {}, {clinic->today()}};
            asked.by_recount = by_recount;
            return store::answer_coverage(clinic->log(), clinic->database(), asked)
                .answer.totals.front()
                .figure.numerator;
        };
        CHECK(dose_number() == 2);
        CHECK(make_card(*clinic, *clinic->load_history(her))->doses.front().counts);
        keep(fact("2026-04-06", tests::decided(held.event, LotDecision::substandard)));
        CHECK(dose_number() == 1);
        CHECK(numerator(false) == 0);
        CHECK(numerator(true) == 0);
        CHECK_FALSE(make_card(*clinic, *clinic->load_history(her))->doses.front().counts);
        bool is_walked = false;
        clinic->for_each_history([&](const History& history) {
            is_walked = true;
            CHECK(rules::subject_of(history).doses.front().is_substandard);
        });
        CHECK(is_walked);
        // Whoever reads her file elsewhere can't know of the lot.
        std::ostringstream file;
        NoProgress quiet;
        REQUIRE(Exchange(*clinic).export_persons(nurse, {her}, file, quiet));
        CHECK(file.str().find("\"substandard\":true") != std::string::npos);
        reopen();
        CHECK(dose_number() == 1);
        keep(fact("2026-04-07", tests::decided(held.event, LotDecision::released)));
        CHECK(dose_number() == 2);
        CHECK(numerator(false) == 1);
        CHECK(numerator(true) == 1);
    }

    TEST_CASE_FIXTURE(StockFixture, "an excursion without lots is of all that were there since") {
        keep(fact("2026-01-01", moved(receipt, "A1", 5)));
        keep(fact("2026-01-02", moved(issue, "A1", 5)));
        keep(fact("2026-02-01", moved(receipt, "B2", 5)));
        keep(fact("2026-03-02", moved(receipt, "C3", 5)));
        const auto held = keep(fact("2026-03-05", excursion({}, "2026-03-01")));
        const auto found = Recorder(*clinic).find_live(nurse, held.event);
        REQUIRE(found);
        CHECK(std::get<Stock>(found->live.fact.detail).lots ==
              std::vector<std::string>{"B2", "C3"});
        CHECK(refusal(fact("", tests::decided(held.event, LotDecision::released, {"A1"}))).field ==
              "lots");
    }

    TEST_CASE_FIXTURE(StockFixture, "who had a lot is found by facility, whoever kept the book") {
        const auto one = girl("2012-01-01");
        auto who = somebody("王芳", "2012-05-06");
        who.phones = {"13800138000"};
        const auto other = add(who);
        give(one, "A1", "2026-04-02");
        give(other, "a 1", "2026-04-01");
        give(other, "B2", "2026-04-20");
        auto elsewhere = fact("2026-03-01", Dose{"egret:cecolin", {}, "A1"});
        elsewhere.at.source = Source::card_seen;
        REQUIRE(Recorder(*clinic).record(nurse, one, elsewhere));
        const auto voided = give(one, "A1", "2026-04-09");
        REQUIRE(Recorder(*clinic).void_fact(nurse, voided.event, "another girl"));
        const auto found = lot_recipients(*clinic, nurse, "A1");
        REQUIRE(found.size() == 3);
        CHECK(found[0].facility == "");
        CHECK(found[1].woman == other);
        CHECK(found[1].who.phones.front() == "13800138000");
        CHECK(found[2].woman == one);
        CHECK(lot_recipients(*clinic, nurse, "Z9").empty());
        CHECK(lot_recipients(*clinic, nurse, " ").empty());
    }

    TEST_CASE_FIXTURE(StockFixture,
                      "stock follows the clinic to the code that the centre gives it") {
        keep(fact("2026-04-01", moved(receipt, "A1", 10)));
        const auto her = girl();
        give(her, "A1", "2026-04-10");
        const auto held = keep(fact("2026-04-12", excursion({"A1"}, "2026-04-09")));
        NoProgress quiet;
        REQUIRE(clinic->adopt({DeviceId{{1, 2, 3}}, "350203001", 5, "https://centre"}, quiet));
        CHECK(balance() == 9);
        const auto later = keep(fact("2026-04-20", moved(receipt, "A1", 5)));
        CHECK(later.woman != held.woman);
        CHECK(balance() == 14);
        keep(fact("2026-04-21", tests::decided(held.event, LotDecision::substandard)));
        const auto history = clinic->load_history(her);
        REQUIRE(history);
        CHECK(std::any_of(history->facts.begin(), history->facts.end(),
                          [](const LiveFact& live) { return live.is_spoilt; }));
        CHECK(clinic->check(quiet).empty());
    }

    TEST_CASE_FIXTURE(StockFixture, "a dose that names the clinic's own code follows it, too") {
        const auto own = clinic->identity().code;
        const auto her = girl();
        auto given = fact("2026-04-10", Dose{"egret:cecolin", {}, "A1"});
        given.at.facility = own;
        const auto dose = Recorder(*clinic).record(nurse, her, given);
        REQUIRE(dose);
        const auto moved_on = Recorder(*clinic).correct(nurse, dose->event, given, "");
        REQUIRE(moved_on);
        std::istringstream in(
            R"({"id":"p1","birth_date":"2012-01-01","sex":"female","events":[{"type":"dose",)"
            R"("date":"2026-04-11","product":"egret:cecolin","lot":"A1","facility":")" +
            own + R"("}]})");
        NoProgress quiet;
        REQUIRE(Exchange(*clinic).import_persons(nurse, in, quiet)->refused.empty());
        const auto held = keep(fact("2026-04-12", excursion({"A1"}, "2026-04-09")));
        keep(fact("2026-04-13", tests::decided(held.event, LotDecision::substandard)));
        const auto spoilt = [&] {
            const auto all = lot_recipients(*clinic, nurse, "A1");
            return std::count_if(all.begin(), all.end(),
                                 [](const LotRecipient& one) { return one.is_spoilt; });
        };
        CHECK(spoilt() == 2);
        REQUIRE(clinic->adopt({DeviceId{{1, 2, 3}}, "350203001", 5, "https://centre"}, quiet));
        CHECK(spoilt() == 2);
        CHECK(lot_recipients(*clinic, nurse, "A1").front().facility == "350203001");
    }

    TEST_CASE_FIXTURE(StockFixture, "nobody is imported under a facility's id, or with its stock") {
        const auto refused = [&](const std::string& line) {
            std::istringstream in(line);
            NoProgress quiet;
            const auto imported = Exchange(*clinic).import_persons(nurse, in, quiet);
            REQUIRE(imported);
            REQUIRE(imported->refused.size() == 1);
            return imported->refused.front().error.message.id;
        };
        const auto id = codec::facility_subject("C1").to_string();
        CHECK(refused(R"({"id":")" + id + R"(","birth_date":"2012-01-01","sex":"female"})") ==
              "person.facility_id");
        CHECK(
            refused(R"({"id":"p1","birth_date":"2012-01-01","sex":"female","events":[)"
                    R"({"type":"stock","date":"2026-01-01","action":"recall","lots":["A1"]}]})") ==
            "person.no_stock");
        CHECK(clinic->log().event_count() == 0);
    }
}

}  // namespace
}  // namespace egret::service
