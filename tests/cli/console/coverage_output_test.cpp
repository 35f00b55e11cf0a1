#include "cli/console/coverage_output.h"

#include "cli/console/indicator_output.h"
#include "cli/console/options.h"
#include "cli/console/shared_commands.h"
#include "registry/json/dump.h"
#include "tests/support/facts.h"
#include "tests/support/terminal.h"

#include <doctest/doctest.h>

namespace egret::console {
namespace {

using coverage::Dimension;
using tests::day;
using tests::FakeTerminal;

const Date today = tests::day("2026-03-04");

CommandSpec program() {
    return {.name = "egret", .help = "help.egret", .subcommands = {coverage_command()}};
}

struct OutputFixture {
    icu::TimeZone zone = *icu::TimeZone::parse("Asia/Shanghai");
    CommandSpec spec = program();
    FakeTerminal fake;

    Parsed words(std::vector<std::string> more) {
        more.insert(more.begin(), "coverage");
        auto parsed = parse(spec, std::move(more));
        REQUIRE(parsed);
        return *std::move(parsed);
    }

    Result<store::CoverageQuestion> question(std::vector<std::string> more) {
        more.insert(more.begin(), "hpv1-by-15");
        return coverage_question(words(std::move(more)), today);
    }

    /// Two cells on each day: one of 12 in 30, one that is hidden.
    static store::CoverageReply reply_to(const store::CoverageQuestion& asked) {
        store::CoverageReply reply;
        reply.question = asked;
        reply.answer.by = asked.query.by;
        std::vector<std::string> known{"350203", "2010"};
        std::vector<std::string> unknown{"unknown", "unknown"};
        known.resize(asked.query.by.size());
        unknown.resize(asked.query.by.size());
        for (const auto on : asked.query.on) {
            reply.answer.cells.push_back({on, known, {12, 30, false}});
            reply.answer.cells.push_back({on, unknown, {0, 0, true}});
            reply.answer.totals.push_back({on, {14, 37, false}});
        }
        reply.freshness = {3, instant_from_unix_ms(1'767'225'661'000)};
        reply.stamp = "abc";
        return reply;
    }

    std::string shown(std::vector<std::string> more, bool json = false,
                      Language language = Language::en) {
        more.insert(more.begin(), "hpv1-by-15");
        const auto parsed = words(more);
        const auto asked = coverage_question(parsed, today);
        REQUIRE(asked);
        auto terminal = fake.terminal(language);
        terminal.json = json;
        fake.out.str("");
        print_coverage(reply_to(*asked), parsed, today, zone, terminal);
        return fake.out.str();
    }
};

}  // namespace

TEST_SUITE("cli/console/coverage_output") {
    TEST_CASE_FIXTURE(OutputFixture, "words become a question") {
        const auto asked = question({"--by", "area,birth_year", "--where", "area=350203", "--on",
                                     "2025-01-01", "--known-on", "2026-01-01", "--recount"});
        REQUIRE(asked);
        CHECK(asked->indicator->id == "hpv1-by-15");
        CHECK(asked->query.by == std::vector{Dimension::area, Dimension::birth_year});
        CHECK(asked->query.where == std::vector<coverage::Filter>{{Dimension::area, "350203"}});
        CHECK(asked->query.on == std::vector{day("2025-01-01")});
        CHECK(asked->known_on == day("2026-01-01"));
        CHECK(asked->by_recount);
        CHECK_FALSE(asked->hides_small_cells);
        CHECK(question({})->query.on == std::vector{today});
        CHECK(question({"--from", "2025-01-01", "--to", "2025-03-01"})->query.on.size() == 3);
        for (const auto* role : {"manager", "auditor", "public"})
            CHECK(question({"--role", role})->hides_small_cells);
        for (const auto* role : {"nurse", "lead", "coordinator", "officer"})
            CHECK_FALSE(question({"--role", role})->hides_small_cells);
    }

    TEST_CASE_FIXTURE(OutputFixture, "what can't be asked is refused") {
        const auto refusal = [&](std::vector<std::string> more) {
            const auto asked = question(std::move(more));
            REQUIRE_FALSE(asked);
            return asked.error().message.id;
        };
        CHECK(refusal({"--by", "are"}) == "coverage.unknown_dimension_meant");
        CHECK(refusal({"--by", "area,area"}) == "coverage.by_twice");
        CHECK(refusal({"--by", "area", "--by", "birth_year,area"}) == "coverage.by_twice");
        CHECK(refusal({"--csv", "--json"}) == "cli.two_forms");
        CHECK(question({"--denominator", "registered"}));
        CHECK(refusal({"--where", "area"}) == "coverage.filter_shape");
        CHECK(refusal({"--known-on", "2026-03-05"}) == "coverage.known_in_future");
        CHECK(refusal({"--from", "2025-01-01"}) == "coverage.days_unclear");
        CHECK(refusal({"--step", "month"}) == "coverage.days_unclear");
        CHECK(refusal({"--from", "2025-01-01", "--to", "2025-02-01", "--on", "2025-01-01"}) ==
              "coverage.days_unclear");
        CHECK(refusal({"--from", "2025-02-01", "--to", "2025-01-01"}) ==
              "coverage.series_backwards");
        CHECK(question({"--from", "2025-02-01", "--to", "2025-01-01"}).error().field == "--to");
        CHECK(question({"--from", "1990-02-01", "--to", "2025-01-01", "--step", "day"})
                  .error()
                  .field == "--step");
        CHECK(coverage_question(words({"hpv1-by-51"}), today).error().code == ErrorCode::not_found);
        CHECK(coverage_question(words({"cervical-screen-5y"}), today).error().message ==
              msg("coverage.unknown_indicator_meant", {{"meant", "cervical-screened-5y"}}));
    }

    TEST_CASE_FIXTURE(OutputFixture,
                      "a role that there isn't is refused, with those that there are") {
        const auto parsed = parse(spec, {"coverage", "hpv1-by-15", "--role", "king"});
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().field == "--role");
        CHECK(parsed.error().message ==
              msg("usage.not_a_choice",
                  {{"choices", "nurse, lead, coordinator, officer, manager, auditor, public"}}));
    }

