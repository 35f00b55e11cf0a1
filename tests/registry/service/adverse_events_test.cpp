#include "registry/service/adverse_events.h"

#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace egret {
namespace {

using service::Recorder;
using tests::fact;

struct AdverseFixture : tests::ClinicFixture {
    AdverseFixture() : woman(add(somebody("陈小丽", "2000-05-05"))) {
        dose = record(woman, fact("2026-04-01", Dose{"egret:cecolin", {}, "A1"}));
    }

    EventUid record(const WomanId& whose, const Fact& what) {
        const auto recorded = Recorder(*clinic).record(nurse, whose, what);
        REQUIRE(recorded);
        return recorded->event;
    }

    std::set<std::string> warned(const Fact& what) {
        const auto warnings = Recorder(*clinic).preview(nurse, woman, what);
        REQUIRE(warnings);
        std::set<std::string> codes;
        for (const auto& warning : *warnings) codes.insert(warning.code);
        return codes;
    }

    AdverseEvent after(std::vector<EventUid> doses, const char* onset) const {
        AdverseEvent event;
        event.doses = std::move(doses);
        event.onset_on = *PartialDate::parse(onset);
        event.manifestations = {Manifestation::syncope};
        return event;
    }

    std::vector<service::AdverseCase> cases(const service::OnsetPeriod& period = {}) {
        return service::adverse_cases(*clinic, nurse, period);
    }

