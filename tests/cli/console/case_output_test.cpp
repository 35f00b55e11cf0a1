// Figures of cases and times: what is asked, and how they are shown.

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

using tests::day;

const Date today_of_cases = tests::day("2026-03-04");

struct CaseFixture {
    icu::TimeZone zone = *icu::TimeZone::parse("Asia/Shanghai");
    CommandSpec spec{.name = "egret", .help = "help.egret", .subcommands = {coverage_command()}};
    tests::FakeTerminal fake;

    Parsed words(std::vector<std::string> more) {
        more.insert(more.begin(), "coverage");
        auto parsed = parse(spec, std::move(more));
        REQUIRE(parsed);
        return *std::move(parsed);
    }

    Result<store::CoverageQuestion> question(std::vector<std::string> more) {
        return coverage_question(words(std::move(more)), today_of_cases);
    }

    static store::CoverageReply reply_to(const store::CoverageQuestion& asked,
                                         const coverage::Figure& figure,
                                         const coverage::CaseDetails& details) {
        store::CoverageReply reply;
        reply.question = asked;
        reply.answer.by = asked.query.by;
        for (const auto on : asked.query.on) {
            if (!asked.query.by.empty())
                reply.answer.cells.push_back({on, {"350203"}, figure, details});
            reply.answer.totals.push_back({on, figure, details});
        }
        reply.freshness = {3, instant_from_unix_ms(1'767'225'661'000)};
        reply.stamp = "abc";
        return reply;
    }

    std::string shown(std::vector<std::string> more, const coverage::Figure& figure,
                      const coverage::CaseDetails& details, bool json = false,
                      Language language = Language::en) {
        const auto parsed = words(std::move(more));
        const auto asked = coverage_question(parsed, today_of_cases);
        REQUIRE(asked);
        auto terminal = fake.terminal(language);
        terminal.json = json;
        fake.out.str("");
        print_coverage(reply_to(*asked, figure, details), parsed, today_of_cases, zone, terminal);
        return fake.out.str();
    }
};

bool has(const std::string& text, const char* part) {
    const bool is_there = text.find(part) != std::string::npos;
    if (!is_there) MESSAGE(text);
    return is_there;
}

