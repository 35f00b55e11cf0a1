#include "registry/rules/vaccination.h"

#include "tests/support/vaccination.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace egret::rules {
namespace {

using tests::answer;
using tests::ask;

Date day(std::string_view text) { return *Date::parse(text); }

PartialDate partial(std::string_view text) { return *PartialDate::parse(text); }

Subject person(std::string_view birth, Sex sex, const std::vector<std::string>& doses,
               const std::string& product = "cvx:165") {
    auto subject = tests::girl(birth, doses, product);
    subject.sex = sex;
    return subject;
}

TEST_SUITE("registry/rules/vaccination") {
    TEST_CASE("a month without that day gives the first of the next") {
        // 31 August + 5 months is 31 January, + 6 months would be 31 February.
        const auto girl = person("2012-03-01", Sex::female, {"2025-08-31"});
        CHECK(answer(ask("us-cdsi-hpv", girl, "2025-09-01")) ==
              "2: 2026-01-31 2026-03-01 2026-10-28");
    }

    TEST_CASE("born on 29 February: nine years old on the 1st of March") {
        const auto girl = person("2012-02-29", Sex::female, {});
        CHECK(answer(ask("us-cdsi-hpv", girl, "2020-01-01")) ==
              "1: 2021-03-01 2023-03-01 2025-03-28");
    }

    TEST_CASE("a first dose on the 15th birthday starts three doses, the day before two") {
        CHECK(answer(ask("us-cdsi-hpv", person("2010-05-10", Sex::female, {"2025-05-10"}),
                         "2025-05-10")) == "2: 2025-06-07 2025-06-07 2025-08-29");
        CHECK(answer(ask("us-cdsi-hpv", person("2010-05-10", Sex::female, {"2025-05-09"}),
                         "2025-05-10")) == "2: 2025-10-09 2025-11-09 2026-07-06");
    }

    TEST_CASE("an unknown sex follows the series of women") {
        const auto someone = person("2011-01-01", Sex::unknown, {"2024-01-01"}, "cvx:118");
        const auto decision = ask("us-cdsi-hpv", someone, "2024-02-01");
        CHECK(decision.series == "2-dose");
        CHECK(decision.doses.front().status == DoseStatus::valid);
    }

    TEST_CASE("of two doses on a day one counts") {
        const auto girl = person("2011-01-01", Sex::female, {"2024-01-01", "2024-01-01"});
        const auto decision = ask("us-cdsi-hpv", girl, "2024-02-01");
        CHECK(decision.doses[0].status == DoseStatus::valid);
        CHECK(decision.doses[1].status == DoseStatus::not_valid);
        CHECK(decision.doses[1].reason == DoseReason::interval_too_short);
    }

    TEST_CASE("a birth year alone is enough where both ends give the same answer") {
        const auto complete = person("2008", Sex::female, {"2020-01-01", "2020-08-01"});
        CHECK(answer(ask("us-cdsi-hpv", complete, "2024-02-01")) == "complete");
        const auto open = person("2016", Sex::female, {});
        const auto decision = ask("us-cdsi-hpv", open, "2025-06-01");
        CHECK(decision.actions.front().code == ActionCode::clinician_decides);
        REQUIRE(decision.problems.size() == 1);
        CHECK(decision.problems.front().id == "rules.birth_date_not_exact");
    }

    TEST_CASE(
        "a dose of a year is not far enough from another one by its first and last day alone") {
        const auto asks = [](std::string_view protocol, const std::vector<std::string>& dates,
                             std::string_view product) {
            const auto decision =
                ask(protocol, person("2012-05-05", Sex::female, dates, std::string(product)),
                    "2026-11-27");
            CHECK(answer(decision) == "not_complete clinician_decides");
            REQUIRE(decision.problems.size() == 1);
            CHECK(decision.problems.front() ==
                  msg("rules.dose_date_not_exact", {{"date", dates.front()}}));
        };
        // Five months lie between the other day and each end of the year, and not between the days.
        asks("cn-nip-hpv-2025", {"2026", "2026-06-10"}, "egret:cecolin");
        asks("cn-nip-hpv-2025", {"2025", "2025-06-10"}, "egret:cecolin");
        asks("cn-nip-hpv-2025", {"2025-12", "2026-05-15"}, "egret:cecolin");
        asks("us-cdsi-hpv", {"2025-01", "2025-06-10"}, "cvx:165");
        asks("us-cdsi-hpv", {"2025", "2025-06-15"}, "cvx:165");
        asks("cn-label-cecolin", {"2025", "2025-06-10"}, "egret:cecolin");
        asks("who-hpv-2dose", {"2025", "2025-06-10"}, "cvx:165");
    }

    TEST_CASE("of a year that is far enough from the other dose nothing is asked") {
        const auto far = [](const std::vector<std::string>& dates) {
            const auto decision =
                ask("cn-nip-hpv-2025", person("2012-05-05", Sex::female, dates, "egret:cecolin"),
                    "2026-11-27");
            CHECK(decision.problems.empty());
            return answer(decision);
        };
        CHECK(far({"2024", "2025-06-10"}) == "complete");
        CHECK(far({"2022", "2024"}) == "complete");
        CHECK(far({"2022-01", "2023", "2025-02"}) == "complete");
        CHECK(far({"2025-12", "2026-06-10"}) == "complete");
    }

    TEST_CASE("two dates of a year may be a day apart") {
        const auto decision =
            ask("cn-nip-hpv-2025",
                person("2012-05-05", Sex::female, {"2024", "2025"}, "egret:cecolin"), "2026-11-27");
        CHECK(answer(decision) == "not_complete clinician_decides");
        CHECK(decision.problems.size() == 2);
    }

    TEST_CASE("more dates without a day than can be tried are asked for") {
        const std::vector<std::string> dates{"2024", "2024", "2025", "2025"};
        const auto decision =
            ask("us-cdsi-hpv", person("2012", Sex::female, dates, "cvx:165"), "2026-11-27");
        CHECK(answer(decision) == "not_complete clinician_decides");
        CHECK(decision.problems.size() == 5);
    }

    TEST_CASE("every contraindication in force is named, and what is forbidden stands") {
        auto woman = person("2010-01-01", Sex::female, {});
        for (const auto* flag : {"pregnant", "allergy_component"})
            woman.flags.push_back({flag, {}, {}});
        const auto named = [&](std::string_view protocol) {
            const auto decision = ask(protocol, woman, "2025-12-01");
            std::vector<std::string> rules{answer(decision)};
            for (const auto& why : decision.actions.front().why) rules.push_back(why.rule);
            return rules;
        };
        using Words = std::vector<std::string>;
        CHECK(named("us-cdsi-hpv") == Words{"contraindicated none",
                                            "us-cdsi-hpv/contraindication/pregnancy",
                                            "us-cdsi-hpv/contraindication/component"});
        CHECK(named("cn-nip-hpv-2025") == Words{"contraindicated none",
                                                "cn-nip-hpv-2025/contraindication/pregnancy",
                                                "cn-nip-hpv-2025/contraindication/allergy"});
        woman.flags.erase(woman.flags.begin());
        CHECK(named("cn-nip-hpv-2025") ==
              Words{"not_complete clinician_decides", "cn-nip-hpv-2025/contraindication/allergy"});
    }

    TEST_CASE("where the protocol depends on a sex that isn't recorded, it is asked for") {
        const auto someone = person("2012-05-05", Sex::unknown, {"2025-12-01"}, "egret:cecolin");
        const auto decision = ask("cn-nip-hpv-2025", someone, "2026-02-01");
        CHECK(answer(decision) == "not_complete clinician_decides");
        CHECK(decision.actions.front().why.front() ==
              Why{"cn-nip-hpv-2025/no-sex", msg("rules.sex_unknown")});
        REQUIRE(decision.not_counted.size() == 1);
        CHECK(decision.not_counted.front().why.rule == "cn-nip-hpv-2025/no-sex");
        const auto table =
            ask("who-hpv-2dose", person("2012-05-05", Sex::unknown, {}), "2026-02-01");
        CHECK(table.actions.front().why.front().rule == "who-hpv-2dose/general/sex-unknown");
    }

    TEST_CASE("in the US schedule three doses are for whose immune system is suppressed") {
        auto girl = person("2012-05-05", Sex::female, {"2024-01-01", "2024-08-01"});
        girl.flags.push_back({"immunocompromised", {}, {}});
        for (const auto sex : {Sex::female, Sex::male}) {
            girl.sex = sex;
            const auto decision = ask("us-cdsi-hpv", girl, "2025-12-01");
            REQUIRE_FALSE(decision.actions.empty());
            CHECK(decision.actions.front().dose_number == 3);
            CHECK(decision.ignored.empty());
        }
    }

    TEST_CASE("a dose after the day of the question is left out and named") {
        const auto girl = person("2012-03-01", Sex::female, {"2025-08-31"});
        const auto decision = ask("us-cdsi-hpv", girl, "2025-08-30");
        CHECK(decision.doses.empty());
        REQUIRE(decision.problems.size() == 1);
        CHECK(decision.problems.front().id == "rules.dose_after_day");
    }

    TEST_CASE("an older release answers by its own rules") {
        const auto woman = person("1990-01-01", Sex::female, {});
        CHECK(answer(ask("us-cdsi-hpv@2023-05", woman, "2023-06-01")) == "aged_out none");
        CHECK(answer(ask("us-cdsi-hpv", woman, "2023-06-01")) ==
              "1: 1999-01-01 2001-01-01 2003-01-28");
    }

    TEST_CASE("a protocol that isn't in force answers, and the decision says so") {
        const auto girl = person("2012-05-05", Sex::female, {});
        const auto asked = [&](std::string_view protocol, std::string_view on) {
            const auto decision = ask(protocol, girl, on);
            CHECK(answer(decision).starts_with("1: "));
            return decision.out_of_force;
        };
        const auto early = asked("cn-nip-hpv-2025", "2025-11-09");
        REQUIRE(early);
        CHECK(early->rule == "cn-nip-hpv-2025/valid");
        CHECK(std::get<Message>(early->text) ==
              Message{"rules.not_in_force_yet", {{"from", "2025-11-10"}}});
        CHECK_FALSE(asked("cn-nip-hpv-2025", "2025-11-10"));
        CHECK_FALSE(asked("cn-fj-hpv-2020", "2025-11-09"));
        const auto late = asked("cn-fj-hpv-2020", "2025-11-10");
        REQUIRE(late);
        CHECK(std::get<Message>(late->text) ==
              Message{"rules.no_longer_in_force", {{"to", "2025-11-09"}}});
        CHECK_FALSE(asked("who-hpv-2dose", "2024-01-01"));  // It names no days.
    }

    TEST_CASE("while she is pregnant no dose is advised") {
        auto woman = person("2000-01-01", Sex::female, {"2023-01-01"});
        woman.flags.push_back({"pregnant", partial("2023-02-01"), partial("2023-11-01")});
        CHECK(answer(ask("us-cdsi-hpv", woman, "2023-03-01")) == "contraindicated none");
        CHECK(answer(ask("us-cdsi-hpv", woman, "2023-11-02")) ==
              "2: 2023-01-29 2023-01-29 2023-04-22");
    }

    TEST_CASE("WHO's table counts a dose that came too early, and the decision says so") {
        const auto girl = person("2013-06-01", Sex::female, {"2024-01-10", "2024-02-10"});
        const auto decision = ask("who-hpv-2dose", girl, "2024-03-01");
        CHECK(answer(decision) == "complete");
        REQUIRE(decision.warnings.size() == 1);
        CHECK(decision.doses[1].in_time_from == day("2024-07-10"));
    }

    TEST_CASE("the national programme asks for two doses of a bivalent vaccine") {
        const auto girl = person("2012-05-05", Sex::female, {"2025-11-20"}, "egret:cecolin");
        const auto decision = ask("cn-nip-hpv-2025", girl, "2025-11-26");
        CHECK(answer(decision) == "2: 2026-04-20 2026-05-20 2027-01-16");
        REQUIRE(decision.eligibility);
        CHECK(decision.eligibility->verdict == EligibilityAnswer::Verdict::yes);
        const auto older = person("2011-11-09", Sex::female, {});
        CHECK(ask("cn-nip-hpv-2025", older, "2025-11-26").eligibility->verdict ==
              EligibilityAnswer::Verdict::no);
        const auto nine = person("2012-05-05", Sex::female, {"2025-11-20"}, "egret:gardasil-9");
        CHECK(ask("cn-nip-hpv-2025", nine, "2025-11-26").doses.front().reason ==
              DoseReason::product_not_allowed);
    }

    TEST_CASE("a label's schedule depends on the age at the first dose") {
        CHECK(answer(ask("cn-label-cecolin",
                         person("2000-01-01", Sex::female, {"2025-01-31"}, "egret:cecolin"),
                         "2025-02-01")) == "2: 2025-03-01 2025-03-01 2025-04-01");
        CHECK(ask("cn-label-cecolin", person("2000-01-01", Sex::female, {}), "2025-02-01").series ==
              "3-dose");
        CHECK(ask("cn-label-cecolin", person("2014-01-01", Sex::female, {}), "2025-02-01").series ==
              "2-dose");
    }

    TEST_CASE("a campaign's round asks for birth window and residence") {
        auto girl = person("2010-03-03", Sex::female, {});
        CHECK(ask("cn-fj-hpv-2020", girl, "2023-10-10").eligibility->verdict ==
              EligibilityAnswer::Verdict::unknown);
        girl.household_area = "350205001";
        const auto taken = ask("cn-fj-hpv-2020", girl, "2023-10-10");
        CHECK(taken.eligibility->verdict == EligibilityAnswer::Verdict::yes);
        CHECK(taken.eligibility->round == "haicang-2023");
        girl.household_area = "350203001";
        girl.school_area = "350203001";
        girl.goes_to_school = true;
        CHECK(ask("cn-fj-hpv-2020", girl, "2023-10-10").eligibility->verdict ==
              EligibilityAnswer::Verdict::no);
    }

    TEST_CASE("what the protocol doesn't use is named") {
        auto girl = person("2012-03-01", Sex::female, {});
        girl.flags.push_back({"cdsi:036", {}, {}});
        girl.doses.push_back({partial("2020-01-01"), "cvx:08", false});
        CHECK(ask("us-cdsi-hpv", girl, "2025-01-01").ignored ==
              std::vector<std::string>{"cdsi:036", "cvx:08"});
    }
}

}  // namespace
}  // namespace egret::rules
