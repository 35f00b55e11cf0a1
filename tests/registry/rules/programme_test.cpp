#include "registry/rules/programme.h"

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

    TEST_CASE("with HIV three doses are advised") {
        auto woman = girl("2012-05-05");
        woman.flags.push_back({"hiv", {}, {}});
        CHECK(followed("xiamen", woman, "2026-01-01") ==
              Ids{"cn-nip-hpv-2025", "who-hpv-immunocompromised"});
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
