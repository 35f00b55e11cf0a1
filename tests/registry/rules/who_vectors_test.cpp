// WHO's decision tables for HPV, row by row and on both sides of every limit: the tables for two
// doses and for one, their contraindications, and the position paper of December 2022. Expected
// days were counted by hand.

#include "tests/support/vaccination.h"

#include <string>
#include <vector>

namespace egret::rules {
namespace {

using tests::answer;
using tests::ask;
using tests::dose;
using tests::girl;
using tests::person;
using tests::with_flag;
using Dates = std::vector<std::string>;

constexpr auto two = "who-hpv-2dose";
constexpr auto one = "who-hpv-1dose";
constexpr auto paper = "who-hpv-immunocompromised";
// 9 years old on 2021-03-15, 14 on 2026-03-15, 15 on 2027-03-15, 20 on 2032-03-15.
constexpr auto birth = "2012-03-15";

std::string asked(std::string_view protocol, const Dates& doses, std::string_view on,
                  const std::string& flag = "") {
    auto subject = girl(birth, doses, "icd11:XM9QP0");
    if (!flag.empty()) subject = with_flag(std::move(subject), flag);
    return answer(ask(protocol, subject, on));
}

TEST_SUITE("registry/rules/who_vectors") {
    TEST_CASE("two doses: below 9 years nothing is due, whatever is on file") {
        CHECK(asked(two, {}, "2021-03-14") == "1: 2021-03-15 2021-03-15 2026-03-15");
        CHECK(asked(two, {"2020-03-01"}, "2021-03-14") == "2: 2021-03-15 2021-03-15 2026-03-15");
        CHECK(asked(two, {"2019-03-01", "2020-03-01"}, "2021-03-14") == "complete");
        CHECK(asked(two, {"2019-03-01", "2020-03-01"}, "2021-03-14", "hiv") ==
              "3: 2021-03-15 2021-03-15 -");
        for (const auto sex : {Sex::male, Sex::other, Sex::unknown})
            CHECK(answer(ask(two, person(birth, sex), "2021-03-14")) ==
                  "1: 2021-03-15 2021-03-15 2026-03-15");
    }

    TEST_CASE("two doses: a girl of 9 to 14 years is due, an older one is for the member state") {
        CHECK(asked(two, {}, "2021-03-15") == "1: 2021-03-15 2021-03-15 2026-03-15");
        CHECK(asked(two, {}, "2027-03-14") == "1: 2021-03-15 2021-03-15 2026-03-15");
        CHECK(asked(two, {}, "2027-03-15") == "not_complete clinician_decides");
        CHECK(asked(two, {}, "2027-03-14", "hiv") == "1: 2021-03-15 2021-03-15 2026-03-15");
        CHECK(asked(two, {}, "2027-03-15", "hiv") == "not_complete clinician_decides");
    }

    TEST_CASE("two doses of a day are one visit, and count once") {
        for (const std::string protocol : {two, paper}) {
            CAPTURE(protocol);
            const auto once = asked(protocol, {"2025-03-15"}, "2025-09-15");
            CHECK(asked(protocol, {"2025-03-15", "2025-03-15"}, "2025-09-15") == once);
            CHECK(asked(protocol, {"2025-03-15", "2025-03-15", "2025-03-15"}, "2025-09-15") ==
                  once);
            CHECK(asked(protocol, {"2025-03-15", "2025-03-15", "2025-09-15"}, "2025-09-16") ==
                  asked(protocol, {"2025-03-15", "2025-09-15"}, "2025-09-16"));
            CHECK(asked(protocol, {"2025-03-15", "2025-03-15"}, "2025-09-15", "hiv") ==
                  asked(protocol, {"2025-03-15"}, "2025-09-15", "hiv"));
        }
        const auto twice =
            ask(two, girl(birth, {"2025-03-15", "2025-03-15"}, "icd11:XM9QP0"), "2025-09-15");
        CHECK(tests::dose_answers(twice) == Dates{"valid", "extraneous"});
        CHECK_FALSE(twice.doses[1].dose_number);
        REQUIRE(twice.not_counted.size() == 1);
        CHECK(twice.not_counted[0].why.rule == "who-hpv-2dose/general/same-day");
        CHECK(std::get<Message>(twice.not_counted[0].why.text).id == "rules.counted_once");
        CHECK(twice.warnings.empty());
    }

    TEST_CASE(
        "under two codes a dose of one day still counts once, after a spoilt one all the same") {
        const auto coded =
            person(birth, Sex::female,
                   {dose("2025-03-15", "cvx:137"), dose("2025-03-15", "egret:cecolin")});
        CHECK(answer(ask(two, coded, "2025-09-15")) == "2: 2025-09-15 2025-09-15 2026-03-15");
        const auto spoilt =
            person(birth, Sex::female,
                   {dose("2025-03-15", "cvx:165", true), dose("2025-03-15", "cvx:165")});
        CHECK(tests::dose_answers(ask(two, spoilt, "2025-09-15")) ==
              Dates{"valid", "substandard substandard"});
    }

    TEST_CASE("two doses of the same month may be of one day: the clinician decides") {
        const auto decision = ask(two, girl(birth, {"2025-03", "2025-03"}), "2026-09-15");
        CHECK(answer(decision) == "not_complete clinician_decides");
        CHECK(answer(ask(two, girl(birth, {"2025-03", "2025-09"}), "2026-09-15")) == "complete");
    }

    TEST_CASE("two doses: who is not female is for the member state") {
        for (const auto sex : {Sex::male, Sex::other, Sex::unknown}) {
            CHECK(answer(ask(two, person(birth, sex), "2021-03-15")) ==
                  "not_complete clinician_decides");
            CHECK(answer(ask(two, person(birth, sex), "2027-03-15")) ==
                  "not_complete clinician_decides");
            CHECK(answer(ask(two, with_flag(person(birth, sex), "hiv"), "2021-03-15")) ==
                  "not_complete clinician_decides");
        }
    }

    TEST_CASE("two doses: after one the second is due after six months, for everybody") {
        // Due on or before the day of the question: the 15th of September, not the 14th.
        CHECK(asked(two, {"2025-03-15"}, "2025-09-14") == "2: 2025-09-15 2025-09-15 2026-03-15");
        CHECK(asked(two, {"2025-03-15"}, "2025-09-15") == "2: 2025-09-15 2025-09-15 2026-03-15");
        CHECK(asked(two, {"2025-03-15"}, "2025-09-15", "immunocompromised") ==
              "2: 2025-09-15 2025-09-15 2026-03-15");
        // No matter how old; birth and 14 years are over already: overdue from the day after.
        CHECK(asked(two, {"2027-04-01"}, "2027-04-02") == "2: 2027-10-01 2027-10-01 2027-10-02");
        const auto boy = person(birth, Sex::male, {dose("2025-03-15", "cvx:62")});
        CHECK(answer(ask(two, boy, "2025-09-15")) == "2: 2025-09-15 2025-09-15 2026-03-15");
    }

    TEST_CASE("six months that end on a day that isn't there end on the last of the month") {
        CHECK(asked(two, {"2024-08-31"}, "2024-09-01") == "2: 2025-02-28 2025-02-28 2026-03-15");
        CHECK(asked(two, {"2023-08-31"}, "2023-09-01") == "2: 2024-02-29 2024-02-29 2026-03-15");
        CHECK(asked(two, {"2024-12-31"}, "2025-01-01") == "2: 2025-06-30 2025-06-30 2026-03-15");
    }

    TEST_CASE("born on 29 February she comes of age on the 1st of March") {
        CHECK(answer(ask(two, girl("2008-02-29"), "2023-02-28")) ==
              "1: 2017-03-01 2017-03-01 2022-03-01");
        CHECK(answer(ask(two, girl("2008-02-29"), "2023-03-01")) ==
              "not_complete clinician_decides");
        CHECK(answer(ask(one, girl("2008-02-29"), "2016-02-28")) ==
              "1: 2017-03-01 2017-03-01 2028-02-29");
        CHECK(answer(ask(one, girl("2008-02-29"), "2029-02-28")) ==
              "1: 2017-03-01 2017-03-01 2028-02-29");
    }

    TEST_CASE("two doses: two complete, unless she has HIV or is immunocompromised") {
        const Dates doses{"2024-03-15", "2024-09-15"};
        CHECK(asked(two, doses, "2024-09-15") == "complete");
        for (const std::string flag : {"hiv", "immunocompromised"}) {
            CHECK(asked(two, doses, "2025-03-14", flag) == "3: 2025-03-15 2025-03-15 -");
            CHECK(asked(two, doses, "2025-03-15", flag) == "3: 2025-03-15 2025-03-15 -");
        }
        CHECK(asked(two, {"2024-03-15", "2024-09-15", "2025-03-15"}, "2025-03-15") == "complete");
        CHECK(asked(two, {"2024-03-15", "2024-09-15", "2025-03-15"}, "2025-03-15", "hiv") ==
              "complete");
    }

    TEST_CASE("one dose: due from 9 to 20 years for everybody, then for the member state") {
        for (const auto sex : {Sex::female, Sex::male, Sex::other, Sex::unknown}) {
            const auto on = [&](std::string_view day) {
                return answer(ask(one, person(birth, sex), day));
            };
            for (const auto* day : {"2021-03-14", "2021-03-15", "2032-03-15", "2033-03-14"})
                CHECK(on(day) == "1: 2021-03-15 2021-03-15 2032-03-15");
            CHECK(on("2033-03-15") == "not_complete clinician_decides");
        }
        CHECK(asked(one, {}, "2033-03-14", "hiv") == "1: 2021-03-15 2021-03-15 2032-03-15");
        CHECK(asked(one, {}, "2033-03-15", "hiv") == "not_complete clinician_decides");
    }

    TEST_CASE("one dose: one completes, unless she has HIV or is immunocompromised") {
        CHECK(asked(one, {"2025-03-15"}, "2025-03-15") == "complete");
        CHECK(asked(one, {"2034-03-15"}, "2034-03-15") == "complete");
        for (const std::string flag : {"hiv", "immunocompromised"}) {
            CHECK(asked(one, {"2025-03-15"}, "2025-09-14", flag) == "2: 2025-09-15 2025-09-15 -");
            CHECK(asked(one, {"2025-03-15", "2025-09-15"}, "2025-09-16", flag) ==
                  "3: 2026-03-15 2026-03-15 -");
            CHECK(asked(one, {"2025-03-15", "2025-09-15", "2026-03-15"}, "2026-03-15", flag) ==
                  "complete");
            // Below 9 years nothing is due.
            CHECK(asked(one, {"2020-03-15"}, "2021-03-14", flag) == "2: 2021-03-15 2021-03-15 -");
        }
        CHECK(asked(one, {"2020-03-15"}, "2021-03-14") == "complete");
    }

    TEST_CASE("what came too early counts, and is said") {
        const auto early = ask(two, girl(birth, {"2020-03-15", "2024-03-15"}), "2024-03-15");
        CHECK(answer(early) == "complete");
        REQUIRE(early.warnings.size() == 1);
        CHECK(early.doses[0].in_time_from == *Date::parse("2021-03-15"));
        const auto soon = ask(two, girl(birth, {"2024-03-15", "2024-09-14"}), "2024-09-14");
        REQUIRE(soon.warnings.size() == 1);
        CHECK(soon.doses[1].in_time_from == *Date::parse("2024-09-15"));
        CHECK(ask(two, girl(birth, {"2024-03-15", "2024-09-15"}), "2024-09-15").warnings.empty());
    }

    TEST_CASE("a pregnant woman waits; after a severe reaction somebody decides") {
        for (const auto* protocol : {two, one}) {
            CHECK(asked(protocol, {}, "2025-03-15", "pregnant") == "contraindicated none");
            for (const std::string flag : {"allergy_hpv_vaccine", "allergy_component"})
                CHECK(asked(protocol, {}, "2025-03-15", flag) == "not_complete clinician_decides");
        }
    }

    TEST_CASE("the position paper: three doses for those with HIV, from 9 years on without end") {
        CHECK(asked(paper, {}, "2025-03-15") == "not_recommended none");
        CHECK(asked(paper, {}, "2021-03-14", "hiv") == "1: 2021-03-15 2021-03-15 -");
        CHECK(asked(paper, {}, "2062-03-15", "hiv") == "1: 2021-03-15 2021-03-15 -");
        CHECK(asked(paper, {"2020-01-01"}, "2021-03-14", "hiv") == "2: 2021-03-15 2021-03-15 -");
        CHECK(asked(paper, {"2025-03-15"}, "2025-03-16", "hiv") == "2: 2025-09-15 2025-09-15 -");
        CHECK(asked(paper, {"2025-03-15", "2025-09-15"}, "2025-09-16", "hiv") ==
              "3: 2026-03-15 2026-03-15 -");
        CHECK(asked(paper, {"2025-03-15", "2025-09-15", "2026-03-15"}, "2026-03-15", "hiv") ==
              "complete");
    }
}

}  // namespace
}  // namespace egret::rules
