// The indicators of vaccination at the edges of what they say: the day before and the day of a
// change.

#include "registry/coverage/indicator.h"
#include "tests/support/facts.h"
#include "tests/support/series.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace egret::coverage {
namespace {

using tests::day;
using tests::fact;
using tests::logged;
using tests::woman;

/// A girl with doses, each "2024-03-01", or with another product "2024-03-01 cvx:165".
class Girl {
public:
    explicit Girl(const char* birth, const std::vector<std::string>& doses = {}) {
        Register detail;
        detail.who.birth_date = *PartialDate::parse(birth);
        detail.who.sex = Sex::female;
        detail.who.area = "350203";
        add(fact("2015-01-01", detail));
        for (const auto& one : doses) {
            const auto gap = one.find(' ');
            Dose dose{gap == std::string::npos ? "egret:cecolin" : one.substr(gap + 1), {}, ""};
            add(fact(one.substr(0, gap), dose));
        }
    }

    void add(Fact said) {
        events_.push_back(logged(static_cast<std::uint8_t>(events_.size() + 1), std::move(said)));
    }

    /// Whether she belongs and whether she counts; the recount must say the same.
    std::pair<bool, bool> on(const char* id, const char* date) const {
        const auto& indicator = **find_indicator(id);
        const auto history = fold({woman(1)}, events_);
        const auto series = tests::series_of(history);
        const auto denominator = denominator_days(indicator, history, series);
        const auto numerator = numerator_days(indicator, history, series, denominator);
        const std::pair said{denominator.contains(day(date)), numerator.contains(day(date))};
        const auto rules = store::reached_by_rules();
        const auto counted = BelievedFacts(events_, rules).standing_on(indicator, day(date));
        CHECK(said == std::pair{counted.in_denominator, counted.in_numerator});
        return said;
    }

