#include "registry/base/text.h"
#include "tests/support/stock_run.h"

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::says;
using tests::StockRun;

TEST_SUITE("cli/stock_commands") {
    TEST_CASE_FIXTURE(StockRun, "vaccine comes, goes, is counted and shown") {
        const auto came = stock({"receive", "lot=A1", "product=egret:cecolin", "quantity=100",
                                 "expires_on=2026-07-30"});
        CHECK(came.json().find("balance")->as_integer() == 100);
        CHECK_FALSE(came.json().find("woman"));
        CHECK(came.text("facility").starts_with("LOCAL-"));
        stock({"issue", "lot=a1", "quantity=２０", "to_facility=C2"});
        stock({"discard", "lot=A1", "quantity=2", "reason=破损"});
        const auto woman = add("陈雨", "2012-06-01");
        done({"record", "dose", "--woman", woman, "product=egret:cecolin", "lot=A1"});
        const auto counted = stock({"count", "lot=A1", "quantity=76"}).json();
        CHECK(counted.find("warnings")->as_array().front().find("code")->as_text() ==
              "count_differs");
        const auto shown = stock({"show"}).json();
        const auto& lot = shown.find("lots")->as_array().front();
        CHECK(number(lot, "received") == 100);
        CHECK(number(lot, "issued") == 20);
        CHECK(number(lot, "discarded") == 2);
        CHECK(number(lot, "given") == 1);
        CHECK(number(lot, "difference") == -1);
        CHECK(number(lot, "balance") == 76);
        CHECK(lot.find("state")->as_text() == "usable");
        CHECK(lot.find("expires_soon")->as_bool());
        CHECK(stock({"show", "a1"}).json().as_array().size() == 5);
        const auto table = zh({"show"}).out;
        CHECK(says(table, "近效期"));
        CHECK(says(table, "馨可宁"));
        CHECK(says(zh({"show", "A1"}).out, "破损"));
        CHECK(says(zh({"show", "Z9"}).err, "没有该批号的记录"));
        CHECK(says(zh({"show", "--csv"}).out, "received,issued,discarded"));
        CHECK(run({"stock", "show", "--facility", "a b"}).status == ExitStatus::usage);
        CHECK(run({"stock", "show", "--facility", "C2"}).status == ExitStatus::refused);
        CHECK(stock({"show", "--on", "2026-04-30"}).json().find("lots")->as_array().empty());
    }

    TEST_CASE_FIXTURE(StockRun, "what runs low is said by the programme's level") {
        stock({"receive", "lot=A1", "product=egret:cecolin", "quantity=21"});
        CHECK_FALSE(says(zh({"show"}).out, "库存不足"));
        stock({"discard", "lot=A1", "quantity=1", "reason=other"});
        CHECK(says(zh({"show"}).out, "库存不足：馨可宁，可用 20 剂。"));
        CHECK(stock({"show"}).json().find("products")->as_array().front().find("low")->as_bool());
        stock({"discard", "lot=A1", "quantity=20", "reason=other"});
        CHECK(stock({"show"}).json().find("lots")->as_array().empty());
        CHECK(stock({"show", "--all"}).json().find("lots")->as_array().size() == 1);
        CHECK(says(run({"stock", "show", "--lang", "en"}).out, "0 usable doses"));
    }

    TEST_CASE_FIXTURE(StockRun, "an excursion is decided, and the women are called") {
        stock({"receive", "lot=A1", "product=egret:cecolin", "quantity=50", "date=2026-03-01"});
        const auto woman = add("陈雨", "2012-06-01");
        done({"woman", "edit", woman, "phone=13800138000", "school=一中", "guardian.name=陈母",
              "guardian.phone=13900139000"});
        done({"record", "dose", "--woman", woman, "--date", "2026-04-20", "product=egret:cecolin",
              "lot=a1"});
        const auto held = stock({"excursion", "from=2026-04-15", "to=2026-04-16",
                                 "max_celsius=14.5", "date=2026-04-25"});
        CHECK(held.json().find("lots")->as_array().front().as_text() == "A1");
        CHECK(held.json().find("women_spoilt")->as_integer() == 0);
        const auto event = held.text("event");
        CHECK(says(zh({"show"}).out, "隔离中"));
        CHECK(says(zh({"show"}).out, "egret stock decide " + event));
        const auto dose_status = [&]() -> std::string {
            const auto next = done({"next", woman}).json();
            const auto& decision = next.find("decisions")->as_array().front();
            const auto* reason = decision.find("doses")->as_array().front().find("reason");
            return reason && reason->is_text() ? reason->as_text() : "";
        };
        CHECK(dose_status() != "substandard");
        const auto decided = zh({"decide", event, "decision=不合格"});
        CHECK(decided.status == ExitStatus::done);
        CHECK(says(decided.out, "剂次不再有效的受种者：1 人"));
        CHECK(dose_status() == "substandard");
        CHECK(says(run({"woman", "show", woman, "--lang", "zh"}).out, "该批号已判定不合格"));
        const auto due = done({"due", "--kind", "any"}).json();
        CHECK(due.as_array().front().find("dose_number")->as_integer() == 1);
        const auto who = stock({"who", "A 1"}).json().as_array();
        REQUIRE(who.size() == 1);
        CHECK(who.front().find("woman")->as_text() == woman);
        CHECK(who.front().find("phone")->as_text() == "13800138000");
        CHECK(who.front().find("guardian_phone")->as_text() == "13900139000");
        CHECK(who.front().find("substandard")->as_bool());
        const auto csv = zh({"who", "A1", "--csv"}).out;
        CHECK(says(csv, "13800138000"));
        CHECK(says(csv, "陈母 13900139000"));
        CHECK(says(zh({"who", "Z9"}).err, "没有该批号的记录"));
        stock({"decide", event, "decision=released"});
        CHECK_FALSE(stock({"who", "A1"}).json().as_array().front().find("substandard")->as_bool());
        for (const auto* indicator : {"hpv1-by-15"}) {
            const auto sum = done({"coverage", indicator}).json();
            CHECK(done({"coverage", indicator, "--recount"}).json() == sum);
        }
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(StockRun, "records of stock are voided and corrected by their number") {
        const auto came = stock({"receive", "lot=A1", "product=egret:cecolin", "quantity=100"});
        const auto event = came.text("event");
        const auto corrected = done({"correct", event, "quantity=90"});
        CHECK_FALSE(corrected.json().find("woman"));
        CHECK(run({"correct", event, "action=count"}).status == ExitStatus::refused);
        CHECK(run({"correct", event, "facility=C2"}).status == ExitStatus::refused);
        const auto left = [&] {
            return stock({"show"})
                .json()
                .find("lots")
                ->as_array()
                .front()
                .find("balance")
                ->as_integer();
        };
        CHECK(left() == 90);
        done({"void", event, "--because", "twice"});
        CHECK(stock({"show"}).json().find("lots")->as_array().empty());
        const auto log = done({"log", "show"}).json();
        for (const auto& line : log.as_array()) CHECK(line.find("woman")->as_text() == "");
    }

    TEST_CASE_FIXTURE(StockRun, "wastage and days without vaccine are told") {
        stock({"receive", "lot=A1", "product=egret:cecolin", "quantity=50", "date=2026-04-01"});
        stock({"discard", "lot=A1", "quantity=5", "reason=expired", "date=2026-04-02"});
        stock({"issue", "lot=A1", "quantity=45", "to_facility=C2", "date=2026-04-29"});
        const auto told = stock({"wastage", "--from", "2026-04-01", "--to", "2026-05-01"}).json();
        const auto& product = told.find("products")->as_array().front();
        CHECK(product.find("closed_vial")->find("percent")->as_text() == "10.0");
        CHECK(product.find("open_vial")->find("percent")->is_null());
        CHECK(number(product, "stock_out_days") == 3);
        CHECK(number(product, "days") == 31);
        CHECK(says(zh({"wastage"}).out, "5/50 (10.0%)"));
        CHECK(says(zh({"wastage", "--csv"}).out, "product,closed_vial,open_vial"));
        CHECK(run({"stock", "wastage", "--from", "2026-05-01", "--to", "2026-04-01"}).status ==
              ExitStatus::usage);
        CHECK(run({"stock", "wastage", "--to", "2026-05-02"}).status == ExitStatus::usage);
    }

    TEST_CASE_FIXTURE(StockRun, "bad input is refused in the nurse's language") {
        const auto refused = [&](const Words& words, std::string_view sentence) {
            CAPTURE(words.back());
            const auto ran = zh(words);
            CHECK(ran.status != ExitStatus::done);
            CHECK(says(ran.err, sentence));
            CHECK(ran.out == "");
        };
        refused({"receive", "lot=A1", "quantity=5"}, "请注明产品");
        refused({"receive", "lot=A1", "quantity=0", "product=egret:cecolin"}, "应在 1 至");
        refused({"receive", "lot=A1", "quantity=many", "product=egret:cecolin"}, "整数");
        refused({"receive", "quantity=5", "product=egret:cecolin"}, "批号");
        refused({"receive", "lot=A1", "quantity=5", "product=egret:cecolin", "reason=broken"},
                "不属于此类");
        refused({"receive", "lto=A1"}, "lot");
        refused({"issue", "lot=A1", "quantity=5", "product=egret:cecolin"}, "出库去向");
        refused({"discard", "lot=A1", "quantity=5", "product=egret:cecolin"}, "原因");
        refused({"excursion", "lots=A1"}, "开始");
        refused({"excursion", "lots=A1", "from=2026-04-01", "max_celsius=hot"}, "摄氏度");
        refused({"excursion", "from=2026-04-01"}, "没有库存");
        refused({"decide", "00000000000000000000000000000001", "decision=released"},
                "温度超限或召回");
        refused({"decide", "1", "decision=released"}, "编号");
        refused({"count", "lot=A1", "quantity=5", "product=egret:cecolin", "date=2026-06-01"},
                "将来");
        const auto woman = add();
        const auto otherwise =
            run({"record", "stock", "--woman", woman, "action=recall", "lots=A1"});
        CHECK(otherwise.status == ExitStatus::usage);
        CHECK(says(otherwise.err, "egret stock"));
    }
}

}  // namespace
}  // namespace egret::cli
