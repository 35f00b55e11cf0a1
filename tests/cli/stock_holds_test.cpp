#include "tests/support/stock_run.h"

#include <fstream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::says;
using tests::StockRun;
using Words = std::vector<std::string>;

std::vector<std::string> lots_of(const tests::Ran& ran) {
    std::vector<std::string> lots;
    const auto answer = ran.json();
    for (const auto& lot : answer.find("lots")->as_array()) lots.push_back(lot.as_text());
    return lots;
}

/// The one line of a lot's table that tells of that record.
const json::Value* line_of(const json::Array& lines, const std::string& event) {
    for (const auto& line : lines) {
        if (line.find("event")->as_text() == event) return &line;
    }
    return nullptr;
}

TEST_SUITE("cli/stock_holds") {
    TEST_CASE_FIXTURE(StockRun, "another clinic's lots are for it to hold and to decide on") {
        receive("A1", "100", "2026-03-01");
        for (const Words& words : {Words{"recall", "lots=A1", "facility=C001"},
                                   Words{"excursion", "from=2026-04-01", "lots=A1", "facility=C001",
                                         "decision=substandard"}}) {
            const auto refused = zh(words);
            CHECK(refused.status != ExitStatus::done);
            CHECK(says(refused.err, "由该机构"));
        }
        const auto held = stock({"recall", "lots=A1"}).text("event");
        CHECK(says(zh({"decide", held, "decision=released", "facility=C001"}).err, "由该机构"));
        CHECK(done({"log", "show"}).json().as_array().size() == 2);
    }

    TEST_CASE_FIXTURE(StockRun, "a decision of a day on which a later one stands says which") {
        receive("A1", "100", "2026-03-01");
        const auto held =
            stock({"excursion", "from=2026-04-01", "lots=A1", "date=2026-04-05"}).text("event");
        const auto released = stock({"decide", held, "decision=released"});
        CHECK(first_state(released) == "released");
        CHECK_FALSE(warns(released, "decision_overruled"));
        const auto late = stock({"decide", held, "decision=substandard", "date=2026-04-15"});
        CHECK(warns(late, "decision_overruled"));
        CHECK(first_state(late) == "released");
        const auto said = zh({"decide", held, "decision=substandard", "date=2026-04-16"});
        CHECK(says(said.out, "批号 A1：放行"));
        CHECK(says(said.err, released.text("event")));
        CHECK(warns(done({"correct", held, "decision=substandard"}), "decision_overruled"));
        CHECK(stock({"show"}).json().find("lots")->as_array().front().find("state")->as_text() ==
              "usable");
    }

    TEST_CASE_FIXTURE(StockRun, "an excursion without lots is of those that it can have reached") {
        receive("OLD", "10", "2026-03-01");
        receive("NEW", "10", "2026-04-20");
        CHECK(lots_of(stock({"excursion", "from=2026-04-01", "to=2026-04-03", "date=2026-04-04",
                             "min_celsius=-2"})) == std::vector<std::string>{"OLD"});
        CHECK(lots_of(stock({"excursion", "from=2026-04-01", "date=2026-04-10"})) ==
              std::vector<std::string>{"OLD"});
        // Found days after it was over.
        CHECK(lots_of(stock({"excursion", "from=2026-04-01", "to=2026-04-19"})) ==
              std::vector<std::string>{"OLD"});
        CHECK(lots_of(stock({"excursion", "from=2026-04-01"})) ==
              std::vector<std::string>{"NEW", "OLD"});
    }

    TEST_CASE("a person file that counts a dose otherwise than here says so") {
        StockRun ours;
        StockRun theirs;
        ours.receive("A1", "10", "2026-03-01");
        const auto woman = ours.add("陈雨", "2012-06-01");
        ours.give(woman, "A1", "2026-04-02");
        const auto held = ours.stock({"excursion", "from=2026-04-01", "lots=A1"}).text("event");
        const auto file = ours.dir.file("persons");
        const auto carry = [&] {
            std::ofstream(file) << ours.run({"export", "persons"}).out;
            return theirs.done({"import", "persons", file});
        };
        ours.stock({"decide", held, "decision=substandard"});
        CHECK_FALSE(StockRun::warns(carry(), "dose_differs"));
        CHECK_FALSE(StockRun::warns(carry(), "dose_differs"));
        ours.stock({"decide", held, "decision=released"});
        CHECK(StockRun::warns(carry(), "dose_differs"));
        const auto again = theirs.run({"import", "persons", file, "--lang", "zh"});
        CHECK(says(again.err, "substandard"));
        const auto log = theirs.done({"log", "show"}).json();
        for (const auto& line : log.as_array()) {
            if (line.find("type")->as_text() == "dose")
                theirs.done({"correct", line.find("event")->as_text(), "substandard="});
        }
        CHECK_FALSE(StockRun::warns(carry(), "dose_differs"));
    }

    TEST_CASE_FIXTURE(StockRun, "what was said of a lot stays to be seen, with its number") {
        receive("A1", "100", "2026-03-01");
        const auto held =
            stock({"excursion", "from=2026-04-01", "lots=A1,B2", "date=2026-04-05"}).text("event");
        const auto decided =
            stock({"decide", held, "decision=released", "lots=a1", "date=2026-04-07"})
                .text("event");
        const auto lines = stock({"show", "A1"}).json();
        REQUIRE(lines.as_array().size() == 3);
        const auto* first = line_of(lines.as_array(), held);
        REQUIRE(first);
        CHECK(first->find("action")->as_text() == "temperature_excursion");
        CHECK(first->find("decision")->as_text() == "quarantine");
        CHECK_FALSE(first->find("quantity"));
        const auto* then = line_of(lines.as_array(), decided);
        REQUIRE(then);
        CHECK(then->find("decision")->as_text() == "released");
        CHECK(then->find("about")->as_text() == held);
        CHECK(stock({"show", "b2"}).json().as_array().size() == 1);
        const auto table = zh({"show", "A1"}).out;
        CHECK(says(table, decided));
        CHECK(says(table, "放行"));
        const auto log = run({"log", "show", "--lang", "zh"}).out;
        CHECK(says(log, "温度超限 A1, B2"));
        CHECK(says(log, "入库 A1"));
        const auto entries = done({"log", "show"}).json();
        CHECK(entries.as_array()[1].find("action")->as_text() == "temperature_excursion");
        CHECK(entries.as_array()[1].find("lots")->as_array().size() == 2);
        CHECK(entries.as_array()[0].find("lots")->as_array().front().as_text() == "A1");
    }

    TEST_CASE_FIXTURE(StockRun, "a record of stock is of what happened, seen here") {
        for (const auto* field :
             {"status=entered_in_error", "status=not_done", "source=told", "clock_suspect=true"}) {
            CAPTURE(field);
            CHECK(
                zh({"receive", "lot=A1", "product=egret:cecolin", "quantity=100", field}).status ==
                ExitStatus::usage);
            CHECK(zh({"excursion", "from=2026-04-01", "lots=A1", field}).status ==
                  ExitStatus::usage);
        }
        CHECK(done({"log", "show"}).json().as_array().empty());
        receive("A1", "100", "2026-03-01");
        const auto event = done({"log", "show"}).json().as_array().front().find("event")->as_text();
        CHECK(run({"correct", event, "status=entered_in_error"}).status != ExitStatus::done);
        done({"correct", event, "quantity=90"});
        const auto help = run({"stock", "receive", "--help", "--lang", "zh"}).out;
        for (const auto* field : {"status=", "source=", "clock_suspect="})
            CHECK_FALSE(says(help, field));
        CHECK(says(help, "note="));
    }
}

}  // namespace
}  // namespace egret::cli
