#include "registry/domain/lots.h"

#include "tests/support/stock_facts.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using tests::day;
using tests::decided;
using tests::excursion;
using tests::fact;
using tests::logged;
using tests::uid;

std::vector<LiveFact> facts_of(std::vector<LoggedEvent> events) {
    return fold({tests::woman(1)}, std::move(events)).facts;
}

std::vector<SpoiltLot> spoilt_by(std::vector<LoggedEvent> events) {
    return spoilt_lots(holds_of(facts_of(std::move(events))));
}

LiveFact given(std::string_view date, std::string lot) {
    return facts_of({logged(1, fact(date, Dose{"cvx:118", {}, std::move(lot)}))}).front();
}

TEST_SUITE("registry/domain/lots") {
    TEST_CASE("two writings of a lot are one lot") {
        CHECK(lot_key(" a-1 b") == "A-1B");
        CHECK(lot_key("A-1B") == "A-1B");
        CHECK(lot_key("批1") == "批1");
        CHECK(lot_key("  ") == "");
        CHECK(lot_key("A1") != lot_key("A-1"));
    }

    TEST_CASE("it is known where a dose was given, or it isn't") {
        auto dose = given("2026-03-01", "A1");
        CHECK(known_facility(dose) == "C1");
        dose.fact.at.source = Source::given_here;
        CHECK(known_facility(dose) == "C1");
        for (const auto source : {Source::card_seen, Source::told, Source::imported}) {
            dose.fact.at.source = source;
            dose.fact.at.facility = "";
            CHECK(known_facility(dose) == "");
            dose.fact.at.facility = "C2";
            CHECK(known_facility(dose) == "C2");
        }
    }

    TEST_CASE("a lot is in quarantine until it is decided, and spoils no dose by that") {
        const std::vector<LoggedEvent> events = {
            logged(1, fact("2026-03-03", excursion({"A1", "B2"}, "2026-03-01"))),
            logged(2, fact("2026-03-05", decided(uid(1), LotDecision::released, {"a 1"}))),
            logged(3, fact("2026-03-06", decided(uid(1), LotDecision::substandard, {"B2"})))};
        const auto holds = holds_of(facts_of(events));
        REQUIRE(holds.size() == 1);
        const auto& hold = holds.front();
        CHECK_FALSE(hold.state_on("A1", day("2026-03-02")));
        CHECK(hold.state_on("A1", day("2026-03-04")) == LotDecision::quarantine);
        CHECK(hold.state_on("A1", day("2026-03-05")) == LotDecision::released);
        CHECK(hold.state_on("B2", day("2026-03-05")) == LotDecision::quarantine);
        CHECK(hold.state_on("B2", day("2026-03-06")) == LotDecision::substandard);
        CHECK_FALSE(hold.state_on("C3", day("2026-03-06")));
        CHECK(hold.word_on_dose("B2", day("2026-03-01")) == LotDecision::substandard);
        CHECK_FALSE(hold.word_on_dose("B2", day("2026-02-28")));
        CHECK(spoilt_by(events) == std::vector<SpoiltLot>{{"C1", "B2", day("2026-03-01")}});
        CHECK(spoilt_by({events[0]}).empty());
    }

    TEST_CASE("the last day's word holds, of one day the last recorded") {
        const auto base = logged(1, fact("2026-03-03", excursion({"A1"}, "2026-03-01")));
        const auto bad = decided(uid(1), LotDecision::substandard);
        const auto good = decided(uid(1), LotDecision::released);
        CHECK(spoilt_by(
                  {base, logged(2, fact("2026-03-05", bad)), logged(3, fact("2026-03-04", good))})
                  .size() == 1);
        CHECK(spoilt_by(
                  {base, logged(2, fact("2026-03-05", bad)), logged(3, fact("2026-03-05", good))})
                  .empty());
        // Of what is dated before the excursion was found, too: it can't have been decided then.
        CHECK(spoilt_by(
                  {base, logged(2, fact("2026-03-03", good)), logged(3, fact("2026-02-01", bad))})
                  .size() == 1);
    }

    TEST_CASE("a void takes a decision or an excursion away; a correction never its action") {
        const auto base = logged(1, fact("2026-03-03", excursion({"A1"}, "2026-03-01")));
        const auto bad = logged(2, fact("2026-03-05", decided(uid(1), LotDecision::substandard)));
        CHECK(spoilt_by({base, bad, logged(3, fact("", VoidFact{uid(2)}))}).empty());
        CHECK(spoilt_by({base, bad, logged(3, fact("", VoidFact{uid(1)}))}).empty());
        const auto receipt =
            logged(4, fact("2026-03-05", tests::moved(StockAction::receipt, "A1", 1)));
        const auto turned =
            fact("2026-03-05", excursion({"A1"}, "2026-03-01", LotDecision::substandard));
        CHECK(spoilt_by({receipt, logged(5, fact("", Correct{uid(4), {turned}}))}).empty());
        const auto earlier = fact("2026-03-03", excursion({"A1"}, "2026-02-01"));
        CHECK(spoilt_by({base, bad, logged(5, fact("", Correct{uid(1), {earlier}}))}) ==
              std::vector<SpoiltLot>{{"C1", "A1", day("2026-02-01")}});
    }

    TEST_CASE("doses since the first day of it are spoilt, at that facility and of that lot") {
        const auto spoilt =
            spoilt_by({logged(1, fact("2026-03-03",
                                      excursion({"A1"}, "2026-03-01", LotDecision::substandard))),
                       logged(2, fact("2026-03-09",
                                      excursion({"a1"}, "2026-03-08", LotDecision::substandard)))});
        CHECK(spoilt.size() == 1);
        CHECK(is_of_spoilt_lot(given("2026-03-01", "a1"), spoilt));
        CHECK(is_of_spoilt_lot(given("2027", "A1"), spoilt));
        CHECK_FALSE(is_of_spoilt_lot(given("2026-02-28", "A1"), spoilt));
        CHECK_FALSE(is_of_spoilt_lot(given("2026-03-01", "A2"), spoilt));
        CHECK_FALSE(is_of_spoilt_lot(given("2026-03-01", ""), spoilt));
        // It may have been given after it.
        CHECK(is_of_spoilt_lot(given("2026-03", "A1"), spoilt));
        auto elsewhere = given("2026-03-01", "A1");
        elsewhere.fact.at.facility = "C2";
        CHECK_FALSE(is_of_spoilt_lot(elsewhere, spoilt));
    }

    TEST_CASE("a recall that is found substandard spoils all that was ever given") {
        const auto recall = logged(1, fact("2026-03-03", tests::recalled({"A1"})));
        CHECK(spoilt_by({recall}).empty());
        const auto spoilt = spoilt_by(
            {recall, logged(2, fact("2026-03-04", decided(uid(1), LotDecision::substandard)))});
        CHECK(is_of_spoilt_lot(given("1990-01-01", "A1"), spoilt));
    }
}

}  // namespace
}  // namespace egret
