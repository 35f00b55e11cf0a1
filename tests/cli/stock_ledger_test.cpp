#include "tests/support/stock_run.h"

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::Ran;
using tests::says;
using tests::StockRun;

std::int64_t balance_of(const Ran& shown, std::size_t lot = 0) {
    const auto answer = shown.json();
    return StockRun::number(answer.find("lots")->as_array().at(lot), "balance");
}

TEST_SUITE("cli/stock_ledger") {
    TEST_CASE_FIXTURE(StockRun, "who begins with a count has stock to waste, and nothing missing") {
        const auto first =
            stock({"count", "lot=A1", "product=egret:cecolin", "quantity=80", "date=2026-03-01"});
        CHECK_FALSE(warns(first, "count_differs"));
        stock({"discard", "lot=A1", "quantity=2", "reason=broken", "date=2026-04-01"});
        CHECK(says(zh({"wastage"}).out, "2/80"));
        CHECK(warns(stock({"count", "lot=A1", "quantity=79", "date=2026-04-02"}), "count_differs"));
        CHECK(says(zh({"wastage"}).out, "2/81"));
    }

    TEST_CASE_FIXTURE(StockRun, "a count is of its day's end, whatever is typed in after it") {
        const auto woman = add("陈雨", "2012-06-01");
        receive("A1", "100", "2026-03-01");
        stock({"count", "lot=A1", "quantity=98", "date=2026-04-05"});
        give(woman, "A1", "2026-04-05");
        give(woman, "A1", "2026-04-05");
        CHECK(balance_of(stock({"show"})) == 98);
        const auto came = stock({"receive", "lot=A1", "quantity=50", "date=2026-04-05"});
        CHECK(warns(came, "counted_that_day"));
        CHECK(balance_of(stock({"show"})) == 98);
        const auto lines = stock({"show", "A1"}).json();
        CHECK(lines.as_array().back().find("action")->as_text() == "count");
        give(woman, "A1", "2026-04-06");
        CHECK(balance_of(stock({"show"})) == 97);
        CHECK_FALSE(warns(stock({"receive", "lot=A1", "quantity=50", "date=2026-04-06"}),
                          "counted_that_day"));
    }

    TEST_CASE_FIXTURE(StockRun, "two products of one lot number keep their own dates") {
        const auto woman = add("陈雨", "2012-06-01");
        stock({"receive", "lot=P1", "product=egret:cecolin", "quantity=10", "expires_on=2026-03",
               "date=2026-02-01"});
        const auto other = stock({"receive", "lot=P1", "product=egret:gardasil-9", "quantity=10",
                                  "expires_on=2028-03", "date=2026-02-01"});
        CHECK_FALSE(warns(other, "expiry_differs"));
        CHECK(warns(other, "lot_of_other_product"));
        CHECK(warns(stock({"receive", "lot=P1", "product=egret:gardasil-9", "quantity=10",
                           "expires_on=2028-04", "date=2026-02-01"}),
                    "expiry_differs"));
        const auto dose = [&](const char* product) {
            return done({"record", "dose", "--woman", woman, "--date", "2026-04-20",
                         std::string("product=") + product, "lot=P1"});
        };
        CHECK_FALSE(warns(dose("egret:gardasil-9"), "lot_expired"));
        CHECK(warns(dose("egret:cecolin"), "lot_expired"));
        CHECK(says(zh({"show", "P1"}).out, "馨可宁"));
    }

    TEST_CASE_FIXTURE(StockRun, "what is warned of on the shelf is said for the shelf") {
        stock({"receive", "lot=A1", "product=egret:cecolin", "quantity=10", "expires_on=2026-03",
               "date=2026-02-01"});
        const auto expired = zh({"issue", "lot=A1", "quantity=1", "to_facility=C2"});
        CHECK(says(expired.err, "reason=expired"));
        CHECK_FALSE(says(expired.err, "substandard"));
        receive("B2", "10", "2026-02-01");
        stock({"recall", "lots=B2", "decision=substandard"});
        const auto bad = zh({"issue", "lot=B2", "quantity=1", "to_facility=C2"});
        CHECK(says(bad.err, "不合格"));
        CHECK_FALSE(says(bad.err, "接种后"));
    }

    TEST_CASE_FIXTURE(StockRun, "the list of who had a lot says what each dose is worth, and why") {
        receive("A1", "10", "2026-02-01");
        const auto early = add("陈早", "2012-06-01");
        give(early, "A1", "2026-03-01");
        const auto late = add("陈晚", "2012-06-02");
        give(late, "A1", "2026-04-20");
        done({"record", "death", "--woman", late, "--date", "2026-04-25"});
        const auto marked = add("陈标", "2012-06-03");
        give(marked, "A1", "2026-04-21", {"substandard=true"});
        const auto by = [&](const std::string& woman) {
            const auto all = stock({"who", "A1"}).json();
            for (const auto& one : all.as_array()) {
                if (one.find("woman")->as_text() == woman) return one;
            }
            FAIL("nobody");
            return json::Value(nullptr);
        };
        CHECK(by(marked).find("substandard")->as_bool());
        CHECK(by(early).find("state")->as_text() == "usable");
        const auto held =
            stock({"excursion", "from=2026-04-15", "lots=A1", "date=2026-04-26"}).text("event");
        CHECK(by(early).find("state")->as_text() == "usable");
        CHECK(by(early).find("before_excursion")->as_bool());
        CHECK(by(late).find("state")->as_text() == "quarantine");
        CHECK_FALSE(by(late).find("before_excursion")->as_bool());
        const auto decided = stock({"decide", held, "decision=substandard"});
        CHECK(decided.json().find("women_spoilt")->as_integer() == 1);
        CHECK(by(late).find("substandard")->as_bool());
        const auto table = zh({"who", "A1"}).out;
        CHECK(says(table, "剂次无效；已死亡"));
        CHECK(says(table, "早于"));
    }

    TEST_CASE_FIXTURE(StockRun, "what is released stays held by whatever else holds it") {
        receive("A1", "10", "2026-02-01");
        const auto spoilt =
            stock({"excursion", "from=2026-04-01", "lots=A1", "decision=substandard"});
        CHECK_FALSE(warns(spoilt, "hold_twice"));
        const auto recall = stock({"recall", "lots=A1"}).text("event");
        const auto released = stock({"decide", recall, "decision=released"});
        CHECK(first_state(released) == "substandard");
        CHECK(warns(released, "lot_still_held"));
        CHECK(says(zh({"decide", recall, "decision=released"}).err, spoilt.text("event")));
        CHECK(warns(stock({"excursion", "from=2026-04-01", "lots=a1"}), "hold_twice"));
        CHECK(zh({"recall", "lots=A1,a1"}).status == ExitStatus::usage);
    }

    TEST_CASE_FIXTURE(StockRun, "a correction or a void is held to what a record is") {
        receive("A1", "10", "2026-02-01");
        const auto came = done({"log", "show"}).json().as_array().front().find("event")->as_text();
        const auto woman = add("陈雨", "2012-06-01");
        give(woman, "A1", "2026-04-20");
        const auto held = stock({"excursion", "from=2026-04-01", "lots=A1"}).text("event");
        const auto decided = stock({"decide", held, "decision=substandard"}).text("event");
        CHECK(run({"correct", decided, "lots=ZZZ"}).status != ExitStatus::done);
        const auto corrected = done({"correct", held, "from=2026-04-21"});
        CHECK(corrected.json().find("women_spoilt")->as_integer() == 0);
        CHECK(first_state(corrected) == "substandard");
        done({"correct", held, "from=2026-04-01"});
        const auto voided = done({"void", decided, "--because", "wrong"});
        CHECK(voided.json().find("women_spoilt")->as_integer() == 0);
        CHECK(first_state(voided) == "quarantine");
        CHECK(first_state(done({"void", held, "--because", "wrong"})) == "released");
        CHECK(warns(done({"correct", came, "lot=A2"}), "doses_left_over"));
        CHECK(stock({"show", "A1"}).json().as_array().size() == 1);
        done({"correct", came, "lot=A1"});
        CHECK(warns(done({"void", came, "--because", "never came"}), "doses_left_over"));
        CHECK(says(run({"stock", "show", "A1", "--lang", "zh"}).out, "2026-04-20"));
    }

    TEST_CASE_FIXTURE(StockRun, "doses that can be taken off no lot are listed") {
        const auto woman = add("陈雨", "2012-06-01");
        receive("A1", "10", "2026-03-01");
        stock({"receive", "lot=A1", "product=egret:gardasil-9", "quantity=10", "date=2026-03-01"});
        const auto dose = done({"record", "dose", "--woman", woman, "--date", "2026-04-20",
                                "product=cvx:165", "lot=A1"})
                              .text("event");
        CHECK(says(zh({"show"}).out, "egret stock show --unknown"));
        const auto unknown = stock({"show", "--unknown"}).json();
        REQUIRE(unknown.as_array().size() == 1);
        CHECK(unknown.as_array().front().find("event")->as_text() == dose);
        CHECK(unknown.as_array().front().find("lot")->as_text() == "A1");
        CHECK(says(zh({"show", "--unknown"}).out, dose));
        CHECK(says(zh({"show", "A1"}).out, dose));
        const auto early = done({"record", "dose", "--woman", woman, "--date", "2026-02-20",
                                 "product=egret:cecolin", "lot=A1"});
        CHECK(warns(early, "lot_came_later"));
    }

    TEST_CASE_FIXTURE(StockRun, "more back from a session than went there was received") {
        receive("A1", "100", "2026-02-01");
        stock({"issue", "lot=A1", "quantity=30", "session=school", "date=2026-02-02"});
        CHECK_FALSE(
            warns(stock({"receive", "lot=A1", "quantity=10", "session=school", "date=2026-02-02"}),
                  "more_back_than_out"));
        CHECK(
            warns(stock({"receive", "lot=A1", "quantity=100", "session=school", "date=2026-02-02"}),
                  "more_back_than_out"));
        stock({"discard", "lot=A1", "quantity=18", "reason=broken", "date=2026-02-03"});
        CHECK(says(zh({"wastage"}).out, "18/180"));
    }

    TEST_CASE_FIXTURE(StockRun, "a lot and a facility that nobody knows are named as such") {
        receive("A1", "100", "2026-02-01");
        stock({"receive", "lot=B1", "product=egret:cecolin", "quantity=5", "facility=C7"});
        give(add("陈雨", "2012-06-01"), "A1", "2026-04-05");
        for (const auto* command : {"show", "who"}) {
            const auto unknown = zh({command, "A2"});
            CHECK(unknown.status == ExitStatus::refused);
            CHECK(says(unknown.err, "没有该批号"));
            CHECK(zh({command, "a1"}).status == ExitStatus::done);
            CHECK(run({"stock", command, "A2", "--json"}).status == ExitStatus::refused);
        }
        // Nobody had it, but it is there.
        CHECK(says(zh({"who", "B1"}).out, "没有人接种过"));
        for (const auto* command : {"show", "wastage"}) {
            CHECK(says(zh({command, "--facility", "C999"}).err, "请核对代码"));
            CHECK(zh({command, "--facility", "C7"}).status == ExitStatus::done);
            CHECK(zh({command}).status == ExitStatus::done);
        }
        CHECK(says(zh({"show", "B1"}).err, "没有该批号"));  // It is at C7.
        CHECK(zh({"show", "B1", "--facility", "C7"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(StockRun, "ways out lead to what helps") {
        receive("A1", "100", "2026-02-01");
        CHECK(says(zh({"decide", "abc", "decision=released"}).err, "egret stock show"));
        CHECK(zh({"show", "A1", "--csv", "--json"}).status == ExitStatus::usage);
        const auto unknown = zh({"receive", "lot=B2", "product=egret:nosuch", "quantity=1"});
        CHECK(says(unknown.err, "egret stock receive --help"));
        CHECK_FALSE(says(zh({"receive", "批号=R9"}).err, "about"));
        CHECK(stock({"show", "A1", "--on", "2026-01-31"}).json().as_array().empty());
        CHECK(warns(stock({"receive", "lot=A1", "quantity=100", "date=2026-02-01"}),
                    "receipt_twice"));
    }
}

}  // namespace
}  // namespace egret::cli