    bool counts(const char* id, const char* date) const { return on(id, date).second; }

private:
    std::vector<LoggedEvent> events_;
};

constexpr std::pair out{false, false};
constexpr std::pair belongs{true, false};
constexpr std::pair in{true, true};

TEST_SUITE("registry/coverage/vaccination_indicators") {
    TEST_CASE("the second dose counts from its day on, if it is of another day and before 15") {
        const Girl girl("2010-06-15", {"2024-03-01", "2024-03-01", "2024-04-01"});
        CHECK(girl.on("hpvc-by-15", "2024-03-31") == belongs);
        CHECK(girl.on("hpvc-by-15", "2024-04-01") == in);
        CHECK(girl.on("hpvc-by-15", "2099-04-01") == in);
        CHECK(Girl("2010-06-15", {"2024-03-01", "2025-06-14"}).counts("hpvc-by-15", "2026-01-01"));
        CHECK_FALSE(
            Girl("2010-06-15", {"2024-03-01", "2025-06-15"}).counts("hpvc-by-15", "2026-01-01"));
    }

    TEST_CASE("a substandard dose is neither the first nor the second") {
        Girl girl("2010-06-15", {"2024-03-01"});
        girl.add(fact("2024-09-01", Dose{"egret:cecolin", true, ""}));
        CHECK_FALSE(girl.counts("hpvc-by-15", "2025-01-01"));
        CHECK_FALSE(girl.counts("hpvc-by-15-valid", "2025-01-01"));
        girl.add(fact("2024-10-01", Dose{"egret:cecolin", false, ""}));
        CHECK(girl.counts("hpvc-by-15", "2025-01-01"));
        CHECK(girl.counts("hpvc-by-15-valid", "2025-01-01"));
    }

    TEST_CASE("a series is complete on the day that the protocol says, and not a day earlier") {
        // Five months after the first: 1 August.
        const Girl in_time("2010-06-15", {"2024-03-01", "2024-08-01"});
        CHECK(in_time.on("hpvc-by-15-valid", "2024-07-31") == belongs);
        CHECK(in_time.on("hpvc-by-15-valid", "2024-08-01") == in);
        const Girl too_early("2010-06-15", {"2024-03-01", "2024-07-31"});
        CHECK_FALSE(too_early.counts("hpvc-by-15-valid", "2025-01-01"));
        CHECK(too_early.counts("hpvc-by-15", "2025-01-01"));
        const Girl repeated("2010-06-15", {"2024-03-01", "2024-07-31", "2024-12-31"});
        CHECK(repeated.on("hpvc-by-15-valid", "2024-12-30") == belongs);
        CHECK(repeated.on("hpvc-by-15-valid", "2024-12-31") == in);
    }

    TEST_CASE("a first dose is valid from the 9th birthday on, and of the programme's vaccine") {
        CHECK_FALSE(Girl("2010-06-15", {"2019-06-14"}).counts("hpv1-by-15-valid", "2025-01-01"));
        CHECK(Girl("2010-06-15", {"2019-06-14"}).counts("hpv1-by-15", "2025-01-01"));
        CHECK(Girl("2010-06-15", {"2019-06-15"}).counts("hpv1-by-15-valid", "2025-01-01"));
        CHECK_FALSE(
            Girl("2010-06-15", {"2022-01-01 cvx:165"}).counts("hpv1-by-15-valid", "2025-01-01"));
        const Girl later("2010-06-15", {"2019-06-14", "2025-06-15"});
        CHECK_FALSE(later.counts("hpv1-by-15-valid", "2026-01-01"));
        CHECK_FALSE(Girl("2010-06-15").counts("hpv1-by-15-valid", "2026-01-01"));
    }

    TEST_CASE("a dose without a date counts in no figure") {
        Girl girl("2013-06-15");
        girl.add(fact("", Dose{"egret:cecolin", {}, ""}));
        CHECK_FALSE(girl.counts("hpv1-by-15", "2027-01-01"));
        CHECK_FALSE(girl.counts("hpv1-by-15-valid", "2027-01-01"));
    }

    TEST_CASE("the programme's cohort is of one calendar year, and so are its doses") {
        const Girl girl("2010-06-15", {"2023-03-01", "2023-12-31"});
        CHECK(girl.on("hpv1-programme", "2022-12-31") == out);
        CHECK(girl.on("hpv1-programme", "2023-01-01") == belongs);
        CHECK(girl.on("hpv1-programme", "2023-03-01") == in);
        CHECK(girl.on("hpv1-programme", "2023-12-31") == in);
        CHECK(girl.on("hpv1-programme", "2024-01-01") == out);
        CHECK(girl.on("hpvc-programme", "2023-12-30") == belongs);
        CHECK(girl.on("hpvc-programme", "2023-12-31") == in);
        const Girl before("2010-06-15", {"2022-12-31", "2023-06-30"});
        CHECK(before.on("hpv1-programme", "2023-12-31") == belongs);
        CHECK(before.on("hpvc-programme", "2023-12-31") == in);
    }

    TEST_CASE(
        "a round's cohort is a stretch of birth dates, and its doses are those that name it") {
        const auto given = [](const char* date, const char* round) {
            Dose dose{"egret:cecolin", {}, ""};
            dose.round = round;
            return fact(date, dose);
        };
        CHECK(Girl("2009-08-31").on("hpv-haicang-2023-dose1", "2024-01-01") == out);
        CHECK(Girl("2009-09-01").on("hpv-haicang-2023-dose1", "2024-01-01") == belongs);
        CHECK(Girl("2010-09-01").on("hpv-haicang-2023-dose1", "2024-01-01") == out);
        Girl girl("2010-08-31");
        girl.add(given("2022-10-05", ""));
        girl.add(given("2023-10-05", "haicang-2023"));
        girl.add(given("2024-03-05", "other"));
        CHECK(girl.on("hpv-haicang-2023-dose1", "2023-10-04") == belongs);
        CHECK(girl.on("hpv-haicang-2023-dose1", "2023-10-05") == in);
        CHECK(girl.on("hpv-haicang-2023-dose2", "2025-01-01") == belongs);
        girl.add(given("2024-04-05", "haicang-2023"));
        CHECK(girl.on("hpv-haicang-2023-dose2", "2024-04-04") == belongs);
        CHECK(girl.on("hpv-haicang-2023-dose2", "2024-04-05") == in);
    }

    TEST_CASE(
        "she has dropped out when the first dose is more than 13 months ago, until the next") {
        const Girl girl("2010-06-15", {"2023-03-01", "2024-06-01"});
        CHECK(girl.on("hpv-dropout", "2024-04-01") == out);
        CHECK(girl.on("hpv-dropout", "2024-04-02") == in);
        CHECK(girl.on("hpv-dropout", "2024-05-31") == in);
        CHECK(girl.on("hpv-dropout", "2024-06-01") == belongs);
        const Girl twice_early("2010-06-15", {"2023-03-01", "2023-04-01"});
        CHECK(twice_early.on("hpv-dropout", "2024-04-02") == belongs);
        CHECK(twice_early.on("hpv-dropout-valid", "2024-04-01") == out);
        CHECK(twice_early.on("hpv-dropout-valid", "2024-04-02") == in);
    }

    TEST_CASE("a first dose is on time before the 14th birthday") {
        CHECK(Girl("2010-06-15").on("hpv1-on-time", "2026-01-01") == out);
        CHECK(Girl("2010-06-15", {"2024-06-14"}).on("hpv1-on-time", "2024-06-13") == out);
        CHECK(Girl("2010-06-15", {"2024-06-14"}).on("hpv1-on-time", "2024-06-14") == in);
        CHECK(Girl("2010-06-15", {"2024-06-15"}).on("hpv1-on-time", "2026-01-01") == belongs);
    }

    TEST_CASE("a second dose is on time from 5 to 13 months after the first") {
        const auto on_time = [](const char* second) {
            return Girl("2010-06-15", {"2023-03-01", second}).on("hpv2-on-time", "2024-04-02");
        };
        CHECK(on_time("2023-07-31") == belongs);
        CHECK(on_time("2023-08-01") == in);
        CHECK(on_time("2024-04-01") == in);
        CHECK(on_time("2024-04-02") == belongs);
        CHECK(Girl("2010-06-15", {"2023-03-01", "2023-08-01"}).on("hpv2-on-time", "2024-04-01") ==
              out);
    }

    TEST_CASE("a condition that begins later takes no coverage back") {
        Girl girl("2010-06-15", {"2023-03-01", "2023-08-01"});
        girl.add(fact("2024-01-01", Flag{"immunocompromised", PartialDate(day("2024-01-01")), {}}));
        CHECK(girl.counts("hpvc-by-15-valid", "2025-01-01"));
    }
}

}  // namespace
}  // namespace egret::coverage
