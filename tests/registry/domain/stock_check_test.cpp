#include "registry/domain/stock_check.h"

#include "registry/domain/check.h"
#include "tests/support/stock_facts.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using tests::excursion;
using tests::fact;
using tests::moved;

std::string refused_member(Stock stock, std::string_view date = "2026-03-01") {
    auto made = fact(date, std::move(stock));
    const auto checked = check(made);
    return checked ? "accepted" : checked.error().field;
}

template <class Change>
std::string refused_after(Stock stock, Change change) {
    change(stock);
    return refused_member(std::move(stock));
}

TEST_SUITE("registry/domain/stock_check") {
    TEST_CASE("a movement needs a lot, a product and a number of doses") {
        using enum StockAction;
        for (const auto action : {receipt, issue, count, discard}) {
            CAPTURE(to_string(action));
            const auto whole = moved(action, "A1", 10);
            CHECK(refused_member(whole) == "accepted");
            CHECK(refused_after(whole, [](auto& s) { s.lot = ""; }) == "lot");
            CHECK(refused_after(whole, [](auto& s) { s.product = ""; }) == "product");
            CHECK(refused_after(whole, [](auto& s) { s.product = "165"; }) == "product");
            CHECK(refused_after(whole, [](auto& s) { s.quantity = {}; }) == "quantity");
            CHECK(refused_after(whole, [](auto& s) { s.quantity = -1; }) == "quantity");
            CHECK(refused_after(whole, [](auto& s) { s.quantity = stock_quantity_max + 1; }) ==
                  "quantity");
            CHECK(refused_after(whole, [](auto& s) { s.lots = {"A1"}; }) == "lots");
            CHECK(refused_member(whole, "2026-03") == "date");
        }
        CHECK(refused_member(moved(count, "A1", 0)) == "accepted");
        CHECK(refused_member(moved(receipt, "A1", 0)) == "quantity");
        CHECK(refused_member(Stock{}) == "action");
    }

    TEST_CASE("what belongs to another action is refused") {
        using enum StockAction;
        CHECK(refused_after(moved(receipt, "A1", 1), [](auto& s) { s.to_facility = "C2"; }) ==
              "to_facility");
        CHECK(refused_after(moved(issue, "A1", 1), [](auto& s) {
                  s.expires_on = *PartialDate::parse("2028");
              }) == "expires_on");
        CHECK(refused_after(moved(count, "A1", 1),
                            [](auto& s) { s.reason = DiscardReason::other; }) == "reason");
        CHECK(refused_after(excursion({"A1"}, "2026-02-28"), [](auto& s) { s.lot = "A1"; }) ==
              "lot");
        CHECK(refused_after(tests::recalled({"A1"}), [](auto& s) { s.max_celsius = "9"; }) ==
              "max_celsius");
        CHECK(refused_after(tests::recalled({"A1"}), [](auto& s) { s.about = tests::uid(1); }) ==
              "about");
    }

    TEST_CASE("vaccine goes to a facility or a session, not to both or neither") {
        const auto issue = moved(StockAction::issue, "A1", 1);
        CHECK(refused_after(issue, [](auto& s) { s.to_facility = ""; }) == "to_facility");
        CHECK(refused_after(issue, [](auto& s) { s.session = DoseSession::school; }) ==
              "to_facility");
        CHECK(refused_after(issue, [](auto& s) { s.to_facility = "Ö"; }) == "to_facility");
        CHECK(refused_after(issue, [](auto& s) {
                  s.to_facility = "";
                  s.session = DoseSession::school;
              }) == "accepted");
        CHECK(refused_after(moved(StockAction::discard, "A1", 1), [](auto& s) { s.reason = {}; }) ==
              "reason");
    }

    TEST_CASE("an excursion has lots, a beginning and temperatures that can be") {
        const auto whole = excursion({"A1"}, "2026-02-28");
        CHECK(refused_member(whole) == "accepted");
        CHECK(refused_after(whole, [](auto& s) { s.lots = {}; }) == "lots");
        CHECK(refused_after(whole, [](auto& s) { s.lots = {"A1", ""}; }) == "lots[1]");
        CHECK(refused_after(whole, [](auto& s) { s.from = {}; }) == "from");
        CHECK(refused_after(whole, [](auto& s) { s.from = tests::day("2026-03-02"); }) == "from");
        CHECK(refused_after(whole, [](auto& s) { s.to = tests::day("2026-02-27"); }) == "to");
        for (const auto* wrong : {"warm", "1.", ".5", "100", "1.234", "--1", "+1", "1,5", "-"}) {
            CAPTURE(wrong);
            CHECK(refused_after(whole, [&](auto& s) { s.min_celsius = wrong; }) == "min_celsius");
        }
        CHECK(refused_after(whole, [](auto& s) {
                  s.min_celsius = "-0.5";
                  s.max_celsius = "-0.51";
              }) == "max_celsius");
        auto said = whole;
        said.min_celsius = "-0.50";
        said.max_celsius = "12.0";
        auto made = fact("2026-03-01", said);
        REQUIRE(check(made));
        CHECK(std::get<Stock>(made.detail).min_celsius == "-0.5");
        CHECK(std::get<Stock>(made.detail).max_celsius == "12");
    }

    TEST_CASE("a decision names what it is on, and what it is") {
        const auto whole = tests::decided(tests::uid(1), LotDecision::released);
        CHECK(refused_member(whole) == "accepted");
        CHECK(refused_after(whole, [](auto& s) { s.about = {}; }) == "about");
        CHECK(refused_after(whole, [](auto& s) { s.decision = {}; }) == "decision");
        CHECK(refused_after(whole, [](auto& s) { s.from = tests::day("2026-01-01"); }) == "from");
    }
}

}  // namespace
}  // namespace egret