    TEST_CASE_FIXTURE(OutputFixture, "as JSON, with what is needed to ask again") {
        CHECK(shown({"--by", "area,birth_year"}, true) ==
              R"({"indicator":"hpv1-by-15","version":"1","doses":"any","protocols":null,)"
              R"("on":"2026-03-04",)"
              R"("known_on":null,"by":["area","birth_year"],"denominator":"registered",)"
              R"("cells":[{"area":"350203","birth_year":2010,"numerator":12,"denominator":30,)"
              R"("percent":"40.0","suppressed":false},{"area":"unknown","birth_year":"unknown",)"
              R"("numerator":null,"denominator":null,"percent":null,"suppressed":true}],)"
              R"("totals":{"numerator":14,"denominator":37,"percent":"37.8","suppressed":false},)"
              R"("freshness":{"clinics":3,"oldest":"2026-01-01T00:01:01Z"},"stamp":"abc"})"
              "\n");
    }

    TEST_CASE_FIXTURE(OutputFixture, "a series says the day of each cell and total") {
        const auto text =
            shown({"--by", "area,birth_year", "--from", "2025-01-01", "--to", "2025-02-01"}, true);
        CHECK(text.find(R"("on":null)") != std::string::npos);
        CHECK(text.find(R"({"on":"2025-02-01","area":"350203")") != std::string::npos);
        CHECK(text.find(R"("totals":[{"on":"2025-01-01","numerator":14)") != std::string::npos);
        const auto one_day =
            shown({"--by", "area,birth_year", "--from", "2025-01-01", "--to", "2025-01-01"}, true);
        CHECK(one_day.find(R"("totals":[{"on":"2025-01-01")") != std::string::npos);
    }

    TEST_CASE_FIXTURE(OutputFixture, "as CSV, one line a cell, hidden ones starred") {
        CHECK(shown({"--by", "area,birth_year", "--csv"}) ==
              "area,birth_year,numerator,denominator,percent,"
              "indicator,version,on,known_on,clinics,oldest,stamp\r\n"
              "350203,2010,12,30,40.0,"
              "hpv1-by-15,1,2026-03-04,2026-03-04,3,2026-01-01T00:01:01Z,abc\r\n"
              "unknown,unknown,*,*,*,"
              "hpv1-by-15,1,2026-03-04,2026-03-04,3,2026-01-01T00:01:01Z,abc\r\n");
        CHECK(shown({"--csv", "--known-on", "2026-02-01"}) ==
              "numerator,denominator,percent,indicator,version,on,known_on,clinics,oldest,stamp\r\n"
              "14,37,37.8,hpv1-by-15,1,2026-03-04,2026-02-01,3,2026-01-01T00:01:01Z,abc\r\n");
        // A series has the day of each line first.
        CHECK(shown({"--csv", "--from", "2025-01-01", "--to", "2025-01-01"}) ==
              "on,numerator,denominator,percent,indicator,version,known_on,clinics,oldest,stamp\r\n"
              "2025-01-01,14,37,37.8,hpv1-by-15,1,2026-03-04,3,2026-01-01T00:01:01Z,abc\r\n");
    }

