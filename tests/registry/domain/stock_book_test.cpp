#include "registry/domain/stock_book.h"

#include "registry/base/random.h"
#include "registry/domain/stock_figures.h"
#include "tests/support/stock_facts.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret {
namespace {

using tests::day;
using tests::excursion;
using tests::fact;
using tests::logged;
using tests::moved;
using tests::uid;
using enum StockAction;

constexpr auto product = "egret:cecolin";

/// Facts of a facility and doses given there; the n-th that is said was recorded at minute n.
struct Shelf {
    std::vector<LoggedEvent> events;
    std::vector<DoseTaken> doses;
    std::uint8_t last = 0;

    EventUid say(std::string_view date, Stock stock) { return add(fact(date, std::move(stock))); }

    EventUid add(Fact said) {
        events.push_back(logged(++last, std::move(said)));
        return uid(last);
    }

    void give(std::string_view date, std::string lot, std::string of = product,
              std::optional<DoseSession> session = {}) {
        DoseTaken dose;
        dose.uid = uid(++last);
        dose.day = day(date);
        dose.at = logged(last, Fact{}).order.effective;
        dose.product = std::move(of);
        dose.lot = std::move(lot);
        dose.session = session;
        doses.push_back(dose);
    }

    StockBook book() const { return {"C1", fold({tests::woman(1)}, events).facts, doses}; }

