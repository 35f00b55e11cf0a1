// That the simulation would notice: each row of the China packs is left out, or asks for nothing,
// and each promise of follow-up is broken, one at a time; somebody is then forgotten, or called for
// nothing, and the check says so.

#include "tests/simulation/forgotten.h"
#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace egret::tests {
namespace {

using rules::Programme;

/// A smaller world in which every row is come to.
struct MutantWorld {
    MutantWorld() : world(plan()), histories(world.histories()) {}

    static world::ScreenedPlan plan() {
        world::ScreenedPlan plan;
        plan.women = 3000;
        plan.seed = 11;
        plan.rates = world::harsh_rates();
        return plan;
    }

    /// The first thing that the check finds wrong; "" if it finds nothing.
    std::string first_fault(const Programme& programme, const std::vector<History>& asked) const {
        for (const char* day : {"2027-06-30", "2024-03-01"}) {
            const auto on = tests::day(day);
            ForgottenCheck check(world, on);
            for (std::size_t i = 0; i < asked.size(); ++i) {
                check.check(i, answer_of(programme, asked[i], on));
                if (!check.faults().empty()) return check.faults().front();
            }
        }
        return "";
    }

    ScreenedWorld world;
    std::vector<History> histories;
};

const MutantWorld& mutant_world() {
    static const MutantWorld made;
    return made;
}

struct RowPlace {
    std::size_t pathway;
    bool is_on_day;
    std::size_t row;
};

rules::Table& table_of(Programme& programme, const RowPlace& place) {
    auto& pathway = programme.pathways[place.pathway];
    return place.is_on_day ? pathway.on_day : pathway.at_visits;
}

std::string name_of(Programme& programme, const RowPlace& place) {
    const auto& table = table_of(programme, place);
    return programme.pathways[place.pathway].id + "/" + table.id + "/" + table.rows[place.row].id;
}

std::vector<RowPlace> all_rows(Programme programme) {
    std::vector<RowPlace> all;
    for (std::size_t pathway = 0; pathway < programme.pathways.size(); ++pathway) {
        for (const bool is_on_day : {false, true}) {
            const auto count = table_of(programme, {pathway, is_on_day, 0}).rows.size();
            for (std::size_t row = 0; row < count; ++row) all.push_back({pathway, is_on_day, row});
        }
    }
    return all;
}

/// Mutants that forget nobody, and why.
const std::map<std::string, std::string> harmless{
    {"cn-cervical-2021/at_visits/specimen-of-treatment asks for nothing",
     "what is owed after the treatment stays, whether the row says so or nothing"},
    {"cn-cervical-2021/at_visits/triage-missing is left out",
     "the row of the test for the virus asks for the same"},
    {"cn-cervical-2021/at_visits/exam-alone asks for nothing",
     "who has no test yet is called to one anyhow"},
    {"cn-cervical-2021/at_visits/via-negative asks for nothing", "likewise"},
    {"cn-breast-2021/at_visits/palpation-alone asks for nothing", "likewise"},
    {"cn-cervical-2021/on_day/too-young asks for nothing",
     "who is too young and was never screened is called by nobody"},
    {"cn-breast-2021/on_day/too-young asks for nothing", "likewise"},
    {"cn-cervical-2021/on_day/sex-unknown asks for nothing", "all of them are women"},
    {"cn-cervical-2021/on_day/sex-unknown is left out", "likewise"},
    {"cn-cervical-2021/on_day/not-female asks for nothing", "likewise"},
    {"cn-cervical-2021/on_day/not-female is left out", "likewise"},
    {"cn-breast-2021/on_day/sex-unknown asks for nothing", "likewise"},
    {"cn-breast-2021/on_day/sex-unknown is left out", "likewise"},
    {"cn-breast-2021/on_day/not-female asks for nothing", "likewise"},
    {"cn-breast-2021/on_day/not-female is left out", "likewise"},
};

void check_mutant(const std::string& name, const Programme& mutant, int& caught) {
    const auto fault = mutant_world().first_fault(mutant, mutant_world().histories);
    const bool is_harmless = harmless.count(name) > 0;
    const auto told = name + (is_harmless ? " is noticed: " + fault : " lives");
    CHECK_MESSAGE(fault.empty() == is_harmless, told);
    caught += !fault.empty();
}

/// What a program that breaks a promise would make of the facts.
using Deafness = std::function<void(History& history)>;

template <class Change>
void change_facts(History& history, Change change) {
    for (auto& live : history.facts) change(live);
}

template <class Kind>
void forget(History& history) {
    std::erase_if(history.facts, [](const LiveFact& live) {
        return std::holds_alternative<Kind>(live.fact.detail);
    });
}

/// Takes one person's word for two people's.
void believe_one(History& history) {
    std::vector<LiveFact> second;
    for (const auto& live : history.facts) {
        const auto* closing = std::get_if<Closing>(&live.fact.detail);
        if (!closing) continue;
        auto twin = live;
        twin.uid.bytes[0] = static_cast<std::uint8_t>(~twin.uid.bytes[0]);
        twin.author.bytes[0] = 1;
        std::get<Closing>(twin.fact.detail).confirms = live.uid;
        second.push_back(std::move(twin));
    }
    history.facts.insert(history.facts.end(), second.begin(), second.end());
}

/// Takes what nobody could use for a normal result.
void take_for_normal(LiveFact& live) {
    if (auto* report = std::get_if<Histology>(&live.fact.detail)) {
        if (report->results == std::vector{HistologyResult::insufficient})
            report->results = {HistologyResult::benign};
    } else if (auto* cells = std::get_if<Cytology>(&live.fact.detail)) {
        if (cells->results == std::vector{CytologyResult::unsat})
            cells->results = {CytologyResult::nilm};
    } else if (auto* test = std::get_if<HpvTest>(&live.fact.detail)) {
        if (test->result == HpvResult::invalid) test->result = HpvResult::negative;
    }
}

const std::vector<std::pair<std::string, Deafness>> broken_promises{
    {"what she says counts as seen",
     [](History& history) {
         change_facts(history, [](LiveFact& live) {
             if (live.fact.at.source == Source::told) live.fact.at.source = Source::given_here;
         });
     }},
    {"one person gives up a grave result", believe_one},
    {"what was given up holds for whatever is found later",
     [](History& history) {
         change_facts(history, [](LiveFact& live) {
             if (std::holds_alternative<Closing>(live.fact.detail))
                 live.order.effective.value = UINT64_MAX;
         });
     }},
    {"she isn't asked again at her next visit",
     [](History& history) {
         forget<Visit>(history);
         change_facts(history, [](LiveFact& live) {
             if (!live.fact.at.source) live.fact.at.source = Source::imported;
         });
     }},
    {"results are taken back silently", [](History& history) { history.amended.clear(); }},
    {"specimens are not waited for", forget<Specimen>},
    {"referrals are not waited for", forget<Referral>},
    {"deaths are not heard of", forget<Death>},
    {"closings are not heard of", forget<Closing>},
    {"what can't be used is taken for normal",
     [](History& history) { change_facts(history, take_for_normal); }},
    {"one breast is looked at",
     [](History& history) {
         change_facts(history, [](LiveFact& live) {
             if (auto* image = std::get_if<BreastUltrasound>(&live.fact.detail))
                 image->right.reset();
         });
     }},
    {"a transfer counts at once",
     [](History& history) {
         change_facts(history, [](LiveFact& live) {
             const auto* transfer = std::get_if<Transfer>(&live.fact.detail);
             if (transfer) live.clinic = transfer->to_facility;
         });
     }},
    {"the day of recording is taken for the day of the sample",
     [](History& history) {
         change_facts(history, [](LiveFact& live) {
             if (live.fact.at.reported_on) live.fact.at.date = *live.fact.at.reported_on;
         });
     }},
};

TEST_SUITE("simulation") {
    TEST_CASE("of the packs as they are, the check finds nothing to say") {
        CHECK(mutant_world().first_fault(simulated_programme(), mutant_world().histories) == "");
    }

    TEST_CASE("each row is noticed that is left out, or asks for nothing") {
        int caught = 0;
        int made = 0;
        for (const auto& place : all_rows(simulated_programme())) {
            auto mutant = simulated_programme();
            const auto name = name_of(mutant, place);
            auto& rows = table_of(mutant, place).rows;
            auto& row = rows[place.row];
            row.is_what_is_owed = false;
            row.outcome = rules::Outcome{};
            row.outcome->status = rules::ScreeningStatus::up_to_date;
            check_mutant(name + " asks for nothing", mutant, caught);
            rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(place.row));
            check_mutant(name + " is left out", mutant, caught);
            made += 2;
        }
        MESSAGE(caught << " of " << made << " mutants of rows were noticed, " << harmless.size()
                       << " are harmless");
    }

