#include "registry/rules/subject.h"

#include "tests/support/facts.h"
#include "tests/support/vaccination.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace egret::rules {
namespace {

Register pupil(const std::string& school, const std::string& school_area) {
    Register entry;
    entry.who.birth_date = *PartialDate::parse("2010-03-03");
    entry.who.sex = Sex::female;
    entry.who.area = "350203";
    entry.who.household_area = "650000";
    entry.who.school = school;
    entry.who.school_area = school_area;
    return entry;
}

DemographicsChange change(const std::string& school, const std::string& school_area) {
    DemographicsChange said;
    said.who.school = school;
    said.who.school_area = school_area;
    return said;
}

/// By her registration and what was said of her afterwards, in this order.
Subject subject_after(const Register& entry, const std::vector<DemographicsChange>& changes = {}) {
    std::vector<LoggedEvent> events{tests::logged(1, tests::fact("2023-01-01", entry))};
    for (const auto& said : changes) {
        const auto number = static_cast<std::uint8_t>(events.size() + 1);
        events.push_back(tests::logged(number, tests::fact("2023-02-01", said)));
    }
    return subject_of(fold({tests::woman(1)}, events));
}

std::string taken(const Subject& subject) {
    const auto decision = tests::ask("cn-fj-hpv-2020", subject, "2023-10-10");
    REQUIRE(decision.eligibility);
    return std::string(to_string(decision.eligibility->verdict)) + " " +
           decision.eligibility->round;
}

TEST_SUITE("registry/rules/subject") {
    TEST_CASE("where her school lies is known to the rules, and a round takes her for it") {
        const auto subject = subject_after(pupil("第一中学", "350205001"));
        CHECK(subject.school_area == "350205001");
        CHECK(subject.goes_to_school);
        CHECK(taken(subject) == "yes haicang-2023");
        CHECK(taken(subject_after(pupil("第一中学", "350203001"))) == "no ");
        CHECK(taken(subject_after(pupil("", "350205001"))) == "yes haicang-2023");
        CHECK(taken(subject_after(pupil("第一中学", ""))) == "unknown haicang-2023");
    }

    TEST_CASE("another school lies elsewhere until somebody says where") {
        const auto entry = pupil("第一中学", "350205001");
        CHECK(subject_after(entry, {change("第二中学", "")}).school_area.empty());
        CHECK(subject_after(entry, {change("第二中学", "350211")}).school_area == "350211");
        CHECK(subject_after(entry, {change("第一中学", "")}).school_area == "350205001");
        CHECK(subject_after(entry, {change("", "350211")}).school_area == "350211");
    }

    TEST_CASE("anaphylaxis after a dose speaks against the next one, as long as it stands") {
        Dose dose;
        dose.product = "egret:cecolin";
        AdverseEvent event;
        event.manifestations = {Manifestation::syncope};
        const std::vector<LoggedEvent> before{
            tests::logged(1, tests::fact("2025-11-20", pupil("", ""))),
            tests::logged(2, tests::fact("2025-12-01", dose))};
        const auto asked = [&](const std::vector<LoggedEvent>& more) {
            auto events = before;
            events.insert(events.end(), more.begin(), more.end());
            return tests::ask("cn-label-cecolin", subject_of(fold({tests::woman(1)}, events)),
                              "2026-07-01");
        };
        const auto code = [&](const std::vector<LoggedEvent>& more) {
            const auto decision = asked(more);
            REQUIRE_FALSE(decision.actions.empty());
            return decision.actions.front().code;
        };
        const auto fainted = tests::logged(3, tests::fact("2025-12-01", event));
        event.manifestations.push_back(Manifestation::anaphylaxis);
        const auto shocked = tests::logged(4, tests::fact("2025-12-01", event));
        CHECK(code({}) == ActionCode::dose);
        CHECK(code({fainted}) == ActionCode::dose);
        CHECK(code({shocked}) == ActionCode::clinician_decides);
        const auto voided = tests::logged(5, tests::fact("", VoidFact{shocked.event.uid}));
        CHECK(code({shocked, voided}) == ActionCode::dose);
    }

    TEST_CASE("a serious event with a sign of allergy leaves the next dose to a clinician") {
        Dose dose;
        dose.product = "egret:cecolin";
        const auto code = [&](const std::vector<Manifestation>& signs, bool is_serious,
                              const std::vector<SeriousnessCriterion>& criteria = {}) {
            AdverseEvent event;
            event.manifestations = signs;
            if (is_serious) event.serious = true;
            event.seriousness = criteria;
            const auto decision = tests::ask(
                "cn-label-cecolin",
                subject_of(fold({tests::woman(1)},
                                {tests::logged(1, tests::fact("2025-11-20", pupil("", ""))),
                                 tests::logged(2, tests::fact("2025-12-01", dose)),
                                 tests::logged(3, tests::fact("2025-12-01", event))})),
                "2026-07-01");
            REQUIRE_FALSE(decision.actions.empty());
            return decision.actions.front().code;
        };
        const auto held = ActionCode::clinician_decides;
        for (const auto sign :
             {Manifestation::urticaria, Manifestation::angioedema, Manifestation::rash}) {
            CHECK(code({sign}, true) == held);
            CHECK(code({sign}, false) == ActionCode::dose);
            CHECK(code({sign}, false, {SeriousnessCriterion::life_threatening}) == held);
        }
        CHECK(code({Manifestation::urticaria, Manifestation::angioedema}, true,
                   {SeriousnessCriterion::life_threatening}) == held);
        CHECK(code({Manifestation::syncope, Manifestation::seizure}, true) == ActionCode::dose);
        CHECK(code({Manifestation::anaphylaxis}, false) == held);
    }

    TEST_CASE("a dose without a date is no dose that wasn't given") {
        Dose dose;
        dose.product = "egret:cecolin";
        dose.lot = "A1";
        const auto asked = [&](const std::string& product, const std::vector<std::string>& dated) {
            dose.product = product;
            Fact undated;
            undated.detail = dose;
            std::vector<LoggedEvent> events{
                tests::logged(1, tests::fact("2025-11-20", pupil("", ""))),
                tests::logged(2, undated)};
            dose.product = "egret:cecolin";
            for (const auto& date : dated) {
                const auto number = static_cast<std::uint8_t>(events.size() + 1);
                events.push_back(tests::logged(number, tests::fact(date, dose)));
            }
            return tests::ask("cn-label-cecolin", subject_of(fold({tests::woman(1)}, events)),
                              "2026-07-01");
        };
        const auto decision = asked("egret:cecolin", {});
        CHECK(decision.problems == std::vector{msg("rules.dose_without_date_lot",
                                                   {{"product", "egret:cecolin"}, {"lot", "A1"}})});
        REQUIRE(decision.actions.size() == 1);
        CHECK(decision.actions[0].code == ActionCode::clinician_decides);
        CHECK(decision.actions[0].why[0].rule == "cn-label-cecolin/undated-dose");
        CHECK(decision.status == VaccinationStatus::not_complete);
        CHECK(asked("", {}).problems.size() == 1);
        // Complete without it she is complete all the same; her record is still to be mended.
        const auto complete = asked("egret:cecolin", {"2023-01-01", "2023-07-01"});
        CHECK(complete.status == VaccinationStatus::complete);
        CHECK(complete.problems.size() == 1);
    }

    TEST_CASE("who paid for a dose is known to the rules") {
        Dose dose;
        dose.product = "egret:cecolin";
        dose.funding = DoseFunding::self_paid;
        const auto entry = pupil("", "");
        const auto subject = subject_of(
            fold({tests::woman(1)}, {tests::logged(1, tests::fact("2023-01-01", entry)),
                                     tests::logged(2, tests::fact("2023-05-01", dose))}));
        REQUIRE(subject.doses.size() == 1);
        CHECK(subject.doses.front().funding == DoseFunding::self_paid);
    }
}

}  // namespace
}  // namespace egret::rules