    LotBalance only_lot(std::string_view on = "2026-12-31") const {
        const auto lots = book().lots(day(on));
        REQUIRE(lots.size() == 1);
        return lots.front();
    }
};

std::string text_of(const StockBook& book) {
    std::string all;
    for (const auto& lot : book.lots(day("2030-01-01"))) {
        all += lot.product + " " + lot.lot + " " + std::to_string(lot.balance) + " " +
               std::to_string(lot.difference) + " " + std::to_string(lot.at_sessions) + "\n";
        for (const auto& line : book.lines(lot_key(lot.lot)))
            all += line.uid.to_string() + " " + std::to_string(line.balance) + "\n";
    }
    return all + std::to_string(book.unknown_doses().size());
}

TEST_SUITE("registry/domain/stock_book") {
    TEST_CASE_FIXTURE(Shelf, "what came less what went is what is left") {
        say("2026-03-01", moved(receipt, "A1", 100));
        say("2026-03-02", moved(issue, "a1", 20));
        say("2026-03-03", moved(discard, "A 1", 3));
        give("2026-03-04", "A1");
        give("2026-03-05", "A1");
        const auto lot = only_lot();
        CHECK(lot.lot == "A1");
        CHECK(lot.received == 100);
        CHECK(lot.issued == 20);
        CHECK(lot.discarded == 3);
        CHECK(lot.given == 2);
        CHECK(lot.balance == 75);
        CHECK(only_lot("2026-03-02").balance == 80);
        CHECK(book().lots(day("2026-02-28")).empty());
    }

    TEST_CASE_FIXTURE(Shelf,
                      "a count stands in place of what was reckoned, and shows by how much") {
        say("2026-03-01", moved(receipt, "A1", 100));
        give("2026-03-02", "A1");
        say("2026-03-03", moved(count, "A1", 97));
        give("2026-03-03", "A1");  // On that day, so before the count.
        give("2026-03-04", "A1");
        give("2026-03-01", "A1");  // Told of late: the count had it already.
        const auto lot = only_lot();
        CHECK(lot.balance == 96);
        CHECK(lot.difference == 0);
        CHECK(lot.given == 4);
        CHECK(lot.balance ==
              lot.received - lot.issued - lot.discarded - lot.given + lot.difference);
        CHECK(lot.counted_on == day("2026-03-03"));
    }

    TEST_CASE_FIXTURE(Shelf, "what was issued to a session is given and comes back there") {
        auto out = moved(issue, "A1", 30);
        out.to_facility = "";
        out.session = DoseSession::school;
        say("2026-03-01", moved(receipt, "A1", 100));
        say("2026-03-02", out);
        CHECK(only_lot().balance == 70);
        CHECK(only_lot().at_sessions == 30);
        give("2026-03-02", "A1", product, DoseSession::school);
        give("2026-03-02", "A1", product, DoseSession::routine);
        CHECK(only_lot().balance == 69);
        CHECK(only_lot().at_sessions == 29);
        auto broken = moved(discard, "A1", 2);
        broken.session = DoseSession::school;
        say("2026-03-02", broken);
        auto back = moved(receipt, "A1", 27);
        back.session = DoseSession::school;
        say("2026-03-02", back);
        const auto lot = only_lot();
        CHECK(lot.at_sessions == 0);
        CHECK(lot.balance == 96);
        CHECK(lot.received == 100);
        CHECK(lot.issued == 0);
        CHECK(lot.balance == lot.received - lot.issued - lot.discarded - lot.given);
    }

    TEST_CASE_FIXTURE(Shelf, "a dose of another name of the vaccine is of the one lot there is") {
        say("2026-03-01", moved(receipt, "A1", 10));
        give("2026-03-02", "A1", "cvx:118");
        CHECK(only_lot().balance == 9);
        say("2026-03-01", moved(receipt, "A1", 10, "cvx:118"));
        give("2026-03-02", "A1", "cvx:118");
        give("2026-03-02", "A1", "cvx:165");  // Of neither, and nobody knows which.
        give("2026-03-02", "Z9");
        give("2026-03-02", "");
        give("2026-02-28", "");  // Before there was a book.
        const auto lots = book().lots(day("2026-12-31"));
        REQUIRE(lots.size() == 2);
        CHECK(lots[0].product == "cvx:118");
        CHECK(lots[0].balance == 8);
        CHECK(lots[1].balance == 10);
        CHECK(book().unknown_doses().size() == 3);
        CHECK(book().unknown_doses().front().product == "cvx:165");
        CHECK(book().lines("Z9").size() == 1);
    }

    TEST_CASE_FIXTURE(Shelf, "another facility's stock, and what isn't completed, is left out") {
        say("2026-03-01", moved(receipt, "A1", 10));
        auto elsewhere = fact("2026-03-01", moved(receipt, "A1", 5));
        elsewhere.at.facility = "C2";
        add(elsewhere);
        auto undone = fact("2026-03-01", moved(receipt, "A1", 5));
        undone.at.status = EventStatus::not_done;
        add(undone);
        CHECK(only_lot().balance == 10);
    }

    TEST_CASE_FIXTURE(Shelf, "the worst of what speaks against a lot is said") {
        auto dated = moved(receipt, "A1", 10);
        dated.expires_on = *PartialDate::parse("2026-06");
        say("2026-03-01", dated);
        const auto held = say("2026-03-10", excursion({"A1"}, "2026-03-09"));
        const auto state = [&](std::string_view on) {
            const auto made = book();
            return made.state_on("A1", made.lots(day(on)).front().expires_on, day(on));
        };
        CHECK(state("2026-03-09") == LotState::usable);
        CHECK(state("2026-03-10") == LotState::quarantine);
        CHECK(book().usable(product, day("2026-03-10")) == 0);
        say("2026-03-20", tests::recalled({"a1"}));
        CHECK(state("2026-03-20") == LotState::recalled);
        say("2026-03-21", tests::decided(held, LotDecision::substandard));
        CHECK(state("2026-03-21") == LotState::substandard);
        CHECK(state("2026-03-11") == LotState::quarantine);
        say("2026-03-22", tests::decided(held, LotDecision::released));
        CHECK(state("2026-03-22") == LotState::recalled);
        Shelf plain;
        plain.say("2026-03-01", dated);
        const auto expiry = PartialDate(*PartialDate::parse("2026-06"));
        CHECK(plain.book().state_on("A1", expiry, day("2026-06-30")) == LotState::usable);
        CHECK(plain.book().state_on("A1", expiry, day("2026-07-01")) == LotState::expired);
    }

    TEST_CASE("the balance hangs on the set of facts, not on their order; a void is as never") {
        SeededRandom random(7);
        for (int round = 0; round < 30; ++round) {
            Shelf shelf;
            std::vector<EventUid> said;
            for (int i = 0; i < 25; ++i) {
                const auto on = day("2026-03-01").plus_days(static_cast<int>(random.below(6)));
                const auto lot = random.chance(0.5) ? "A1" : "B2";
                if (random.chance(0.4)) {
                    shelf.give(on.to_string(), lot);
                    continue;
                }
                const StockAction actions[] = {receipt, issue, count, discard};
                auto stock = moved(actions[random.below(4)], lot,
                                   static_cast<std::int64_t>(1 + random.below(20)));
                if (stock.action == issue && random.chance(0.5)) {
                    stock.to_facility = "";
                    stock.session = DoseSession::school;
                }
                said.push_back(shelf.say(on.to_string(), stock));
            }
            const auto expected = text_of(shelf.book());
            for (const auto& lot : shelf.book().lots(day("2026-12-31"))) {
                CHECK(lot.balance + lot.at_sessions ==
                      lot.received - lot.issued - lot.discarded - lot.given + lot.difference);
            }
            auto shuffled = shelf;
            for (std::size_t i = shuffled.events.size(); i > 1; --i)
                std::swap(shuffled.events[i - 1], shuffled.events[random.below(i)]);
            std::reverse(shuffled.doses.begin(), shuffled.doses.end());
            CHECK(text_of(shuffled.book()) == expected);

            auto without = shelf;
            const auto gone = said[random.below(said.size())];
            std::erase_if(without.events,
                          [&](const auto& event) { return event.event.uid == gone; });
            auto voided = shelf;
            voided.add(fact("", VoidFact{gone}));
            CHECK(text_of(voided.book()) == text_of(without.book()));
        }
    }

    TEST_CASE_FIXTURE(Shelf, "wastage of closed and of open vials is told apart") {
        say("2026-01-01", moved(receipt, "A1", 50));
        say("2026-03-01", moved(receipt, "A1", 50));
        say("2026-03-02", moved(discard, "A1", 4));
        auto opened = moved(discard, "A1", 2);
        opened.reason = DiscardReason::opened_vial;
        say("2026-03-03", opened);
        for (int i = 0; i < 8; ++i) give("2026-03-04", "A1");
        const StockPeriod march{day("2026-03-01"), day("2026-03-31")};
        CHECK(closed_vial_wastage(book(), product, march) == StockShare{4, 100});
        CHECK(open_vial_wastage(book(), product, march) == StockShare{2, 10});
        const StockPeriod april{day("2026-04-01"), day("2026-04-30")};
        CHECK(closed_vial_wastage(book(), product, april) == StockShare{0, 86});
        CHECK(open_vial_wastage(book(), product, april) == StockShare{0, 0});
        CHECK(open_vial_wastage(book(), "cvx:165", march) == StockShare{0, 0});
    }

    TEST_CASE_FIXTURE(Shelf, "a day at whose end no dose may be used is a day without vaccine") {
        auto dated = moved(receipt, "B2", 5);
        dated.expires_on = *PartialDate::parse("2026-03-25");
        say("2026-03-03", moved(receipt, "A1", 1));
        give("2026-03-05", "A1");
        say("2026-03-10", dated);
        const auto held = say("2026-03-15", excursion({"B2"}, "2026-03-14"));
        say("2026-03-18", tests::decided(held, LotDecision::released));
        // The 5th to the 9th, the 15th to the 17th, and from the 26th on.
        const StockPeriod march{day("2026-03-01"), day("2026-03-31")};
        // Nothing is known of the 1st and the 2nd.
        CHECK(stock_out_days(book(), product, march) == StockShare{5 + 3 + 6, 29});
        CHECK(stock_out_days(book(), product, {day("2026-03-05"), day("2026-03-05")}) ==
              StockShare{1, 1});
        CHECK(stock_out_days(book(), "cvx:165", march) == StockShare{0, 0});
        CHECK(stock_figures(book(), product, march).available == StockShare{0, 1});
        const StockPeriod good{day("2026-03-10"), day("2026-03-14")};
        CHECK(stock_figures(book(), product, good).available == StockShare{1, 1});
        const StockPeriod before{day("2026-02-01"), day("2026-02-28")};
        CHECK(stock_figures(book(), product, before) == StockFigures{});
        CHECK_FALSE(stock_figures(book(), product, before).is_told());
    }

    TEST_CASE_FIXTURE(Shelf, "what may be used is what the lots that may be used have left") {
        auto dated = moved(receipt, "B2", 9);
        dated.expires_on = *PartialDate::parse("2026-03-20");
        say("2026-03-02", moved(receipt, "A1", 3));
        say("2026-03-04", dated);
        for (int i = 0; i < 4; ++i) give("2026-03-06", "A1");
        give("2026-03-07", "B2");
        say("2026-03-09", moved(count, "A1", 2));
        say("2026-03-11", excursion({"A1"}, "2026-03-10"));
        for (auto on = day("2026-03-01"); on <= day("2026-03-25"); on = on.plus_days(1)) {
            std::int64_t left = 0;
            for (const auto& lot : book().lots(on)) {
                const auto state = book().state_on(lot_key(lot.lot), lot.expires_on, on);
                if (state == LotState::usable) left += std::max<std::int64_t>(lot.balance, 0);
            }
            CAPTURE(on.to_string());
            CHECK(book().usable(product, on) == left);
        }
    }
}

}  // namespace
}  // namespace egret