    TEST_CASE("each promise of follow-up is noticed that is broken") {
        for (const auto& promise : broken_promises) {
            auto histories = mutant_world().histories;
            for (auto& history : histories) promise.second(history);
            CHECK_MESSAGE(!mutant_world().first_fault(simulated_programme(), histories).empty(),
                          promise.first << ": nobody notices");
        }
        MESSAGE(broken_promises.size() << " broken promises");
    }

    TEST_CASE("limits that never come to an end are noticed") {
        constexpr int never = 36'500;
        std::vector<std::function<void(Programme&)>> endless{
            [](Programme& programme) { programme.follow_up.act_within_days = never; },
            [](Programme& programme) { programme.follow_up.result_days = never; },
            [](Programme& programme) { programme.follow_up.referral_days = never; },
        };
        for (std::size_t pathway = 0; pathway < simulated_programme().pathways.size(); ++pathway) {
            endless.emplace_back([pathway](Programme& programme) {
                for (auto& row : programme.pathways[pathway].at_visits.rows) {
                    if (row.outcome && row.outcome->due && row.outcome->due->until)
                        row.outcome->due->until = Period{100, 0, 0};
                }
            });
        }
        for (std::size_t i = 0; i < endless.size(); ++i) {
            auto mutant = simulated_programme();
            endless[i](mutant);
            CHECK_MESSAGE(!mutant_world().first_fault(mutant, mutant_world().histories).empty(),
                          "limit " << i << " is noticed by nobody");
        }
    }
}

}  // namespace
}  // namespace egret::tests
