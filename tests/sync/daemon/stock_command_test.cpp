#include "sync/daemon/stock_command.h"

#include "registry/codec/facility_subject.h"
#include "registry/json/parse.h"
#include "sync/central/centre.h"
#include "sync/daemon/egretd_commands.h"
#include "sync/daemon/egretd_handlers.h"
#include "tests/support/stock_facts.h"
#include "tests/support/temp_dir.h"
#include "tests/support/terminal.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

namespace egret::daemon {
namespace {

using console::ExitStatus;
using tests::fact;
using tests::moved;

/// A centre with C001, which had stock in January 2024, and C002, which told nothing.
struct StockCommandFixture {
    StockCommandFixture() {
        REQUIRE(ask({"init", "--name", "Xiamen", "--host", "localhost", "--device-secret",
                     data + "/device.key"}) == ExitStatus::done);
        REQUIRE(ask({"clinic", "add", "A", "--area", "350203"}) == ExitStatus::done);
        REQUIRE(ask({"clinic", "add", "B", "--area", "350205"}) == ExitStatus::done);
        auto centre = tests::open_centre(data);
        REQUIRE(centre);
        SeededRandom random(3);
        const SystemClock clock;
        tests::TestDevice device(random, clock, centre->keys().seal_key());
        auto& store = centre->store();
        REQUIRE(store.save_code({"0000", Hash{}, "C001", clock.now() + std::chrono::hours{1}},
                                clock.now()));
        REQUIRE(store.enrol("0000", device.enrolled_at("C001")));
        const auto subject = codec::facility_subject("C001");
        device.record(fact("2024-01-01", moved(StockAction::receipt, "A1", 50)), subject);
        device.record(fact("2024-01-02", moved(StockAction::discard, "A1", 5)), subject);
        device.record(fact("2024-01-30", moved(StockAction::issue, "A1", 45)), subject);
        central::Ingester ingester(store, centre->keys(), centre->zone(), clock);
        REQUIRE(ingester.ingest(device.envelope(1, 3), {}));
    }

    ExitStatus ask(std::vector<std::string> words) {
        words.insert(words.end(), {"--data", data});
        FakeTerminal fake;
        const auto status =
            console::run(egretd_commands(), egretd_handlers(), words, fake.terminal());
        out = fake.out.str();
        err = fake.err.str();
        return status;
    }

    ExitStatus wastage(std::vector<std::string> more = {}) {
        more.insert(more.begin(),
                    {"stock", "wastage", "--from", "2024-01-01", "--to", "2024-01-31"});
        return ask(std::move(more));
    }

    bool says(std::string_view part) const { return out.find(part) != std::string::npos; }

    using FakeTerminal = tests::FakeTerminal;

    tests::TempDir dir;
    std::string data = dir.file("data");
    std::string out;
    std::string err;
};

TEST_SUITE("sync/daemon/stock_command") {
    TEST_CASE_FIXTURE(StockCommandFixture, "a manager sees wastage and stock-outs of the clinics") {
        CHECK(wastage({"--lang", "zh"}) == ExitStatus::done);
        CHECK(says("5/50 (10.0%)"));
        CHECK(says("2/31 (6.5%)"));
        CHECK(says("0/1 (0.0%)"));
        CHECK(says("馨可宁"));
        CHECK(says("1 家机构没有登记过库存，是否有苗不明：C002"));
        CHECK(wastage({"--by", "product", "--lang", "en"}) == ExitStatus::done);
        CHECK_FALSE(says("C001"));
        CHECK(says("1 facility told nothing"));
        CHECK(wastage({"--area", "350205"}) == ExitStatus::done);
        CHECK_FALSE(says("C001"));
        CHECK(says("C002"));
        CHECK_FALSE(says("5/50"));
    }

    TEST_CASE_FIXTURE(StockCommandFixture, "programs and spreadsheets get the same numbers") {
        REQUIRE(wastage({"--json"}) == ExitStatus::done);
        const auto answered = json::parse(out);
        REQUIRE(answered);
        const auto& cell = answered->find("cells")->as_array().at(0);
        CHECK(cell.find("facility")->as_text() == "C001");
        CHECK(cell.find("area")->as_text() == "350203");
        CHECK(cell.find("product")->as_text() == "egret:cecolin");
        const auto* closed = cell.find("closed_vial_wastage");
        CHECK(closed->find("numerator")->as_integer() == 5);
        CHECK(closed->find("denominator")->as_integer() == 50);
        CHECK(closed->find("percent")->as_text() == "10.0");
        CHECK(cell.find("open_vial_wastage")->find("percent")->is_null());
        const auto* totals = answered->find("totals");
        CHECK(totals->find("stock_out_days")->find("numerator")->as_integer() == 2);
        CHECK(answered->find("told_nothing")->as_array().at(0).as_text() == "C002");
        CHECK(answered->find("indicators")->as_array().size() == 4);
        REQUIRE(wastage({"--csv"}) == ExitStatus::done);
        CHECK(out.starts_with("facility,area,product,closed_vial_wastage_numerator,"));
        CHECK(says("C001,350203,egret:cecolin,5,50,10.0,0,0,,2,31,6.5,0,1,0.0,2024-01-01,"));
        REQUIRE(wastage({"--csv", "--by", "facility"}) == ExitStatus::done);
        CHECK(out.starts_with("facility,area,closed_vial_wastage_numerator,"));
    }

    TEST_CASE_FIXTURE(StockCommandFixture, "what can't be asked of stock is refused") {
        CHECK(wastage({"--csv", "--json"}) == ExitStatus::usage);
        CHECK(wastage({"--area", "x"}) == ExitStatus::usage);
        CHECK(wastage({"--facility", "a b"}) == ExitStatus::usage);
        CHECK(wastage({"--by", "area"}) == ExitStatus::usage);
        CHECK(wastage({"--facility", "C009"}) == ExitStatus::refused);
        CHECK(err.find("egretd clinic list") != std::string::npos);
        CHECK(wastage({"--facility", "C002"}) == ExitStatus::done);
        CHECK(ask({"stock", "wastage", "--from", "2024-02-01", "--to", "2024-01-01"}) ==
              ExitStatus::usage);
        CHECK(ask({"stock", "wastage", "--to", "2199-01-01"}) == ExitStatus::usage);
        CHECK(err.find("--to") != std::string::npos);
    }

    TEST_CASE_FIXTURE(StockCommandFixture,
                      "indicators of stock are listed, and say who gives them") {
        REQUIRE(ask({"indicators", "list", "--lang", "zh"}) == ExitStatus::done);
        CHECK(says("stock-closed-vial-wastage"));
        CHECK(says("库存"));
        REQUIRE(ask({"indicators", "show", "stock-out-days", "--lang", "zh"}) == ExitStatus::done);
        CHECK(says("egretd stock wastage"));
        REQUIRE(ask({"indicators", "show", "stock-out-days", "--json"}) == ExitStatus::done);
        CHECK(json::parse(out)->find("measure")->as_text() == "stock_out_days");
        for (const auto* language : {"en", "zh"}) {
            CHECK(ask({"coverage", "stock-out-days", "--lang", language}) == ExitStatus::refused);
            CHECK(err.find("egretd stock wastage") != std::string::npos);
        }
    }
}

}  // namespace
}  // namespace egret::daemon
