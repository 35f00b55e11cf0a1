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
