// The national programme, the rounds of Fujian and the schedule of each label, on both sides of
// every limit. Expected days were counted by hand from what the sources say.

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
using Words = std::vector<std::string>;

constexpr auto nip = "cn-nip-hpv-2025";
constexpr auto fujian = "cn-fj-hpv-2020";

/// "yes national", "no", "unknown haicang-2023"
std::string taken(std::string_view protocol, const Subject& subject, std::string_view on) {
    const auto decision = ask(protocol, subject, on);
    REQUIRE(decision.eligibility);
    std::string words(to_string(decision.eligibility->verdict));
    if (!decision.eligibility->round.empty()) words += " " + decision.eligibility->round;
    return words;
}

Subject pupil(std::string_view birth, const std::string& area,
              const std::vector<std::string>& doses = {}) {
    auto subject = girl(birth, doses, "egret:cecolin");
    subject.goes_to_school = true;
    subject.school_area = area;
    subject.household_area = "650000";
    return subject;
}

Subject registered(std::string_view birth, const std::string& area,
                   const std::vector<std::string>& doses = {}) {
    auto subject = pupil(birth, "650000", doses);
    subject.household_area = area;
    return subject;
}

/// What is said of the last of these doses.
std::string last_dose(std::string_view protocol, const Subject& subject) {
    return dose_answers(ask(protocol, subject, "2090-01-01")).back();
}

