// CDC's schedule where the published cases are silent. Every expected day was counted by hand from
// the rows of CDSi 4.64 and the rules of its Logic Specification.

#include "tests/support/vaccination.h"

#include <string>
#include <vector>

namespace egret::rules {
namespace {

using tests::answer;
using tests::ask;
using tests::dose;
using tests::dose_answers;
using tests::girl;
using tests::person;
using tests::with_flag;
using Words = std::vector<std::string>;

constexpr auto cdsi = "us-cdsi-hpv@4.64";

TEST_SUITE("registry/rules/us_vectors") {
    TEST_CASE("near 46 years a dose is due on its last day at the latest") {
        // 46 on 2026-01-01: six months after the first dose would be the 20th.
        const auto third = [](std::string_view birth) {
            return ask("us-cdsi-hpv", girl(birth, {"2025-07-20", "2025-08-20"}), "2025-09-01");
        };
        const auto decision = third("1980-01-01");
        CHECK(answer(decision) == "3: 2025-12-20 2025-12-31 2026-03-19");
        CHECK(tests::shown(decision.actions[0].latest) == "2025-12-31");
        REQUIRE_FALSE(decision.actions[0].why.empty());
        CHECK(decision.actions[0].why[0].rule == "us-cdsi-hpv/3-dose/dose-3/latest");
        // 46 a day after the recommended day, and on it.
        CHECK(answer(third("1980-01-21")) == "3: 2025-12-20 2026-01-20 2026-03-19");
        CHECK(answer(third("1980-01-20")) == "3: 2025-12-20 2026-01-19 2026-03-19");
    }

    TEST_CASE("beyond 45 years no vaccine of CDC's is meant for her: somebody decides") {
        // CDC's data give the second dose no last age, so the series stays open.
        const auto begun = girl("1978-05-08", {"2020-01-01"});
        CHECK(answer(ask(cdsi, begun, "2024-05-07")) == "2: 2020-01-29 2020-01-29 2020-04-21");
        CHECK(answer(ask(cdsi, begun, "2024-05-08")) == "not_complete clinician_decides");
        CHECK(ask(cdsi, begun, "2026-11-27").actions.front().why.front() ==
              Why{"us-cdsi-hpv/3-dose/dose-2/vaccine",
                  msg("rules.beyond_every_vaccine", {{"dose", "2"}})});
        // The earliest day lies beyond, if the question doesn't yet.
        const auto late = girl("1980-01-01", {"2025-12-20"});
        CHECK(answer(ask(cdsi, late, "2025-12-21")) == "not_complete clinician_decides");
    }

    TEST_CASE("six months after a day that the month lacks is the first of the next") {
        CHECK(answer(ask(cdsi, girl("2012-03-01", {"2025-03-31"}), "2025-04-01")) ==
              "2: 2025-08-31 2025-10-01 2026-05-28");
        // 29 February exists in 2024, not in 2025.
        CHECK(answer(ask(cdsi, girl("2011-03-01", {"2023-08-29"}), "2023-09-01")) ==
              "2: 2024-01-29 2024-02-29 2024-10-26");
        CHECK(answer(ask(cdsi, girl("2011-03-01", {"2024-08-29"}), "2024-09-01")) ==
              "2: 2025-01-29 2025-03-01 2025-10-26");
    }

    TEST_CASE("the days of grace are taken from the first of the next month") {
        // 30 September + 5 months is 30 February, so 1 March; less 4 days: 25 February.
        const auto in_time = girl("2012-03-01", {"2025-09-30", "2026-02-25"});
        CHECK(answer(ask(cdsi, in_time, "2026-02-25")) == "complete");
        const auto a_day_less = girl("2012-03-01", {"2025-09-30", "2026-02-24"});
        CHECK(dose_answers(ask(cdsi, a_day_less, "2026-02-24")) == Words{"valid", "valid"});
        CHECK(answer(ask(cdsi, a_day_less, "2026-02-24")) == "3: 2026-05-19 2026-05-19 2026-11-26");
    }

    TEST_CASE("born on 29 February: ages are completed on the 1st of March") {
        const auto first = [](const std::string& day) {
            return dose_answers(ask(cdsi, girl("2012-02-29", {day}), "2058-03-02")).front();
        };
        CHECK(first("2021-02-24") == "not_valid too_young");
        CHECK(first("2021-02-25") == "valid");
        CHECK(first("2058-02-28") == "valid");
        CHECK(first("2058-03-01") == "extraneous too_old");
        CHECK(answer(ask(cdsi, girl("2012-02-29", {"2027-02-28"}), "2027-02-28")) ==
              "2: 2027-07-28 2027-08-28 2028-04-24");
        CHECK(answer(ask(cdsi, girl("2012-02-29", {"2027-03-01"}), "2027-03-01")) ==
              "2: 2027-03-29 2027-03-29 2027-06-20");
    }

    TEST_CASE("at the 46th birthday it is too late") {
        CHECK(answer(ask(cdsi, girl("1979-07-01"), "2025-06-30")) ==
              "1: 1988-07-01 1990-07-01 1992-07-28");
        CHECK(answer(ask(cdsi, girl("1979-07-01"), "2025-07-01")) == "aged_out none");
    }

    TEST_CASE("a boy starts three doses on his 15th birthday, too") {
        CHECK(answer(ask(cdsi, person("2010-05-10", Sex::male, {dose("2025-05-10")}),
                         "2025-05-10")) == "2: 2025-06-07 2025-06-07 2025-08-29");
        CHECK(answer(ask(cdsi, person("2010-05-10", Sex::male, {dose("2025-05-09")}),
                         "2025-05-10")) == "2: 2025-10-09 2025-11-09 2026-07-06");
    }

    TEST_CASE("who starts before 15 needs two doses, however late the second") {
        const auto late = girl("2005-05-10", {"2020-05-09", "2025-01-01"});
        CHECK(answer(ask(cdsi, late, "2025-01-02")) == "complete");
    }

    TEST_CASE("other and unknown sexes follow the series of women") {
        for (const auto sex : {Sex::female, Sex::other, Sex::unknown}) {
            const auto someone = person("2011-01-01", sex, {dose("2024-01-01", "cvx:118")});
            CHECK(answer(ask(cdsi, someone, "2024-02-01")) ==
                  "2: 2024-06-01 2024-07-01 2025-02-28");
            const auto at_risk = ask(cdsi, with_flag(someone, "hiv"), "2024-02-01");
            CHECK(at_risk.series == "risk-3-dose");
        }
    }

    TEST_CASE("a bivalent dose in a male is inadvertent, under whichever code") {
        for (const std::string product : {"cvx:118", "icd11:XM9BT4", "egret:cecolin"}) {
            CAPTURE(product);
            const auto boy = person("2011-05-05", Sex::male, {dose("2023-06-01", product)});
            const auto decision = ask(cdsi, boy, "2023-06-02");
            CHECK(dose_answers(decision) == Words{"inadvertent inadvertent"});
            CHECK(answer(decision) == "1: 2023-06-01 2023-06-01 2024-06-01");
        }
    }

    TEST_CASE("after an inadvertent dose the next may follow at once, but not before it") {
        const auto boy =
            person("2011-05-05", Sex::male, {dose("2023-06-01"), dose("2024-01-01", "cvx:118")});
        CHECK(answer(ask(cdsi, boy, "2024-01-02")) == "2: 2024-01-01 2024-01-01 2024-07-28");
    }

    TEST_CASE("of two doses on a day one counts, in whichever order they stand") {
        const auto a = dose("2024-01-01", "cvx:165");
        const auto b = dose("2024-01-01", "cvx:62");
        for (const auto& doses : {std::vector{a, b}, std::vector{b, a}}) {
            const auto decision = ask(cdsi, person("2011-01-01", Sex::female, doses), "2024-02-01");
            CHECK(dose_answers(decision) == Words{"valid", "not_valid interval_too_short"});
            CHECK(decision.doses[0].product == "cvx:165");
            // Both are on file, so the next must suit the third target: 12 weeks, 5 months.
            CHECK(answer(decision) == "2: 2024-06-01 2024-07-01 2025-02-28");
        }
    }

    TEST_CASE("a boy's bivalent dose beside one that counts changes nothing") {
        const auto right = dose("2023-06-01");
        const auto wrong = dose("2023-06-01", "cvx:118");
        for (const auto& doses : {std::vector{right, wrong}, std::vector{wrong, right}}) {
            const auto decision = ask(cdsi, person("2011-05-05", Sex::male, doses), "2023-06-02");
            CHECK(dose_answers(decision) == Words{"valid", "inadvertent inadvertent"});
            CHECK(answer(decision) == "2: 2023-11-01 2023-12-01 2024-07-28");
        }
    }

    TEST_CASE("a spoilt dose is none, also beside a good one of the same day") {
        const auto both = person("2011-05-05", Sex::female,
                                 {dose("2023-06-01", "cvx:165", true), dose("2023-06-01")});
        const auto decision = ask(cdsi, both, "2023-06-02");
        CHECK(dose_answers(decision) == Words{"valid", "substandard substandard"});
        CHECK(answer(decision) == "2: 2023-11-01 2023-12-01 2024-07-28");
    }

    TEST_CASE("with more than one dose on file the third target is asked for") {
        const auto hasty = girl("2012-05-05", {"2024-01-10", "2024-01-20", "2024-04-20"});
        const auto decision = ask(cdsi, hasty, "2024-04-21");
        CHECK(dose_answers(decision) ==
              Words{"valid", "not_valid interval_too_short", "not_valid interval_too_short"});
        CHECK(answer(decision) == "2: 2024-07-13 2024-07-13 2025-03-09");
    }

    TEST_CASE("a dose below the age of 9 years less 4 days is not among those on file") {
        const auto early = girl("2012-05-05", {"2020-05-05", "2023-06-01", "2023-09-01"});
        const auto decision = ask(cdsi, early, "2023-09-02");
        CHECK(dose_answers(decision) == Words{"not_valid too_young", "valid", "valid"});
        CHECK(answer(decision) == "3: 2023-11-24 2023-12-01 2024-07-28");
    }

    TEST_CASE("between the second and third of three doses lie 12 weeks less 4 days") {
        const auto third = [](const std::string& day) {
            const auto woman = girl("2005-01-01", {"2023-01-10", "2023-05-10", day});
            return dose_answers(ask(cdsi, woman, "2024-01-01")).back();
        };
        CHECK(third("2023-07-28") == "not_valid interval_too_short");  // 12 weeks less 5 days.
        CHECK(third("2023-07-29") == "valid");
    }

    TEST_CASE("until 2016-12-15 the third dose counts from 16 weeks less 4 days on") {
        const auto third = [](const std::string& day) {
            const auto woman = girl("1998-01-01", {"2016-01-04", "2016-01-28", day});
            return dose_answers(ask(cdsi, woman, "2017-01-01")).back();
        };
        CHECK(third("2016-04-20") == "not_valid interval_too_short");
        CHECK(third("2016-04-21") == "valid");
        // From the day after on five months less 4 days.
        const auto later = [](const std::string& first, const std::string& day) {
            const auto woman = girl("1998-01-01", {first, "2016-08-20", day});
            return dose_answers(ask(cdsi, woman, "2017-06-01")).back();
        };
        CHECK(later("2016-07-20", "2016-12-15") == "valid");
        CHECK(later("2016-07-21", "2016-12-16") == "not_valid interval_too_short");
        CHECK(later("2016-07-21", "2016-12-17") == "valid");
    }

    TEST_CASE("a dose that repeats one that came too soon has no days of grace") {
        const auto third = [](const std::string& day) {
            const auto woman = girl("2005-01-01", {"2023-01-10", "2023-01-20", day});
            return dose_answers(ask(cdsi, woman, "2024-01-01"));
        };
        CHECK(third("2023-02-16").back() == "not_valid interval_too_short");
        CHECK(third("2023-02-17").back() == "valid");
        const auto with_grace = girl("2005-01-01", {"2023-01-10", "2023-02-03"});
        CHECK(dose_answers(ask(cdsi, with_grace, "2024-01-01")).back() == "valid");
        const auto without = girl("2005-01-01", {"2023-01-10", "2023-02-02"});
        CHECK(dose_answers(ask(cdsi, without, "2024-01-01")).back() ==
              "not_valid interval_too_short");
    }

    TEST_CASE("pregnancy holds on its first and last day, and unmakes no dose") {
        auto woman = girl("2000-01-01", {"2023-02-01"});
        woman.flags.push_back(
            {"pregnant", *PartialDate::parse("2023-02"), *PartialDate::parse("2023-11")});
        const auto on = [&](std::string_view day) { return answer(ask(cdsi, woman, day)); };
        CHECK(on("2023-02-01") == "contraindicated none");
        CHECK(on("2023-11-30") == "contraindicated none");
        CHECK(on("2023-12-01") == "2: 2023-03-01 2023-03-01 2023-05-23");
        CHECK(dose_answers(ask(cdsi, woman, "2023-02-01")) == Words{"valid"});
    }

    TEST_CASE("who is complete stays so while she is pregnant") {
        const auto done = girl("2010-01-01", {"2022-01-01", "2022-07-01"});
        CHECK(answer(ask(cdsi, with_flag(done, "pregnant"), "2025-01-01")) == "complete");
    }

    TEST_CASE("what is unusable is named by day, in whichever order it stands") {
        const auto before = dose("2011-12-31");
        const auto after = dose("2025-06-02");
        for (const auto& doses : {std::vector{before, after}, std::vector{after, before}}) {
            const auto decision = ask(cdsi, person("2012-01-01", Sex::female, doses), "2025-06-01");
            CHECK(decision.doses.empty());
            REQUIRE(decision.problems.size() == 2);
            CHECK(decision.problems[0].id == "rules.dose_before_birth");
            CHECK(decision.problems[1].id == "rules.dose_after_day");
        }
        // The year of her birth may be a day after it.
        const auto same_year = person("2012-06-01", Sex::female, {dose("2012")});
        CHECK(dose_answers(ask(cdsi, same_year, "2025-06-01")) == Words{"not_valid too_young"});
    }

    TEST_CASE("a dose of a year is enough where its first and last day give the same answer") {
        const auto known_by_year = girl("2010-03-03", {"2022"});
        CHECK(answer(ask(cdsi, known_by_year, "2024-03-01")) ==
              "2: 2023-05-31 2023-07-01 2024-02-27");
        const auto open = ask(cdsi, known_by_year, "2023-07-15");
        CHECK(answer(open) == "not_complete clinician_decides");
        REQUIRE(open.problems.size() == 1);
        CHECK(open.problems[0].id == "rules.dose_date_not_exact");
        // Until the day of the question, not after it.
        CHECK(answer(ask(cdsi, girl("2012-03-01", {"2025"}), "2025-05-31")) ==
              "2: 2025-10-31 2025-12-01 2026-07-28");
        CHECK(answer(ask(cdsi, girl("2012-03-01", {"2025"}), "2025-06-01")) ==
              "not_complete clinician_decides");
        CHECK(ask(cdsi, girl("2012-03-01", {"2025-07"}), "2025-06-30").doses.empty());
    }

    TEST_CASE("a birth month is enough where its first and last day give the same answer") {
        CHECK(answer(ask(cdsi, girl("2011-05"), "2020-04-30")) ==
              "1: 2020-05-31 2022-05-31 2024-06-27");
        const auto between = ask(cdsi, girl("2011-05"), "2020-05-15");
        CHECK(answer(between) == "not_complete clinician_decides");
        REQUIRE(between.problems.size() == 1);
        CHECK(between.problems[0].id == "rules.birth_date_not_exact");
    }

    TEST_CASE("from 27 years on the person and the clinician decide together") {
        const auto last_remark = [](std::string_view on) {
            const auto decision = ask(cdsi, girl("1998-06-15"), on);
            return decision.actions.front().why.back().rule;
        };
        CHECK(last_remark("2025-06-14") == "us-cdsi-hpv/2-dose/dose-1/age");
        CHECK(last_remark("2025-06-15") == "us-cdsi-hpv/guidance/shared-decision");
    }
}

}  // namespace
}  // namespace egret::rules