TEST_SUITE("cli/console/case_output") {
    TEST_CASE_FIXTURE(CaseFixture, "cases are asked of a period, or of one after the other") {
        const auto all = question({"hpv-positivity"});
        REQUIRE(all);
        CHECK(all->query.on == std::vector{today_of_cases});
        CHECK(all->query.from.empty());
        const auto year =
            question({"hpv-positivity", "--from", "2025-01-01", "--to", "2025-12-31"});
        REQUIRE(year);
        CHECK(year->query.on == std::vector{day("2025-12-31")});
        CHECK(year->query.from == std::vector{day("2025-01-01")});
        CHECK_FALSE(year->is_series);
        const auto months = question({"hpv1618-to-colposcopy-days", "--from", "2025-01-15", "--to",
                                      "2025-03-20", "--step", "month"});
        REQUIRE(months);
        CHECK(months->is_series);
        CHECK(months->query.from ==
              std::vector{day("2025-01-15"), day("2025-02-15"), day("2025-03-15")});
        CHECK(months->query.on ==
              std::vector{day("2025-02-14"), day("2025-03-14"), day("2025-03-20")});
        CHECK(question({"hpv-positivity", "--from", "2025-02-01", "--to", "2025-01-01"})
                  .error()
                  .field == "--to");
        CHECK(question({"hpv-positivity", "--from", "2025-02-01"}).error().message.id ==
              "coverage.days_unclear");
    }

    TEST_CASE_FIXTURE(CaseFixture, "a share of cases as JSON") {
        const std::vector<std::string> asked = {
            "hpv1618-to-colposcopy", "--from", "2025-01-01", "--to", "2025-12-31", "--by", "area"};
        CHECK(shown(asked, {62, 70, false}, {3}, true) ==
              R"({"indicator":"hpv1618-to-colposcopy","version":"1","doses":null,)"
              R"("protocols":null,"on":"2025-12-31",)"
              R"("period":{"from":"2025-01-01","to":"2025-12-31"},"counts":"cases","per":100,)"
              R"("target":{"from":"90","to":null},"reference":null,"known_on":null,"by":["area"],)"
              R"("denominator":"registered","cells":[{"area":"350203","numerator":62,)"
              R"("documented":3,"unknown":5,"denominator":70,"percent":"88.6","target":"missed",)"
              R"("suppressed":false}],"totals":{"numerator":62,"documented":3,"unknown":5,)"
              R"("denominator":70,"percent":"88.6","target":"missed","suppressed":false},)"
              R"("freshness":{"clinics":3,"oldest":"2026-01-01T00:01:01Z"},"stamp":"abc"})"
              "\n");
        const auto series = shown(
            {"hpv-positivity", "--from", "2025-01-01", "--to", "2025-12-31", "--step", "year"},
            {0, 0, true}, {}, true);
        CHECK(has(series, R"("on":null,"period":null)"));
        CHECK(has(series, R"("totals":[{"period":{"from":"2025-01-01","to":"2025-12-31"},)"
                          R"("numerator":null,"denominator":null,"percent":null,)"
                          R"("reference":null,"suppressed":true}])"));
    }

    TEST_CASE_FIXTURE(CaseFixture, "rates, ratios and times") {
        CHECK(has(shown({"cervical-detection"}, {154, 100'123, false}, {}, true),
                  R"("denominator":100123,"per_100000":"153.8")"));
        CHECK(has(shown({"cytology-asc-sil-ratio"}, {310, 100, false}, {}, true),
                  R"("ratio":"3.1","reference":"above","suppressed":false})"));
        CHECK(has(shown({"hpv1618-to-colposcopy-days"}, {0, 12, false}, {0, 33, 90}, true),
                  R"("counts":"times","unit":"days")"));
        CHECK(has(shown({"hpv1618-to-colposcopy-days"}, {0, 12, false}, {0, 33, 90}, true),
                  R"({"count":12,"median":"16.5","percentile_90":"90","suppressed":false})"));
        CHECK(has(shown({"hpv1618-to-colposcopy-days"}, {}, {}, true),
                  R"({"count":0,"median":null,"percentile_90":null,"suppressed":false})"));
    }

    TEST_CASE_FIXTURE(CaseFixture, "as a table, with target, range and what is still open") {
        const auto english =
            shown({"hpv1618-to-colposcopy", "--from", "2025-01-01", "--to", "2025-12-31"},
                  {62, 70, false}, {3});
        CHECK(has(english, "Documented"));
        CHECK(has(english, "missed"));
        CHECK(has(english, "Target: ≥ 90 %."));
        CHECK(has(english, "Cases from 2025-01-01 to 2025-12-31"));
        // Six months after 4 September are over on 4 March.
        CHECK(has(english, "From 2025-09-05 on the time is not over"));
        const auto over =
            shown({"hpv1618-to-colposcopy", "--from", "2025-01-01", "--to", "2025-09-04"},
                  {62, 70, false}, {3});
        CHECK(over.find("is not over") == std::string::npos);
        const auto chinese = shown({"cervical-detection", "--from", "2025-01-01", "--to",
                                    "2025-12-31", "--step", "quarter"},
                                   {2, 1000, false}, {}, false, Language::zh);
        CHECK(has(chinese, "每10万"));
        CHECK(has(chinese, "2025-10-01"));
        CHECK(has(chinese, "200.0"));
        CHECK(has(shown({"hpv-positivity"}, {}, {}), "There is no such case in that time."));
        CHECK(has(shown({"hpv-positivity"}, {}, {}), "All cases up to 2026-03-04"));
    }

    TEST_CASE_FIXTURE(CaseFixture, "a file has codes, and the period in each line") {
        CHECK(shown({"hpv-positivity", "--from", "2025-01-01", "--to", "2025-12-31", "--csv"},
                    {5, 100, false}, {}) ==
              "numerator,denominator,percent,reference,indicator,version,from,to,known_on,clinics,"
              "oldest,stamp\r\n5,100,5.0,below,hpv-positivity,1,2025-01-01,2025-12-31,2026-03-04,3,"
              "2026-01-01T00:01:01Z,abc\r\n");
    }

    TEST_CASE_FIXTURE(CaseFixture, "their definition is shown with target and range") {
        auto terminal = fake.terminal();
        CHECK(print_indicator("hpv-positivity", terminal));
        CHECK(has(fake.out.str(), "Reference range: 7.3–14.2 %."));
        fake.out.str("");
        terminal.json = true;
        CHECK(print_indicator("hpv1618-to-colposcopy", terminal));
        CHECK(has(fake.out.str(), R"("kind":"cases")"));
        CHECK(has(fake.out.str(), R"("target":{"from":"90","to":null})"));
    }
}

}  // namespace
}  // namespace egret::console
