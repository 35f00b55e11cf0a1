#include "registry/rules/programme.h"

#include "registry/rules/protocol_catalog.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace egret::rules {
namespace {

Date day(std::string_view text) { return *Date::parse(text); }

Subject girl(std::string_view birth, const std::vector<GivenDose>& doses = {}) {
    Subject subject;
    subject.birth_date = *PartialDate::parse(birth);
    subject.sex = Sex::female;
    subject.doses = doses;
    return subject;
}

std::vector<std::string> followed(std::string_view programme, const Subject& subject,
                                  std::string_view on) {
    const auto found = find_programme(programme);
    REQUIRE(found);
    std::vector<std::string> ids;
    for (const auto* protocol : protocols_for(**found, subject, day(on)))
        ids.push_back(protocol->id);
    return ids;
}

TEST_SUITE("registry/rules/programme") {
    using Ids = std::vector<std::string>;

    TEST_CASE("the programme of the smallest area around a place holds there") {
        CHECK(programme_at("350203001", day("2026-01-01"))->id == "xiamen");
        CHECK(programme_at("350102", day("2026-01-01"))->id == "china");
    }

    TEST_CASE("a programme that there isn't is told, with the one that was meant") {
        CHECK(find_programme("xiamne").error().message ==
              msg("rules.unknown_programme_meant", {{"meant", "xiamen"}}));
        CHECK(find_programme("paris").error().message == msg("rules.unknown_programme"));
    }

    TEST_CASE("the national programme takes over from the province's on its day") {
        CHECK(followed("xiamen", girl("2012-05-05"), "2025-11-09") == Ids{"cn-fj-hpv-2020"});
        CHECK(followed("xiamen", girl("2012-05-05"), "2025-11-10") == Ids{"cn-nip-hpv-2025"});
    }

    TEST_CASE("a programme follows no protocol on a day on which it isn't in force") {
        const auto programme = parse_programme(R"({"id":"p","version":"1",
            "title":{"zh":"一","en":"One"},"source":{"zh":"二","en":"Two"},
            "protocols":[{"protocol":"cn-fj-hpv-2020"},{"protocol":"who-hpv-2dose"},
                         {"protocol":"cn-nip-hpv-2025"}]})");
        REQUIRE(programme);
        const auto on = [&](std::string_view date) {
            Ids ids;
            for (const auto* one : protocols_for(*programme, girl("2012-05-05"), day(date)))
                ids.push_back(one->id);
            return ids;
        };
        CHECK(on("2019-12-31") == Ids{"who-hpv-2dose"});
        CHECK(on("2020-01-01") == Ids{"cn-fj-hpv-2020", "who-hpv-2dose"});
        CHECK(on("2025-11-09") == Ids{"cn-fj-hpv-2020", "who-hpv-2dose"});
        CHECK(on("2025-11-10") == Ids{"who-hpv-2dose", "cn-nip-hpv-2025"});
    }

    TEST_CASE("who began by herself is followed by the label of her product") {
        const GivenDose nine{*PartialDate::parse("2025-01-01"), "egret:gardasil-9", false};
        CHECK(followed("xiamen", girl("1995-05-05", {nine}), "2026-01-01") ==
              Ids{"cn-label-gardasil-9"});
        CHECK(followed("xiamen", girl("1995-05-05"), "2026-01-01") == Ids{"who-hpv-2dose"});
        CHECK(followed("xiamen", girl("1975-05-05"), "2026-01-01").empty());
        // She hadn't begun yet on that day.
        CHECK(followed("xiamen", girl("1995-05-05", {nine}), "2024-01-01") == Ids{"who-hpv-2dose"});
    }

    TEST_CASE("no schedule of a programme follows anybody without end") {
        auto woman = girl("1980-05-05");
        woman.flags.push_back({"hiv", {}, {}});
        for (const std::string programme : {"china", "xiamen"}) {
            CHECK(followed(programme, woman, "2026-05-04") == Ids{"who-hpv-immunocompromised"});
            CHECK(followed(programme, woman, "2026-05-05").empty());
        }
    }

    TEST_CASE("a girl whom the programme takes needs no label beside it") {
        const GivenDose bivalent{*PartialDate::parse("2025-12-01"), "egret:cecolin", false};
        CHECK(followed("xiamen", girl("2012-05-05", {bivalent}), "2026-01-01") ==
              Ids{"cn-nip-hpv-2025"});
        CHECK(followed("xiamen", girl("1995-05-05", {bivalent}), "2026-01-01") ==
              Ids{"cn-label-cecolin"});
        // The programme doesn't have hers: its label says what completes it.
        const GivenDose nine{*PartialDate::parse("2025-12-01"), "egret:gardasil-9", false};
        CHECK(followed("xiamen", girl("2012-05-05", {nine}), "2026-01-01") ==
              Ids{"cn-label-gardasil-9"});
    }