TEST_SUITE("registry/rules/china_vectors") {
    TEST_CASE("the national programme takes girls of full 13 years, born from its day on") {
        CHECK(taken(nip, girl("2011-11-10"), "2025-11-10") == "yes national");
        CHECK(taken(nip, girl("2011-11-09"), "2025-11-10") == "no");
        CHECK(taken(nip, girl("2012-12-01"), "2025-11-30") == "no");
        CHECK(taken(nip, girl("2012-12-01"), "2025-12-01") == "yes national");
        // Born on 29 February she is 13 on the 1st of March.
        CHECK(taken(nip, girl("2016-02-29"), "2029-02-28") == "no");
        CHECK(taken(nip, girl("2016-02-29"), "2029-03-01") == "yes national");
        // Before the notice is in force it takes nobody.
        CHECK(taken(nip, girl("2011-11-10"), "2025-11-09") == "no");
        const auto early = ask(nip, girl("2011-11-10"), "2025-11-09").eligibility->why;
        REQUIRE(early.size() == 1);
        CHECK(early.front() == Why{"cn-nip-hpv-2025/valid",
                                   msg("rules.not_in_force_yet", {{"from", "2025-11-10"}})});
        const auto why = [](std::string_view birth) {
            return std::get<Message>(
                ask(nip, girl(birth), "2025-11-10").eligibility->why.front().text);
        };
        CHECK(why("2012-11-11") == msg("rules.not_eligible_yet", {{"from", "2025-11-11"}}));
        CHECK(why("2013-05") == msg("rules.not_eligible_yet", {{"from", "2026-05-31"}}));
        CHECK(why("2011-11-09") == msg("rules.not_eligible_birth"));
        CHECK(taken(nip, person("2012-01-01", Sex::male), "2025-11-10") == "no");
        CHECK(taken(nip, person("2012-01-01", Sex::other), "2025-11-10") == "no");
        CHECK(taken(nip, person("2012-01-01", Sex::unknown), "2025-11-10") == "unknown national");
        CHECK(taken(nip, girl("2011-11"), "2025-12-01") == "unknown national");
        CHECK(taken(nip, girl("2011-12"), "2025-12-01") == "yes national");
        CHECK(taken(nip, girl("2012"), "2025-12-01") == "unknown national");
        // A first dose that she paid for is no hindrance.
        CHECK(taken(nip, girl("2012-01-01", {"2025-06-01"}, "egret:cecolin"), "2025-12-01") ==
              "yes national");
    }

    TEST_CASE("the national programme gives two bivalent doses, 6 months apart, 5 at least") {
        CHECK(answer(ask(nip, girl("2013-04-05"), "2025-12-01")) ==
              "1: 2022-04-05 2026-04-05 2028-04-05");
        const auto begun = girl("2012-05-05", {"2025-11-30"}, "cvx:118");
        CHECK(answer(ask(nip, begun, "2025-12-01")) == "2: 2026-04-30 2026-05-30 2027-01-26");
        // 31 August + 6 months: the 1st of March.
        CHECK(answer(ask(nip, girl("2012-05-05", {"2025-08-31"}, "egret:walrinvax"),
                         "2025-11-10")) == "2: 2026-01-31 2026-03-01 2026-10-28");
        const auto second = [](const std::string& day) {
            return last_dose(nip, girl("2012-05-05", {"2025-11-20", day}, "egret:cervarix"));
        };
        CHECK(second("2026-04-19") == "not_valid interval_too_short");
        CHECK(second("2026-04-20") == "valid");
        CHECK(last_dose(nip, girl("2012-05-05", {"2025-11-20"}, "egret:gardasil")) ==
              "not_valid product_not_allowed");
        CHECK(last_dose(nip, girl("2012-05-05", {"2021-05-04"}, "cvx:118")) ==
              "not_valid too_young");
        CHECK(last_dose(nip, girl("2012-05-05", {"2021-05-05"}, "cvx:118")) == "valid");
        CHECK(ask(nip, person("2012-05-05", Sex::male), "2025-12-01").status ==
              VaccinationStatus::not_recommended);
    }

    TEST_CASE("a vaccine of another kind on the same day is no hindrance") {
        const auto first = dose("2025-11-20", "egret:cecolin");
        const auto second = dose("2026-06-20", "egret:cecolin");
        // By their codes the one stands before, the other after the dose that counts.
        for (const std::string other : {"cvx:165", "egret:gardasil-9"}) {
            CAPTURE(other);
            const auto wrong = dose("2026-06-20", other);
            for (const auto& doses :
                 {std::vector{first, wrong, second}, std::vector{second, wrong, first}}) {
                const auto decision =
                    ask(nip, person("2012-05-05", Sex::female, doses), "2026-06-21");
                CHECK(answer(decision) == "complete");
                CHECK(dose_answers(decision) == Words{"valid", "valid", "extraneous"});
            }
        }
    }

    TEST_CASE("Jimei 2021: pupils of the district born from 2006-08-28 to 2008-01-23") {
        const auto on = [](const Subject& subject) { return taken(fujian, subject, "2021-02-01"); };
        CHECK(on(pupil("2006-08-27", "350211001")) == "no");
        CHECK(on(pupil("2006-08-28", "350211001")) == "yes jimei-2021");
        CHECK(on(pupil("2008-01-23", "350211")) == "yes jimei-2021");
        CHECK(on(pupil("2008-01-24", "350211")) == "no");
        CHECK(on(pupil("2007-01-01", "350203")) == "no");
        CHECK(on(registered("2007-01-01", "350211")) == "no");  // The school alone counts.
        auto unknown = girl("2007-01-01");
        unknown.household_area = "350211";
        CHECK(on(unknown) == "unknown jimei-2021");
        auto boy = pupil("2007-01-01", "350211");
        boy.sex = Sex::male;
        CHECK(on(boy) == "no");
    }

    TEST_CASE("a round gives each dose on its days, and takes whom it has begun") {
        const auto begun = pupil("2007-01-01", "350211", {"2021-01-23"});
        CHECK(taken(fujian, pupil("2007-01-01", "350211"), "2021-01-23") == "yes jimei-2021");
        CHECK(taken(fujian, pupil("2007-01-01", "350211"), "2021-02-28") == "yes jimei-2021");
        CHECK(taken(fujian, pupil("2007-01-01", "350211"), "2021-03-01") == "no");
        CHECK(taken(fujian, begun, "2021-08-28") == "yes jimei-2021");
        CHECK(taken(fujian, begun, "2021-08-29") == "no");
        CHECK(taken(fujian, pupil("2007-01-01", "350211", {"2021-01-22"}), "2021-02-01") == "no");
        CHECK(taken(fujian, pupil("2007-01-01", "350211", {"2021-01"}), "2021-02-01") ==
              "unknown jimei-2021");
    }

    TEST_CASE("Fuzhou 2022: school or household, born from 2008-03-01 to 2009-08-31") {
        const auto on = [](const Subject& subject) { return taken(fujian, subject, "2022-09-15"); };
        CHECK(on(pupil("2008-02-29", "350102")) == "no");
        CHECK(on(pupil("2008-03-01", "350102")) == "yes fuzhou-2022");
        CHECK(on(registered("2009-08-31", "350181003")) == "yes fuzhou-2022");
        CHECK(on(registered("2009-09-01", "350181003")) == "no");
        CHECK(on(registered("2009-01-01", "350500")) == "no");
        CHECK(on(pupil("2009-01-01", "350102", {"2019-12-31"})) == "no");  // Before all rounds.
    }

    TEST_CASE("with yeast it is the 9-valent vaccine alone that a clinician weighs") {
        auto allergic = girl("2005-03-01");
        allergic.flags.push_back({"allergy_yeast", {}, {}});
        const auto action = [&](std::string_view protocol) {
            return ask(protocol, allergic, "2026-01-05").actions.front().code;
        };
        CHECK(action("cn-label-gardasil-9") == ActionCode::clinician_decides);
        CHECK(action("cn-label-cecolin") == ActionCode::dose);
    }

    TEST_CASE("a round takes nobody before it begins, and nobody new once it is over") {
        const auto why = [](const Subject& subject, std::string_view on, std::string_view rule) {
            const auto answer = ask(fujian, subject, on);
            for (const auto& one : answer.eligibility->why) {
                if (one.rule == rule) return std::get<Message>(one.text);
            }
            return msg("rules.eligible");
        };
        const auto in_fuzhou = pupil("2009-08-31", "350102");
        CHECK(taken(fujian, in_fuzhou, "2020-02-01") == "no");
        CHECK(taken(fujian, in_fuzhou, "2022-08-30") == "no");
        CHECK(why(in_fuzhou, "2022-08-30", "cn-fj-hpv-2020/eligibility/fuzhou-2022/window") ==
              msg("rules.not_eligible_round_yet", {{"from", "2022-08-31"}}));
        CHECK(taken(fujian, in_fuzhou, "2022-08-31") == "yes fuzhou-2022");
        CHECK(taken(fujian, in_fuzhou, "2023-08-31") == "yes fuzhou-2022");
        CHECK(taken(fujian, in_fuzhou, "2023-09-01") == "no");
        CHECK(taken(fujian, pupil("2008-03-01", "350102"), "2025-06-01") == "no");
        // Whom it has begun it takes to the end, if the first dose was on its days.
        auto begun = pupil("2009-08-31", "350102", {"2023-08-31"});
        begun.doses.front().funding = DoseFunding::programme;
        CHECK(taken(fujian, begun, "2024-03-01") == "yes fuzhou-2022");
        begun.doses.front().date = *PartialDate::parse("2023-09-01");
        CHECK(taken(fujian, begun, "2024-03-01") == "no");

        const auto in_haicang = pupil("2009-08-31", "350205");
        CHECK(taken(fujian, in_haicang, "2020-02-01") == "no");
        CHECK(taken(fujian, in_haicang, "2023-08-31") == "no");
        CHECK(taken(fujian, in_haicang, "2023-09-01") == "yes haicang-catch-up");
        const auto younger = pupil("2009-09-01", "350205");
        CHECK(taken(fujian, younger, "2023-09-30") == "no");
        CHECK(why(younger, "2023-09-30", "cn-fj-hpv-2020/eligibility/haicang-2023/window") ==
              msg("rules.not_eligible_round_yet", {{"from", "2023-10-01"}}));
        CHECK(taken(fujian, younger, "2023-10-01") == "yes haicang-2023");
        // A dose that came too early is none of the round's: her second one's days end all the
        // same.
        const auto early = pupil("2010-03-01", "350205", {"2023-10-10", "2024-02-10"});
        CHECK(taken(fujian, early, "2024-05-31") == "yes haicang-2023");
        CHECK(taken(fujian, early, "2024-06-01") == "no");
    }

    TEST_CASE("begun at 15 or later, the programme's two doses come with a remark") {
        const auto remarks = [](const Subject& subject, std::string_view on) {
            int count = 0;
            for (const auto& warning : ask(nip, subject, on).warnings)
                count += warning.rule == "cn-nip-hpv-2025/guidance/begun-at-label-three-doses";
            return count;
        };
        const Words two{"2026-11-15", "2027-05-15"};
        CHECK(remarks(girl("2011-11-15", {"2026-11-15"}, "egret:cecolin"), "2026-11-20") == 1);
        CHECK(remarks(girl("2011-11-15", two, "egret:cecolin"), "2027-06-01") == 1);
        CHECK(ask(nip, girl("2011-11-15", two, "egret:cecolin"), "2027-06-01").status ==
              VaccinationStatus::complete);
        CHECK(remarks(girl("2011-11-16", {"2026-11-15"}, "egret:cecolin"), "2026-11-20") == 0);
        CHECK(remarks(girl("2011-11-16", {"2026-11-15"}, "egret:cecolin"), "2028-11-20") == 0);
        CHECK(remarks(girl("2011-11-15"), "2026-11-14") == 0);
        CHECK(remarks(girl("2011-11-15"), "2026-11-15") == 1);
    }

    TEST_CASE("who is too old for the programme isn't taken by it either") {
        CHECK(taken(nip, girl("2011-11-15"), "2057-11-14") == "yes national");
        CHECK(taken(nip, girl("2011-11-15"), "2057-11-15") == "no");
        CHECK(answer(ask(nip, girl("2011-11-15"), "2057-11-15")) == "aged_out none");
        const auto begun = girl("2011-11-15", {"2026-01-01"}, "egret:cecolin");
        CHECK(answer(ask(nip, begun, "2057-11-15")) == "aged_out none");
        CHECK(
            dose_answers(ask(nip, girl("2011-11-15", {"2026-01-01", "2057-11-15"}, "egret:cecolin"),
                             "2057-12-01")) == Words{"valid", "valid"});
    }

    TEST_CASE("a round without days gives the second dose to whom it gave the first") {
        const auto asked = [](const std::string& date, std::optional<DoseFunding> funding,
                              std::string_view on) {
            auto subject = pupil("2009-01-01", "350102", {date});
            subject.doses.front().funding = funding;
            return taken(fujian, subject, on);
        };
        CHECK(asked("2022-09-15", DoseFunding::programme, "2023-03-15") == "yes fuzhou-2022");
        CHECK(asked("2022-09-15", DoseFunding::self_paid, "2023-03-15") == "no");
        CHECK(asked("2022-09-15", DoseFunding::insurance, "2023-03-15") == "no");
        CHECK(asked("2022-09-15", {}, "2023-03-15") == "unknown fuzhou-2022");
        CHECK(asked("2019-12-31", DoseFunding::programme, "2023-03-15") == "no");
        auto again = pupil("2009-01-01", "350102", {"2022-09-15", "2022-10-15"});
        for (auto& dose : again.doses) dose.funding = DoseFunding::programme;
        CHECK(taken(fujian, again, "2023-03-15") == "yes fuzhou-2022");
        auto vague = pupil("2009-01-01", "350102", {"2022-09"});
        CHECK(taken(fujian, vague, "2023-03-15") == "unknown fuzhou-2022");
    }

    TEST_CASE("an age limit of a round without days is that of the first dose") {
        const auto asked = [](const std::string& date, std::string_view on) {
            auto subject = pupil("2009-06-15", "350205", {date});
            subject.doses.front().funding = DoseFunding::programme;
            return taken(fujian, subject, on);
        };
        // Fourteen and a half on 2023-12-15.
        CHECK(asked("2023-12-14", "2024-06-14") == "yes haicang-catch-up");
        CHECK(asked("2023-12-15", "2024-06-15") == "no");
        CHECK(asked("2023-12", "2024-06-15") == "unknown haicang-catch-up");
    }

    TEST_CASE("in a round with days a dose that she paid for is an earlier one") {
        auto begun = pupil("2007-01-01", "350211", {"2021-01-23"});
        begun.doses.front().funding = DoseFunding::programme;
        CHECK(taken(fujian, begun, "2021-08-28") == "yes jimei-2021");
        begun.doses.front().funding = DoseFunding::self_paid;
        CHECK(taken(fujian, begun, "2021-08-28") == "no");
    }

    TEST_CASE("Haicang 2023: school or household, born from 2009-09-01 to 2010-08-31") {
        const auto on = [](const Subject& subject) { return taken(fujian, subject, "2023-10-10"); };
        CHECK(on(pupil("2009-09-01", "350205")) == "yes haicang-2023");
        CHECK(on(registered("2010-08-31", "350205001")) == "yes haicang-2023");
        CHECK(on(registered("2010-09-01", "350205001")) == "no");
        CHECK(on(registered("2010-01-01", "350203001")) == "no");
        CHECK(taken(fujian, pupil("2010-01-01", "350205"), "2023-10-31") == "yes haicang-2023");
        CHECK(taken(fujian, pupil("2010-01-01", "350205"), "2023-11-01") == "no");
        const auto begun = pupil("2010-01-01", "350205", {"2023-10-31"});
        CHECK(taken(fujian, begun, "2024-05-31") == "yes haicang-2023");
        CHECK(taken(fujian, begun, "2024-06-01") == "no");
    }

    TEST_CASE("Haicang's catch-up: born by 2009-08-31, until 14 and a half") {
        // 31 August + 6 months: the 1st of March.
        CHECK(taken(fujian, pupil("2009-08-31", "350205"), "2024-02-29") == "yes haicang-catch-up");
        CHECK(taken(fujian, pupil("2009-08-31", "350205"), "2024-03-01") == "no");
        CHECK(taken(fujian, pupil("2009-06-15", "350205"), "2023-12-14") == "yes haicang-catch-up");
        CHECK(taken(fujian, pupil("2009-06-15", "350205"), "2023-12-15") == "no");
        CHECK(taken(fujian, pupil("2009-06-15", "350203"), "2023-12-14") == "no");
    }

    TEST_CASE("Fujian's schedule: two doses from 9 years on, 5 months apart at least") {
        CHECK(answer(ask(fujian, girl("2010-03-03"), "2023-10-10")) ==
              "1: 2019-03-03 2023-03-03 2025-03-03");
        const auto begun = girl("2010-03-03", {"2023-10-10"}, "egret:cecolin");
        CHECK(answer(ask(fujian, begun, "2023-10-11")) == "2: 2024-03-10 2024-04-10 2024-12-07");
        const auto second = [](const std::string& day) {
            return last_dose(fujian, girl("2010-03-03", {"2023-10-10", day}, "egret:cecolin"));
        };
        CHECK(second("2024-03-09") == "not_valid interval_too_short");
        CHECK(second("2024-03-10") == "valid");
    }
}

}  // namespace
}  // namespace egret::rules
