#include "registry/store/stock_answer.h"

#include "registry/codec/facility_subject.h"
#include "registry/store/stock_books.h"
#include "tests/support/projected_registry.h"
#include "tests/support/stock_facts.h"

#include <doctest/doctest.h>

namespace egret::store {
namespace {

using tests::day;
using tests::fact;
using tests::moved;
using enum StockAction;

constexpr auto cecolin = "egret:cecolin";
constexpr auto gardasil = "egret:gardasil-9";

/// Two clinics that record stock, one that records none, and a store-room that nobody placed.
struct AnswerFixture : tests::ProjectedRegistry {
    AnswerFixture() {
        at(1, "2026-01-01", moved(receipt, "A1", 10));
        at(1, "2026-01-02", moved(discard, "A1", 1));
        at(1, "2026-01-05", moved(receipt, "G1", 5, gardasil));
        at(2, "2026-01-01", moved(receipt, "B1", 90));
        at(2, "2026-01-03", moved(discard, "B1", 30));
        at(2, "2026-01-09", moved(issue, "B1", 60));  // Without on the 9th and the 10th.
        at(1, "2026-01-04", moved(receipt, "R1", 7), "ROOM");
    }

    void at(std::uint8_t device, std::string_view date, Stock stock, std::string facility = "") {
        const auto code = facility.empty() ? "C" + std::to_string(device) : facility;
        auto said = fact(date, std::move(stock));
        said.at.facility = std::move(facility);
        say(std::move(said), codec::facility_subject(code), tests::device(device));
    }

    StockReply ask(StockQuestion question = {}) {
        if (question.period == StockPeriod{})
            question.period = {day("2026-01-01"), day("2026-01-10")};
        return answer_stock(log, *db, {{"C1", "350203001"}, {"C2", "350205"}, {"C3", "350203"}},
                            question);
    }

    static StockQuestion by(StockBy by) {
        StockQuestion question;
        question.by = by;
        return question;
    }
};

using Codes = std::vector<std::string>;

TEST_SUITE("registry/store/stock_answer") {
    TEST_CASE_FIXTURE(AnswerFixture, "figures stand by facility and by product") {
        const auto reply = ask();
        REQUIRE(reply.cells.size() == 4);
        const auto& first = reply.cells.front();
        CHECK(first.facility == "C1");
        CHECK(first.area == "350203001");
        CHECK(first.product == cecolin);
        CHECK(first.figures == StockFigures{{1, 10}, {0, 0}, {0, 10}, {1, 1}});
        // From the day on on which the clinic first told of it.
        CHECK(reply.cells[1].product == gardasil);
        CHECK(reply.cells[1].figures == StockFigures{{0, 5}, {0, 0}, {0, 6}, {1, 1}});
        CHECK(reply.cells[2].facility == "C2");
        CHECK(reply.cells[2].figures == StockFigures{{30, 90}, {0, 0}, {2, 10}, {0, 1}});
        CHECK(reply.cells[3].facility == "ROOM");
        CHECK(reply.cells[3].area == "");
        CHECK(reply.told == Codes{"C1", "C2", "ROOM"});
        CHECK(reply.freshness.clinics == 2);
    }

    TEST_CASE_FIXTURE(AnswerFixture, "sums are of parts and wholes, never of percentages") {
        const auto products = ask(by(StockBy::product));
        REQUIRE(products.cells.size() == 2);
        const auto& sum = products.cells.front();
        CHECK(sum.facility == "");
        CHECK(sum.product == cecolin);
        // 10 % and 33.3 % and 0 % of different stocks are 31 of 107, not a mean.
        CHECK(sum.figures == StockFigures{{31, 107}, {0, 0}, {2, 27}, {2, 3}});
        const auto facilities = ask(by(StockBy::facility));
        REQUIRE(facilities.cells.size() == 3);
        CHECK(facilities.cells.front().product == "");
        CHECK(facilities.cells.front().figures == StockFigures{{1, 15}, {0, 0}, {0, 16}, {2, 2}});
        for (const auto& reply : {products, facilities, ask()}) {
            StockFigures total;
            for (const auto& cell : reply.cells) total += cell.figures;
            CHECK(reply.total == total);
            CHECK(reply.total == ask().total);
        }
    }

    TEST_CASE_FIXTURE(AnswerFixture,
                      "who told nothing is named, and is no site without stock-out") {
        CHECK(ask().silent == Codes{"C3"});
        CHECK(ask().total.available.of == 4);
        StockQuestion before;
        before.period = {day("2025-12-01"), day("2025-12-31")};
        const auto early = ask(before);
        CHECK(early.cells.empty());
        CHECK(early.total == StockFigures{});
        CHECK(early.silent == Codes{"C1", "C2", "C3"});
        // Doses alone say nothing of stock.
        say(tests::registration("王小丽", "2012-01-01", "350203"), tests::woman(1),
            tests::device(3));
        say(fact("2026-01-02", Dose{cecolin, {}, "A1"}), tests::woman(1), tests::device(3));
        CHECK(ask().silent == Codes{"C3"});
    }

    TEST_CASE_FIXTURE(AnswerFixture, "one area or facility is asked for") {
        StockQuestion question;
        question.area = *AreaCode::parse("350203");
        auto reply = ask(question);
        CHECK(reply.told == Codes{"C1"});
        CHECK(reply.silent == Codes{"C3"});
        question.area = *AreaCode::parse("3502");
        CHECK(ask(question).told == Codes{"C1", "C2"});
        question.facility = "C2";
        reply = ask(question);
        CHECK(reply.told == Codes{"C2"});
        CHECK(reply.silent.empty());
        question.area.reset();
        question.facility = "C3";
        reply = ask(question);
        CHECK(reply.cells.empty());
        CHECK(reply.silent == Codes{"C3"});
        question.facility = "ROOM";
        CHECK(ask(question).told == Codes{"ROOM"});
    }

    TEST_CASE_FIXTURE(AnswerFixture, "an answer is that of the single books") {
        LotIndex lots(*db);
        StockBooks books(log, lots);
        const auto reply = ask();
        for (const auto& cell : reply.cells) {
            CHECK(cell.figures ==
                  stock_figures(books.book(cell.facility), cell.product, reply.question.period));
        }
        CHECK(books.book("C9").empty());
    }
}

}  // namespace
}  // namespace egret::store