    WomanId woman;
    EventUid dose;
};

TEST_SUITE("registry/service/adverse_events") {
    TEST_CASE_FIXTURE(AdverseFixture, "an event without a date is of the day of its onset") {
        record(woman, fact("", after({dose}, "2026-04-02")));
        const auto history = clinic->load_history(woman);
        // By day: the dose, the event, the registration of 1 May.
        REQUIRE(history->facts.size() == 3);
        CHECK(history->facts[1].fact.at.date == *PartialDate::parse("2026-04-02"));
    }

    TEST_CASE_FIXTURE(AdverseFixture, "only doses of hers that hold are suspected") {
        const auto other = add(somebody("林晴", "2000-06-06"));
        const auto others_dose = record(other, fact("2026-04-01", Dose{"egret:cecolin", {}, "A1"}));
        const auto visit = record(woman, fact("2026-04-01", Visit{}));
        const auto corrected = Recorder(*clinic).correct(
            nurse, dose, fact("2026-04-01", Dose{"egret:cecolin", {}, "A2"}), "");
        REQUIRE(corrected);
        for (const auto& wrong : {others_dose, visit, tests::uid(77)}) {
            const auto refused = Recorder(*clinic).record(
                nurse, woman, fact("", after({dose, wrong}, "2026-04-02")));
            REQUIRE_FALSE(refused);
            CHECK(refused.error().field == "doses[1]");
        }
        // A dose is named by its corrections, too, and told as it holds.
        record(woman, fact("", after({corrected->event}, "2026-04-02")));
        REQUIRE(cases().size() == 1);
        CHECK(cases()[0].said.doses == std::vector{dose});
        CHECK(cases()[0].doses.at(0).dose.lot == "A2");
    }

    TEST_CASE_FIXTURE(AdverseFixture, "no dose, and an onset before it, are warned of") {
        CHECK(warned(fact("", after({dose}, "2026-04-01"))).empty());
        CHECK(warned(fact("", after({}, "2026-04-01"))) ==
              std::set<std::string>{"no_suspected_dose"});
        CHECK(warned(fact("", after({dose}, "2026-03-31"))) ==
              std::set<std::string>{"onset_before_dose"});
    }

    TEST_CASE_FIXTURE(AdverseFixture, "days that have not come are refused") {
        auto event = after({dose}, "2026-05-02");
        const auto field = [&] {
            const auto refused = Recorder(*clinic).record(nurse, woman, fact("2026-05-01", event));
            return refused ? "recorded" : refused.error().field;
        };
        CHECK(field() == "onset_on");
        event.onset_on = tests::day("2026-04-02");
        event.notified_on = tests::day("2026-05-02");
        CHECK(field() == "notified_on");
        event.notified_on.reset();
        event.received_on = tests::day("2026-05-02");
        CHECK(field() == "received_on");
    }

    TEST_CASE_FIXTURE(AdverseFixture, "a case has what the registry knows of her") {
        for (const auto* code : {"pregnant", "hiv", "sexual_abuse_history"})
            record(woman, fact("", Flag{code, *PartialDate::parse("2026-03-01"), {}}));
        auto event = after({dose}, "2026-04-02");
        event.seriousness = {SeriousnessCriterion::hospitalisation};
        record(woman, fact("", event));
        REQUIRE(cases().size() == 1);
        const auto one = cases()[0];
        CHECK(one.woman == woman);
        CHECK(one.who.birth_date == *PartialDate::parse("2000-05-05"));
        CHECK(one.serious == true);
        CHECK(one.pregnant == true);
        // What is shown by role only is not in a list.
        CHECK(one.conditions == std::vector<std::string>{"pregnant"});
        REQUIRE(one.doses.size() == 1);
        CHECK(one.doses[0].number == 1);
        CHECK(one.doses[0].date == *PartialDate::parse("2026-04-01"));
    }

    TEST_CASE_FIXTURE(AdverseFixture, "her history is what was so before the event began") {
        const auto flag = [&](const char* code, const char* from, const char* to = nullptr) {
            Flag said{code, *PartialDate::parse(from), {}};
            if (to) said.to = *PartialDate::parse(to);
            record(woman, fact("", said));
        };
        flag("allergy_yeast", "2026-03-01");
        flag("allergy_component", "2026-04-02");  // That very day.
        flag("pregnant", "2025-01-01", "2025-10-01");
        auto event = after({dose}, "2026-04-02");
        event.manifestations = {Manifestation::anaphylaxis};
        record(woman, fact("", event));
        REQUIRE(cases().size() == 1);
        CHECK(cases()[0].conditions == std::vector<std::string>{"allergy_yeast"});
        // Of another event later on the first is history only if somebody recorded it as that.
        flag("allergy_hpv_vaccine", "2026-04-02");
        record(woman, fact("", after({dose}, "2026-04-20")));
        REQUIRE(cases().size() == 2);
        CHECK(cases()[0].conditions == std::vector<std::string>{"allergy_yeast"});
        CHECK(cases()[1].conditions.size() == 3);
    }

    TEST_CASE_FIXTURE(AdverseFixture, "voiding a dose names the events that suspect it") {
        const auto other = record(woman, fact("2026-01-01", Dose{"egret:cecolin", {}, "A0"}));
        const auto named = record(woman, fact("", after({other, dose}, "2026-04-02")));
        const auto wrong = record(woman, fact("", after({dose}, "2026-04-03")));
        REQUIRE(Recorder(*clinic).void_fact(nurse, wrong, "another's"));
        const auto voided = Recorder(*clinic).void_fact(nurse, dose, "another's");
        REQUIRE(voided);
        REQUIRE(voided->warnings.size() == 1);
        const auto& warning = voided->warnings[0];
        CHECK(warning.code == "suspected_dose_voided");
        const std::vector<Message::Argument> expected = {{"count", "1"},
                                                         {"events", named.to_string()}};
        CHECK(warning.text.arguments == expected);
        const auto free = record(woman, fact("2025-01-01", Dose{"egret:cecolin", {}, "A0"}));
        CHECK(Recorder(*clinic).void_fact(nurse, free, "another's")->warnings.empty());
    }

    TEST_CASE_FIXTURE(AdverseFixture, "cases are those whose onset can lie in the period") {
        record(woman, fact("", after({dose}, "2026-04-02")));
        record(woman, fact("", after({dose}, "2026-04")));
        const auto voided = record(woman, fact("", after({dose}, "2026-04-20")));
        REQUIRE(Recorder(*clinic).void_fact(nurse, voided, "another's"));
        CHECK(cases().size() == 2);
        CHECK(cases({tests::day("2026-04-03"), {}}).size() == 1);
        CHECK(cases({{}, tests::day("2026-04-01")}).size() == 1);
        CHECK(cases({tests::day("2026-04-02"), tests::day("2026-04-02")}).size() == 2);
        CHECK(cases({tests::day("2026-05-01"), {}}).empty());
    }

    TEST_CASE_FIXTURE(AdverseFixture, "a woman with two ids has each case once") {
        const auto again = add(somebody("陈小丽", "2000-05-05"));
        record(woman, fact("", after({dose}, "2026-04-02")));
        record(again, fact("", after({}, "2026-04-03")));
        CHECK(cases().size() == 2);
        REQUIRE(service::Registrar(*clinic).link(nurse, woman, again, "same number"));
        CHECK(cases().size() == 2);
    }
}

}  // namespace
}  // namespace egret