    TEST_CASE("an adult whose product isn't named is not done before any label says so") {
        const auto xiamen = *find_programme("xiamen");
        const auto asked = [&](std::string_view birth, const std::vector<std::string>& dates,
                               const std::string& product, std::string_view on) {
            auto woman = girl(birth);
            for (const auto& date : dates)
                woman.doses.push_back({*PartialDate::parse(date), product, false});
            const auto decisions = decide_all(*xiamen, woman, day(on));
            REQUIRE(decisions.size() == 1);
            return decisions[0];
        };
        const std::vector<std::string> two{"2026-03-01", "2026-09-01"};
        for (const std::string product : {"cvx:118", "cvx:62", "cvx:165", "cvx:137", "icd11:XM9QP0",
                                          "icd11:XM9BT4", "atc:J07BM03"}) {
            CAPTURE(product);
            const auto decision = asked("1998-05-01", two, product, "2026-11-27");
            CHECK(decision.protocol == "cn-label-unnamed");
            CHECK(decision.status == VaccinationStatus::not_complete);
            REQUIRE(decision.actions.size() == 1);
            CHECK(decision.actions[0].dose_number == 3);
            CHECK(decision.actions[0].due == day("2026-11-24"));
            CHECK(decision.actions[0].why.back().rule ==
                  "cn-label-unnamed/guidance/name-the-product");
            auto three = two;
            three.push_back("2026-11-24");
            CHECK(asked("1998-05-01", three, product, "2026-11-27").status ==
                  VaccinationStatus::complete);
        }
    }

    TEST_CASE("below 18 the labels of a 9-valent vaccine differ: the product comes first") {
        const auto at = [&](std::string_view birth, const std::string& product) {
            return followed("xiamen", girl(birth, {{day("2026-03-01"), product, false}}),
                            "2026-11-27");
        };
        CHECK(at("2008-03-02", "cvx:165") == Ids{"cn-label-unnamed-minor"});
        CHECK(at("2008-03-01", "cvx:165") == Ids{"cn-label-unnamed"});
        CHECK(at("2011-03-01", "cvx:137") == Ids{"cn-label-unnamed-minor"});
        CHECK(at("2011-03-01", "cvx:118") == Ids{"cn-label-unnamed"});
        CHECK(at("2011-03-02", "cvx:118") == Ids{"who-hpv-2dose"});
        CHECK(at("2011-03-02", "cvx:165") == Ids{"who-hpv-2dose"});
        CHECK(at("2011-11-10", "cvx:118") == Ids{"cn-nip-hpv-2025"});
        CHECK(at("2008-03-02", "egret:cecolin-9") == Ids{"cn-label-cecolin-9"});
        // Born in that month, she may have been 15.
        CHECK(at("2011-03", "cvx:118") == Ids{"cn-label-unnamed"});
        auto minor = girl("2009-05-05", {{day("2026-03-01"), "cvx:165", false},
                                         {day("2026-09-01"), "cvx:165", false}});
        const auto decisions = decide_all(**find_programme("xiamen"), minor, day("2026-11-27"));
        REQUIRE(decisions.size() == 1);
        CHECK(decisions[0].status == VaccinationStatus::not_complete);
        CHECK(decisions[0].actions[0].code == ActionCode::clinician_decides);
    }

    TEST_CASE("the most demanding of the labels is no less than any of them") {
        const auto unnamed = *find_protocol("cn-label-unnamed");
        const auto& most = unnamed->schedule.series.front().doses;
        for (const auto& protocol : known_protocols()) {
            if (!protocol.id.starts_with("cn-label-") ||
                protocol.id.starts_with("cn-label-unnamed"))
                continue;
            CAPTURE(protocol.id);
            const auto start = day("2026-03-01");
            for (const auto& series : protocol.schedule.series) {
                if (series.max_age_to_start) continue;  // For children.
                REQUIRE(series.doses.size() == most.size());
                for (std::size_t i = 1; i < most.size(); ++i) {
                    for (std::size_t j = 0; j < series.doses[i].intervals.size(); ++j) {
                        const auto& own = series.doses[i].intervals[j].window;
                        const auto& of_most = most[i].intervals[j].window;
                        CHECK(plus(start, *own.minimum) <= plus(start, *of_most.minimum));
                        if (!own.recommended) continue;
                        CHECK(plus(start, *own.recommended) <= plus(start, *of_most.recommended));
                        CHECK(plus(start, *own.latest) <= plus(start, *of_most.latest));
                    }
                }
            }
        }
    }

