// Why a recorded dose isn't counted: one reason each, under the rule that it comes from.

#include "registry/rules/decision_json.h"
#include "registry/rules/vaccine.h"
#include "tests/support/vaccination.h"

#include <algorithm>
#include <string>
#include <vector>

namespace egret::rules {
namespace {

using tests::ask;
using tests::dose;
using tests::girl;
using tests::person;

std::string reason_of(const Why& why) {
    const auto* message = std::get_if<Message>(&why.text);
    return message ? message->id : std::get<BothLanguages>(why.text).en;
}

/// "2025-12-01 cvx:165 cn-nip-hpv-2025/2-dose/dose-1/vaccine rules.not_counted_vaccine"
std::vector<std::string> uncounted(const Decision& decision) {
    std::vector<std::string> lines;
    for (const auto& one : decision.not_counted)
        lines.push_back(one.date.to_string() + " " + one.product + " " + one.why.rule + " " +
                        reason_of(one.why));
    return lines;
}

using Lines = std::vector<std::string>;

TEST_SUITE("registry/rules/uncounted_dose") {
    TEST_CASE("a vaccine that the protocol doesn't take is named with its rule") {
        const auto nine = girl("2012-05-05", {"2025-12-01"}, "egret:gardasil-9");
        CHECK(uncounted(ask("cn-nip-hpv-2025", nine, "2026-01-01")) ==
              Lines{"2025-12-01 egret:gardasil-9 cn-nip-hpv-2025/2-dose/dose-1/vaccine "
                    "rules.not_counted_vaccine"});
    }

    TEST_CASE("a vaccine that is taken at another age is told from one that never is") {
        const auto young = girl("2012-03-01", {"2021-02-25"}, "cvx:165");
        CHECK(ask("us-cdsi-hpv", young, "2021-03-01").not_counted.empty());  // By grace.
        const auto too_young = girl("2012-03-01", {"2021-02-20"}, "cvx:165");
        const auto decision = ask("us-cdsi-hpv", too_young, "2021-03-01");
        CHECK(uncounted(decision) == Lines{"2021-02-20 cvx:165 us-cdsi-hpv/2-dose/dose-1/age "
                                           "rules.not_counted_too_young_from"});
        const auto& text = std::get<Message>(decision.not_counted.front().why.text);
        CHECK(text.arguments == std::vector<Message::Argument>{{"from", "2021-03-01"}});
    }

    TEST_CASE("too soon, too late, after the last, for somebody else, spoilt") {
        CHECK(uncounted(ask("cn-nip-hpv-2025",
                            girl("2012-05-05", {"2025-12-01", "2026-01-10"}, "egret:cecolin"),
                            "2026-02-01")) ==
              Lines{"2026-01-10 egret:cecolin cn-nip-hpv-2025/2-dose/dose-2/interval "
                    "rules.not_counted_too_soon_from"});
        CHECK(uncounted(ask("cn-label-cecolin", girl("1979-01-01", {"2025-02-01"}, "egret:cecolin"),
                            "2025-03-01")) ==
              Lines{"2025-02-01 egret:cecolin cn-label-cecolin/3-dose/dose-1/age "
                    "rules.not_counted_too_old"});
        CHECK(uncounted(
                  ask("who-hpv-1dose", girl("2012-05-05", {"2025-12-01", "2026-07-10"}, "cvx:137"),
                      "2026-08-01")) == Lines{"2026-07-10 cvx:137 who-hpv-1dose/general/complete "
                                              "rules.not_counted_complete"});
        CHECK(uncounted(ask("us-cdsi-hpv",
                            person("2012-05-05", Sex::male, {dose("2025-12-01", "cvx:118")}),
                            "2026-02-01")) ==
              Lines{"2025-12-01 cvx:118 us-cdsi-hpv/male-2-dose/dose-1/inadvertent "
                    "rules.not_counted_inadvertent"});
        auto spoilt = girl("2012-05-05");
        spoilt.doses = {dose("2025-12-01", "egret:cecolin", true)};
        CHECK(uncounted(ask("cn-nip-hpv-2025", spoilt, "2026-02-01")) ==
              Lines{"2025-12-01 egret:cecolin cn-nip-hpv-2025/2-dose/substandard "
                    "rules.not_counted_substandard"});
        spoilt.doses.front().is_by_lot = true;
        CHECK(uncounted(ask("cn-nip-hpv-2025", spoilt, "2026-02-01")) ==
              Lines{"2025-12-01 egret:cecolin cn-nip-hpv-2025/2-dose/substandard "
                    "rules.not_counted_spoilt_lot"});
    }

    TEST_CASE("a vaccine that is never taken is named, however soon or early it was given") {
        auto mixed = girl("2012-05-05", {"2025-12-01"}, "egret:cecolin");
        mixed.doses.push_back(dose("2026-01-10", "egret:gardasil-9"));
        const auto soon = ask("cn-nip-hpv-2025", mixed, "2026-02-01");
        CHECK(uncounted(soon) ==
              Lines{"2026-01-10 egret:gardasil-9 cn-nip-hpv-2025/2-dose/dose-2/vaccine "
                    "rules.not_counted_vaccine"});
        CHECK_FALSE(soon.doses[1].in_time_from);
        CHECK(soon.doses[1].is_never_taken);
        const auto young = girl("2018-05-05", {"2026-01-10"}, "egret:gardasil-9");
        CHECK(uncounted(ask("cn-nip-hpv-2025", young, "2026-02-01")) ==
              Lines{"2026-01-10 egret:gardasil-9 cn-nip-hpv-2025/2-dose/dose-1/vaccine "
                    "rules.not_counted_vaccine"});
    }

    TEST_CASE("two doses of one day are counted once, where intervals decide, too") {
        const auto twice = girl("2012-05-05", {"2025-12-01", "2025-12-01"}, "egret:cecolin");
        const auto decision = ask("cn-nip-hpv-2025", twice, "2026-02-01");
        CHECK(uncounted(decision) ==
              Lines{"2025-12-01 egret:cecolin cn-nip-hpv-2025/2-dose/same-day "
                    "rules.counted_once"});
        CHECK(decision.doses[1].is_same_day);
        CHECK_FALSE(decision.doses[1].in_time_from);
        CHECK(tests::answer(decision) ==
              tests::answer(ask("cn-nip-hpv-2025", girl("2012-05-05", {"2025-12-01"}, "cvx:118"),
                                "2026-02-01")));
    }

    TEST_CASE("without a series for her no dose counts") {
        const auto boy = person("2012-05-05", Sex::male, {dose("2025-12-01", "egret:cecolin")});
        CHECK(uncounted(ask("cn-nip-hpv-2025", boy, "2026-02-01")) ==
              Lines{"2025-12-01 egret:cecolin cn-nip-hpv-2025/no-series rules.no_series"});
    }

    TEST_CASE("a dose of no vaccine that the rules know is not passed over in silence") {
        auto subject = girl("2012-05-05");
        subject.doses = {dose("2025-12-01", ""), dose("2025-12-02", "cvx:08")};
        const auto passed_over = ask("who-hpv-2dose", subject, "2026-02-01");
        CHECK(passed_over.ignored == Lines{"cvx:08"});
        CHECK(uncounted(passed_over) ==
              Lines{"2025-12-02 cvx:08 who-hpv-2dose/vaccines rules.unknown_vaccine"});
        CHECK(passed_over.problems ==
              std::vector{msg("rules.dose_without_vaccine", {{"date", "2025-12-01"}})});
        subject.doses.front().lot = "A7";
        CHECK(ask("who-hpv-2dose", subject, "2026-02-01").problems ==
              std::vector{
                  msg("rules.dose_without_vaccine_lot", {{"date", "2025-12-01"}, {"lot", "A7"}})});
        auto protocol = **find_protocol("cn-label-cecolin");
        protocol.schedule.vaccines = {"egret:cecolin"};
        subject.doses = {dose("2025-12-01", "egret:gardasil-9")};
        CHECK(uncounted(decide(protocol, subject, *Date::parse("2026-02-01"))) ==
              Lines{"2025-12-01 egret:gardasil-9 cn-label-cecolin/vaccines "
                    "rules.not_counted_other_vaccine"});
    }

    TEST_CASE("a code that leaves the product open asks which it was, under either system") {
        for (const std::string code : {"cvx:137", "icd11:XM9QP0"}) {
            CAPTURE(code);
            const auto decision =
                ask("cn-nip-hpv-2025", girl("2012-05-05", {"2025-12-01"}, code), "2026-02-01");
            CHECK(uncounted(decision) ==
                  Lines{"2025-12-01 " + code +
                        " cn-nip-hpv-2025/2-dose/dose-1/vaccine rules.not_counted_open_product"});
            CHECK(products_behind(*find_vaccine(code)).size() == 6);
        }
        // No bivalent product is 9-valent.
        const auto nine = girl("2012-05-05", {"2025-12-01"}, "cvx:165");
        CHECK(uncounted(ask("cn-nip-hpv-2025", nine, "2026-02-01")) ==
              Lines{"2025-12-01 cvx:165 cn-nip-hpv-2025/2-dose/dose-1/vaccine "
                    "rules.not_counted_vaccine"});
    }

    TEST_CASE("every dose counts, or has its reason, or is a problem") {
        for (const auto& protocol : known_protocols()) {
            const auto name = protocol.id + "@" + protocol.version;
            CAPTURE(name);
            auto subject = girl("2010-05-05");
            for (const auto* product : {"cvx:62", "cvx:118", "cvx:137", "cvx:165", "egret:cecolin"})
                subject.doses.push_back(
                    dose("202" + std::to_string(subject.doses.size()) + "-05-01", product));
            subject.doses.push_back(dose("2030-01-01"));
            const auto decision = decide(protocol, subject, *Date::parse("2026-01-01"));
            const auto counted =
                std::count_if(decision.doses.begin(), decision.doses.end(),
                              [](const auto& one) { return one.status == DoseStatus::valid; });
            CHECK(static_cast<std::size_t>(counted) + decision.not_counted.size() +
                      decision.problems.size() ==
                  subject.doses.size());
        }
    }

    TEST_CASE("where a date is not exact, only what holds at both of its ends is said") {
        // 13 on 2025-05-05: what the vaccine is doesn't depend on the day.
        const auto nine = girl("2012-05-05", {"2025"}, "egret:gardasil-9");
        CHECK(uncounted(ask("cn-nip-hpv-2025", nine, "2026-01-01")).size() == 1);
        // At one end the second comes too soon, at the other it doesn't.
        const auto vague = girl("2012-05-05", {"2025-01-01", "2025"}, "egret:cecolin");
        const auto decision = ask("cn-nip-hpv-2025", vague, "2026-01-01");
        CHECK(decision.actions.front().code == ActionCode::clinician_decides);
        CHECK(uncounted(decision).empty());
    }

    TEST_CASE("in JSON each stands with its day, its vaccine, the rule and the sentence") {
        const auto nine = girl("2012-05-05", {"2025-12-01"}, "egret:gardasil-9");
        const auto say = [](const std::variant<Message, BothLanguages>& sentence) {
            const auto* message = std::get_if<Message>(&sentence);
            return message ? message->id : std::get<BothLanguages>(sentence).en;
        };
        const auto object = to_json(ask("cn-nip-hpv-2025", nine, "2026-01-01"), say);
        const auto* all = object.find("not_counted");
        REQUIRE(all);
        REQUIRE(all->as_array().size() == 1);
        const auto& one = all->as_array().front();
        CHECK(one.find("date")->as_text() == "2025-12-01");
        CHECK(one.find("product")->as_text() == "egret:gardasil-9");
        CHECK(one.find("rule")->as_text() == "cn-nip-hpv-2025/2-dose/dose-1/vaccine");
        CHECK(one.find("text")->as_text() == "rules.not_counted_vaccine");
        const auto none = to_json(ask("cn-nip-hpv-2025", girl("2012-05-05"), "2026-01-01"), say);
        CHECK_FALSE(none.find("not_counted"));
    }
}

}  // namespace
}  // namespace egret::rules