    TEST_CASE_FIXTURE(OutputFixture, "a district is not shown for a village") {
        const auto reply_by = [&](const char* level, std::vector<std::string> areas) {
            store::CoverageReply reply;
            reply.question = *question({"--by", level});
            reply.answer.by = reply.question.query.by;
            for (auto& area : areas) reply.answer.cells.push_back({today, {area}, {1, 2, false}});
            reply.answer.totals.push_back({today, {1, 2, false}});
            return reply;
        };
        const auto refused = check_levels(reply_by("village", {"350203", "350203001", "unknown"}));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().field == "");  // No member of a record: "by" is who gave a dose.
        CHECK(refused.error().message ==
              msg("coverage.level_unknown", {{"level", "village"}, {"known", "town"}}));
        CHECK_FALSE(check_levels(reply_by("town", {"350203"})));
        CHECK(check_levels(reply_by("town", {"unknown"})));
        CHECK(check_levels(reply_by("village", {})));
        // Where a city has no districts, it stands for them.
        CHECK(check_levels(reply_by("area", {"441900"})));

        const auto some = reply_by("village", {"350203", "350203001002"});
        CHECK(check_levels(some));
        print_coverage(some, words({"hpv1-by-15", "--by", "village"}), today, zone,
                       fake.terminal());
        CHECK(fake.out.str().find("350203, else unknown") != std::string::npos);
        CHECK(fake.out.str().find("350203001002, else") == std::string::npos);
    }

    TEST_CASE_FIXTURE(OutputFixture, "as a table in her language, with the total and the stamp") {
        const auto english = shown({"--by", "area,birth_year"});
        CHECK(english.starts_with("First HPV vaccine dose before age 15 (hpv1-by-15 1)\n"));
        CHECK(english.find("District") != std::string::npos);
        CHECK(english.find("Total") != std::string::npos);
        CHECK(english.find("Stamp: abc.\n") != std::string::npos);
        CHECK(english.find("last heard of 2026-01-01 08:01.") != std::string::npos);
        const auto chinese = shown({"--by", "area,birth_year"}, false, Language::zh);
        CHECK(chinese.find("合计") != std::string::npos);
        CHECK(chinese.find("unknown") == std::string::npos);
        CHECK(chinese.find("未知") != std::string::npos);
        CHECK(chinese.find("截至 2026-03-04") != std::string::npos);
    }

    TEST_CASE_FIXTURE(OutputFixture, "indicators are listed, and shown with their definition") {
        auto terminal = fake.terminal();
        print_indicators(terminal);
        CHECK(fake.out.str().find("cervical-screened-5y") != std::string::npos);
        fake.out.str("");
        CHECK(print_indicator("hpv1-by-15", terminal));
        CHECK(fake.out.str().find("15HPV1_F") != std::string::npos);
        CHECK(fake.out.str().find("whether or not a schedule calls it valid") != std::string::npos);
        fake.out.str("");
        CHECK(print_indicator("hpvc-by-15-valid", terminal));
        CHECK(fake.out.str().find("valid under cn-nip-hpv-2025@2025.") != std::string::npos);
        CHECK(fake.out.str().find("Denominator: girls and women") != std::string::npos);
        CHECK(print_indicator("hpv", terminal).error().code == ErrorCode::not_found);
    }

    TEST_CASE_FIXTURE(OutputFixture, "people are told that cohorts are mixed, where they are") {
        const auto says_so = [&](const std::vector<std::string>& more) {
            return shown(more).find("All years of birth together") != std::string::npos;
        };
        CHECK(says_so({}));
        CHECK(says_so({"--by", "area"}));
        CHECK_FALSE(says_so({"--by", "area,birth_year"}));
        CHECK_FALSE(says_so({"--where", "birth_year=2009"}));
        CHECK_FALSE(says_so({"--csv"}));
        // Its ages move with the day: every year of birth takes its turn.
        auto asked = question({});
        REQUIRE(asked);
        asked->indicator = *coverage::find_indicator("cervical-screened-5y");
        fake.out.str("");
        print_coverage(reply_to(*asked), words({"cervical-screened-5y"}), today, zone,
                       fake.terminal());
        CHECK(fake.out.str().find("All years of birth together") == std::string::npos);
    }
}

}  // namespace egret::console