    TEST_CASE("the risk group's answer stands first") {
        auto someone = girl("2012-05-05", {{day("2025-11-20"), "egret:cecolin", false},
                                           {day("2026-05-20"), "egret:cecolin", false}});
        someone.flags.push_back({"hiv", {}, {}});
        const auto decisions = decide_all(**find_programme("xiamen"), someone, day("2026-11-27"));
        REQUIRE(decisions.size() == 2);
        CHECK(decisions[0].protocol == "who-hpv-immunocompromised");
        CHECK(decisions[0].actions.front().dose_number == 3);
        CHECK(decisions[1].status == VaccinationStatus::complete);
    }

    TEST_CASE("beside the risk group's schedule no other asks for a dose") {
        auto someone = girl("2012-05-01", {{day("2025-04-01"), "egret:cecolin", false},
                                           {day("2025-06-01"), "egret:cecolin", false},
                                           {day("2025-10-10"), "egret:cecolin", false}});
        someone.flags.push_back({"hiv", {}, {}});
        const auto decisions = decide_all(**find_programme("xiamen"), someone, day("2026-11-27"));
        REQUIRE(decisions.size() == 2);
        CHECK(decisions[0].status == VaccinationStatus::complete);
        REQUIRE(decisions[1].actions.size() == 1);
        CHECK(decisions[1].actions[0].code == ActionCode::none);
        CHECK(decisions[1].actions[0].why[0].rule == "cn-nip-hpv-2025/risk-group");
        CHECK(decisions[1].eligibility);
    }

    TEST_CASE("a dose that no label has for his sex decides on no label, and is told of") {
        const auto programme = *find_programme("xiamen");
        auto boy = girl("2009-05-05");
        boy.sex = Sex::male;
        const auto without = decide_all(*programme, boy, day("2026-06-01"));
        for (const char* mistaken : {"egret:cecolin", "egret:cervarix", "cvx:118"}) {
            CAPTURE(mistaken);
            auto other = boy;
            other.doses = {{day("2025-11-20"), mistaken}};
            CHECK(followed("xiamen", other, "2026-06-01") == Ids{"who-hpv-2dose"});
            const auto with = decide_all(*programme, other, day("2026-06-01"));
            CHECK(with[0].actions == without[0].actions);
            CHECK(with[0].doses[0].status == DoseStatus::inadvertent);
            CHECK_FALSE(with[0].doses[0].dose_number);
            REQUIRE(with[0].not_counted.size() == 1);
            CHECK(with[0].not_counted[0].why.rule == "who-hpv-2dose/other-sex");
            // Gardasil 9 is for him, and its label is followed as if nothing had been before.
            auto right = boy;
            right.doses = {{day("2026-05-20"), "egret:gardasil-9"}};
            const auto alone = decide_all(*programme, right, day("2026-06-01"));
            other.doses.push_back(right.doses[0]);
            const auto both = decide_all(*programme, other, day("2026-06-01"));
            REQUIRE(both.size() == 1);
            CHECK(both[0].protocol == "cn-label-gardasil-9");
            CHECK(both[0].actions == alone[0].actions);
            CHECK(both[0].actions[0].dose_number == 2);
            CHECK(both[0].doses.size() == 2);
            CHECK(both[0].not_counted.size() == 1);
        }
        // A code that may be of a vaccine for boys may have begun.
        boy.doses = {{day("2026-05-20"), "cvx:62"}};
        CHECK(followed("xiamen", boy, "2026-06-01") == Ids{"cn-label-unnamed"});
    }

    TEST_CASE("what a risk group's schedule counts is told by it alone") {
        auto boy = girl("2009-05-05", {{day("2025-11-20"), "egret:cecolin"}});
        boy.sex = Sex::male;
        boy.flags.push_back({"hiv", {}, {}});
        const auto decisions = decide_all(**find_programme("xiamen"), boy, day("2026-01-01"));
        CHECK(decisions[0].protocol == "who-hpv-immunocompromised");
        CHECK(decisions[0].doses[0].dose_number == 1);
        for (const auto& decision : decisions) CHECK(decision.not_counted.empty());
    }

