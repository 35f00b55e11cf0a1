// What must hold of everybody under every protocol, tried on invented persons whose days lie on
// the limits of the schedules. A failure prints the seed, which gives the same person again.

#include "registry/domain/history.h"
#include "registry/rules/protocol_catalog.h"
#include "registry/rules/vaccination.h"
#include "tests/support/facts.h"
#include "tests/support/random_vaccinee.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace egret::rules {
namespace {

using tests::RandomVaccinee;

constexpr std::uint64_t persons_a_protocol = 120;

/// Calls `hold(protocol, person, random)` for many persons under every protocol.
template <class Hold>
void for_everybody(bool also_inexact, Hold hold) {
    for (const auto& protocol : known_protocols()) {
        const auto name = protocol.id + "@" + protocol.version;
        CAPTURE(name);
        for (std::uint64_t seed = 1; seed <= persons_a_protocol; ++seed) {
            CAPTURE(seed);
            SeededRandom random(seed);
            RandomVaccinee person(protocol, random);
            if (also_inexact && seed % 12 == 0) person.blur();
            hold(protocol, person, random);
        }
    }
}

template <class T>
void shuffle(std::vector<T>& items, SeededRandom& random) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

/// Her facts as a registry logs them, the n-th under the uid n.
std::vector<LoggedEvent> logged_facts(const Subject& subject) {
    Register entry;
    entry.who.birth_date = subject.birth_date;
    entry.who.sex = subject.sex;
    std::vector<LoggedEvent> events{tests::logged(1, tests::fact("2020-01-01", entry))};
    const auto add = [&](std::string_view date, auto detail) {
        const auto number = static_cast<std::uint8_t>(events.size() + 1);
        events.push_back(tests::logged(number, tests::fact(date, std::move(detail))));
    };
    for (const auto& given : subject.doses) {
        Dose dose;
        dose.product = given.product;
        dose.substandard = given.is_substandard;
        add(given.date.to_string(), dose);
    }
    for (const auto& flag : subject.flags) {
        Flag fact;
        fact.code = flag.code;
        add("", fact);
    }
    return events;
}

/// A preferred vaccine of the series that was followed.
std::string preferred_of(const Protocol& protocol, const std::string& series_id) {
    for (const auto& series : protocol.schedule.series) {
        if (series.id != series_id) continue;
        for (const auto& rule : series.doses.front().vaccines)
            if (rule.is_preferred) return rule.vaccine;
    }
    return "";
}

/// A schedule's rows change on some days: what was forecast before holds no longer.
bool rows_change_between(const Protocol& protocol, Date from, Date to) {
    const auto changes = [&](const InForce& row) { return row.holds_on(from) != row.holds_on(to); };
    for (const auto& series : protocol.schedule.series) {
        for (const auto& target : series.doses) {
            for (const auto& rule : target.ages)
                if (changes(rule.in_force)) return true;
            for (const auto& rule : target.intervals)
                if (changes(rule.in_force)) return true;
        }
    }
    return false;
}

/// Whether a dose of the product counts that is given on that day, beside those of before.
bool counts_if_given(const Protocol& protocol, const RandomVaccinee& person,
                     const std::string& product, Date day) {
    auto subject = person.subject();
    std::erase_if(subject.doses,
                  [&](const GivenDose& one) { return person.on() < one.date.earliest(); });
    subject.doses.push_back({day, product, false});
    const auto decision = decide(protocol, subject, day);
    return std::any_of(decision.doses.begin(), decision.doses.end(), [&](const auto& dose) {
        return dose.date == PartialDate(day) && dose.product == product &&
               dose.status == DoseStatus::valid;
    });
}

TEST_SUITE("registry/rules/properties") {
    TEST_CASE("the order in which the facts stand never matters") {
        for_everybody(
            true, [](const Protocol& protocol, const RandomVaccinee& person, SeededRandom& random) {
                const auto decision = decide(protocol, person.subject(), person.on());
                auto shuffled = person.subject();
                for (int i = 0; i < 3; ++i) {
                    shuffle(shuffled.doses, random);
                    shuffle(shuffled.flags, random);
                    CHECK(decide(protocol, shuffled, person.on()) == decision);
                }
            });
    }

    TEST_CASE("nobody whose dates are not known to the day is complete by guessing") {
        for_everybody(true, [](const Protocol& protocol, const RandomVaccinee& person,
                               SeededRandom& random) {
            if (person.is_exact()) return;
            const auto decision = decide(protocol, person.subject(), person.on());
            if (decision.status != VaccinationStatus::complete) return;
            CHECK(decision.actions.empty());
            const auto some_day = [&](const PartialDate& date) {
                const auto last = std::min(date.latest(), std::max(person.on(), date.earliest()));
                const auto count = last.days() - date.earliest().days() + 1;
                return date.earliest().plus_days(
                    static_cast<int>(random.below(static_cast<std::uint64_t>(count))));
            };
            for (int i = 0; i < 30; ++i) {
                auto exact = person.subject();
                const auto birth = some_day(*exact.birth_date);
                exact.birth_date = birth;
                for (auto& given : exact.doses)
                    if (!given.date.is_exact()) given.date = std::max(some_day(given.date), birth);
                CHECK(decide(protocol, exact, person.on()).status == VaccinationStatus::complete);
            }
        });
    }

    TEST_CASE("the same question has the same answer") {
        for_everybody(true,
                      [](const Protocol& protocol, const RandomVaccinee& person, SeededRandom&) {
                          CHECK(decide(protocol, person.subject(), person.on()) ==
                                decide(protocol, person.subject(), person.on()));
                      });
    }

    TEST_CASE("a fact that was voided was never there") {
        for_everybody(
            true, [](const Protocol& protocol, const RandomVaccinee& person, SeededRandom& random) {
                const auto events = logged_facts(person.subject());
                if (events.size() < 2) return;
                auto with = events;
                const auto victim = 1 + random.below(events.size() - 1);
                VoidFact undone;
                undone.target = events[victim].event.uid;
                with.push_back(tests::logged(100, tests::fact("", undone)));
                auto without = events;
                without.erase(without.begin() + static_cast<std::ptrdiff_t>(victim));
                const auto decide_logged = [&](const std::vector<LoggedEvent>& log) {
                    return decide(protocol, subject_of(fold({tests::woman(1)}, log)), person.on());
                };
                CHECK(decide_logged(with) == decide_logged(without));
            });
    }

    TEST_CASE("a fact is the same to the rules whether it is logged or told") {
        for_everybody(
            true, [](const Protocol& protocol, const RandomVaccinee& person, SeededRandom&) {
                auto told = person.subject();
                told.area.clear();
                told.household_area.clear();
                told.school_area.clear();
                told.goes_to_school = false;
                const auto logged = subject_of(fold({tests::woman(1)}, logged_facts(told)));
                CHECK(decide(protocol, logged, person.on()) == decide(protocol, told, person.on()));
            });
    }

    TEST_CASE(
        "no day of a forecast lies before its earliest day, and none is due after its latest") {
        for_everybody(
            true, [](const Protocol& protocol, const RandomVaccinee& person, SeededRandom&) {
                for (const auto& action : decide(protocol, person.subject(), person.on()).actions) {
                    if (action.code != ActionCode::dose) continue;
                    REQUIRE(action.earliest);
                    REQUIRE(action.due);
                    CHECK(*action.due >= *action.earliest);
                    if (action.overdue_after) CHECK(*action.overdue_after >= *action.earliest);
                    if (action.latest) CHECK(*action.latest >= *action.due);
                }
            });
    }

    TEST_CASE("a dose that is given when it is forecast counts") {
        int given = 0;
        for_everybody(
            false, [&](const Protocol& protocol, const RandomVaccinee& person, SeededRandom&) {
                const auto decision = decide(protocol, person.subject(), person.on());
                if (decision.actions.empty()) return;
                const auto& action = decision.actions.front();
                if (action.code != ActionCode::dose) return;
                const auto product = preferred_of(protocol, decision.series);
                REQUIRE_FALSE(product.empty());
                for (const auto& forecast : {action.earliest, action.due, action.latest}) {
                    if (!forecast) continue;
                    const auto day = std::max(*forecast, person.on());
                    if (action.latest && *action.latest < day) continue;
                    if (rows_change_between(protocol, person.on(), day)) continue;
                    CAPTURE(person.on().to_string());
                    CAPTURE(day.to_string());
                    CHECK(counts_if_given(protocol, person, product, day));
                    ++given;
                }
            });
        CHECK(given > 500);
    }

    TEST_CASE("a dose of a later day changes nothing but the list of problems") {
        for_everybody(true,
                      [](const Protocol& protocol, const RandomVaccinee& person, SeededRandom&) {
                          const auto decision = decide(protocol, person.subject(), person.on());
                          auto later = person.subject();
                          later.doses.push_back({person.on().plus_days(4000), "cvx:165", false});
                          auto with = decide(protocol, later, person.on());
                          CHECK(with.problems.size() == decision.problems.size() + 1);
                          with.problems = decision.problems;
                          CHECK(with == decision);
                      });
    }

    TEST_CASE("a flag that the protocol doesn't use is named, and changes nothing else") {
        for_everybody(
            true, [](const Protocol& protocol, const RandomVaccinee& person, SeededRandom&) {
                const auto decision = decide(protocol, person.subject(), person.on());
                auto flagged = person.subject();
                flagged.flags.push_back({"hospice", {}, {}});
                auto with = decide(protocol, flagged, person.on());
                CHECK(std::count(with.ignored.begin(), with.ignored.end(), "hospice") == 1);
                with.ignored = decision.ignored;
                CHECK(with == decision);
            });
    }

    TEST_CASE("a vaccine is the same under the codes of two systems") {
        const std::pair<std::string, std::string> same[] = {{"cvx:165", "icd11:XM5CE9"},
                                                            {"cvx:62", "atc:J07BM01"},
                                                            {"cvx:118", "icd11:XM9BT4"},
                                                            {"cvx:137", "icd11:XM9QP0"}};
        for_everybody(false,
                      [&](const Protocol& protocol, const RandomVaccinee& person, SeededRandom&) {
                          auto renamed = person.subject();
                          for (auto& given : renamed.doses) {
                              for (const auto& [from, to] : same) {
                                  if (given.product == from) given.product = to;
                              }
                          }
                          const auto a = decide(protocol, person.subject(), person.on());
                          const auto b = decide(protocol, renamed, person.on());
                          CHECK(a.status == b.status);
                          CHECK(a.actions == b.actions);
                      });
    }
}

}  // namespace
}  // namespace egret::rules