    TEST_CASE("beside a dose of another vaccine the clinician decides on the next") {
        const auto woman = girl("1995-05-05", {{day("2026-01-05"), "egret:cecolin"},
                                               {day("2026-03-05"), "egret:gardasil-9"},
                                               {day("2026-07-05"), "egret:gardasil-9"}});
        const auto next = [&](const Subject& subject) {
            return decide_all(**find_programme("xiamen"), subject, day("2026-11-20"))[0].actions;
        };
        REQUIRE(next(woman).size() == 1);
        CHECK(next(woman)[0].code == ActionCode::clinician_decides);
        CHECK(next(woman)[0].why[0].rule == "cn-label-cecolin/other-vaccine");
        // One that was spoilt is no matter, nor is one of a woman who is complete.
        auto spoilt = woman;
        for (auto& dose : spoilt.doses) dose.is_substandard = dose.product == "egret:gardasil-9";
        CHECK(next(spoilt)[0].code == ActionCode::dose);
        const auto done = girl("2012-05-05", {{day("2025-12-05"), "egret:cecolin"},
                                              {day("2026-01-05"), "egret:gardasil-9"},
                                              {day("2026-08-05"), "egret:cecolin"}});
        CHECK(next(done).empty());
    }

    TEST_CASE("with HIV three doses are advised") {
        auto woman = girl("2012-05-05");
        woman.flags.push_back({"hiv", {}, {}});
        CHECK(followed("xiamen", woman, "2026-01-01") ==
              Ids{"who-hpv-immunocompromised", "cn-nip-hpv-2025"});
    }

    TEST_CASE("a programme makes the choices that a source leaves open") {
        const auto programme = parse_programme(R"({"id":"p","version":"1",
            "title":{"zh":"一","en":"One"},"source":{"zh":"二","en":"Two"},
            "protocols":[{"protocol":"cn-nip-hpv-2025",
                          "choices":[{"parameter":"minimum-interval","value":"6 months"}]}]})");
        REQUIRE(programme);
        const auto subject = girl("2012-05-05", {{day("2025-12-01"), "egret:cecolin", false}});
        const auto decisions = decide_all(*programme, subject, day("2026-01-01"));
        REQUIRE(decisions.size() == 1);
        CHECK(decisions[0].actions[0].earliest == day("2026-06-01"));
    }

    TEST_CASE("a programme may count a self-paid dose of another vaccine") {
        const auto followed_with = [](const std::string& choices) {
            return parse_programme(R"({"id":"p","version":"1","title":{"zh":"一","en":"One"},
                "source":{"zh":"二","en":"Two"},"protocols":[{"protocol":"cn-nip-hpv-2025")" +
                                   choices + "}]}");
        };
        const auto mixed = girl("2012-05-05", {{day("2025-12-01"), "egret:gardasil-9", false},
                                               {day("2026-06-15"), "egret:cecolin", false}});
        const auto status = [&](const std::string& choices) {
            const auto programme = followed_with(choices);
            REQUIRE(programme);
            return decide_all(*programme, mixed, day("2026-07-01")).at(0).status;
        };
        CHECK(status("") == VaccinationStatus::not_complete);
        CHECK(status(R"(,"choices":[{"parameter":"also-counted","value":"icd11:XM9QP0"}])") ==
              VaccinationStatus::complete);
        const auto wrong =
            followed_with(R"(,"choices":[{"parameter":"also-counted","value":"cvx:1"}])");
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().field == "protocols[0].choices");
    }

    TEST_CASE("what is wrong is refused, and the path says where") {
        const std::string head = R"({"id":"p","version":"1","title":{"zh":"一","en":"One"},
            "source":{"zh":"二","en":"Two"},"protocols":)";
        const std::pair<std::string, std::string> cases[] = {
            {"[]", "protocols"},
            {R"([{"protocol":"none"}])", "protocols[0].protocol"},
            {R"([{"protocol":"cn-nip-hpv-2025","sexes":["x"]}])", "protocols[0].sexes[0]"},
            {R"([{"protocol":"cn-nip-hpv-2025","begun_with":["x"]}])",
             "protocols[0].begun_with[0]"},
            {R"([{"protocol":"cn-nip-hpv-2025","choices":[{"parameter":"x","value":"1"}]}])",
             "protocols[0].choices"},
            {R"([{"protocol":"cn-nip-hpv-2025",
                  "choices":[{"parameter":"minimum-interval","value":"soon"}]}])",
             "protocols[0].choices"},
        };
        for (const auto& [text, path] : cases) {
            const std::string expected = path;
            CAPTURE(expected);
            const auto read = parse_programme(head + text + "}");
            REQUIRE_FALSE(read);
            CHECK(read.error().field == expected);
        }
    }
}

}  // namespace
}  // namespace egret::rules
