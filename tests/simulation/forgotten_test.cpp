// No positive result is ever forgotten: 10,000 screened women, with positivity as published and
// whatever becomes of results at clinics.
//
// EGRET_SIMULATION="WOMEN SEED" in the environment makes it longer, with other lives.

#include "tests/simulation/forgotten.h"

#include "registry/base/progress.h"
#include "registry/service/worklist.h"
#include "tests/simulation/simulation_size.h"
#include "tests/support/facts.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

namespace egret::tests {
namespace {

const std::vector<std::string> days{"2024-03-01", "2026-10-31", "2027-06-30", "2029-01-01"};

/// A clinic that gets what all say, on the day after the world's last.
class Registry {
public:
    Registry() {
        const service::World world{clock_, random_, Date::from_days(0), sqlite::Synchronous::off};
        auto made =
            service::Clinic::create(dir_.file("clinic"), {"思明区妇幼保健院", "350203", "林护士"},
                                    {keys::DataKey::generate(random_), UserId{}}, world);
        REQUIRE(made);
        clinic = *std::move(made);
    }

    std::unique_ptr<service::Clinic> clinic;

private:
    TempDir dir_;
    ManualClock clock_{instant_from_unix_ms(1'793'505'600'000)};  // 2026-11-01
    SeededRandom random_{20261101};
};

void show(const std::vector<std::string>& faults) {
    constexpr std::size_t shown_max = 20;
    for (std::size_t i = 0; i < faults.size() && i < shown_max; ++i) FAIL_CHECK(faults[i]);
    if (shown_max < faults.size()) FAIL_CHECK("and " << faults.size() - shown_max << " more");
}

std::string text_of(const Numbers& numbers) {
    return std::to_string(numbers.positives()) +
           " positive results: " + std::to_string(numbers.done) + " done, " +
           std::to_string(numbers.documented) + " documented as not done, " +
           std::to_string(numbers.open) + " open, of which " + std::to_string(numbers.overdue) +
           " on the failsafe list; missing: " + std::to_string(numbers.missing);
}

/// What the truth alone counts, for the three numbers that the program tells.
int true_positives(const ScreenedWorld& world, Date on) {
    int count = 0;
    for (const auto& life : world.lives())
        count += static_cast<int>(
            std::count_if(life.truth.positives.begin(), life.truth.positives.end(),
                          [&](const world::Positive& one) { return one.day <= on; }));
    return count;
}

/// That what the lists tell of everybody agrees with what is true.
void check_lists(const ScreenedWorld& world, service::Clinic& clinic, const std::string& day) {
    const auto on = tests::day(day);
    const auto answers = answers_of(clinic, on);
    REQUIRE(answers.size() == world.lives().size());
    ForgottenCheck check(world, on);
    service::LoopCounts counted;
    for (std::size_t i = 0; i < world.lives().size(); ++i) {
        const auto& answer = answers.at(world.lives()[i].id);
        check.check(i, answer);
        for (const auto& loop : answer.loops) {
            counted.done += loop.state == follow_up::LoopState::done;
            counted.not_done += loop.state == follow_up::LoopState::not_done;
            counted.open += loop.state == follow_up::LoopState::open;
            counted.overdue += loop.is_overdue(on);
        }
    }
    show(check.faults());
    const auto& numbers = check.numbers();
    MESSAGE(day << ": " << text_of(numbers));
    CHECK(numbers.missing == 0);
    CHECK(numbers.done + numbers.documented + numbers.open == true_positives(world, on));
    service::WorkQuestion question;
    question.on = on;
    service::LoopCounts all;
    for (const auto& [facility, counts] : service::count_loops(clinic, question)) {
        all.done += counts.done;
        all.not_done += counts.not_done;
        all.open += counts.open;
        all.overdue += counts.overdue;
    }
    CHECK(all.done == counted.done);
    CHECK(all.not_done == counted.not_done);
    CHECK(all.open == counted.open);
    CHECK(all.overdue == counted.overdue);
}

/// A share, and whether it can be the published one by chance: four standard errors.
struct Share {
    int of = 0;
    int positive = 0;

    void add(bool is_positive) {
        ++of;
        positive += is_positive;
    }

    bool fits(double published) const {
        const double share = static_cast<double>(positive) / of;
        return (share - published) * (share - published) <= 16 * published * (1 - published) / of;
    }
};

bool is_high_grade(const Histology& tissue) {
    return world::meaning_of(tissue, world::Organ::cervix).asks == world::Step::treatment;
}

/// What was found, among the results that are true in the end.
struct Published {
    Share hpv;
    Share cytology;  // Of those who had no positive test for the virus.
    Share colposcopy;
    Share histology;  // But of what was excised.
    Share precancer;  // Of women who were screened.

    void add(const History& history) {
        bool has_virus = false;
        bool is_treated = false;
        bool is_screened = false;
        bool has_precancer = false;
        for (const auto& live : history.facts) {
            if (live.fact.at.source == Source::told) continue;
            const auto& detail = live.fact.detail;
            if (const auto* test = std::get_if<HpvTest>(&detail)) {
                is_screened = true;
                const bool is_positive = test->result == HpvResult::positive;
                has_virus = has_virus || is_positive;
                if (is_positive || test->result == HpvResult::negative) hpv.add(is_positive);
            }
            const auto* report = std::get_if<Cytology>(&detail);
            is_screened = is_screened || report;
            if (report && !has_virus && !report->results.empty())
                cytology.add(world::meaning_of(detail, world::Organ::cervix).is_positive);
            if (const auto* look = std::get_if<Colposcopy>(&detail); look && look->impression)
                colposcopy.add(look->impression != ColposcopyImpression::normal);
            is_treated = is_treated || std::holds_alternative<Treatment>(detail);
            const auto* tissue = std::get_if<Histology>(&detail);
            if (!tissue || tissue->site || tissue->results.empty() || is_treated) continue;
            histology.add(is_high_grade(*tissue));
            has_precancer = has_precancer || is_high_grade(*tissue);
        }
        if (is_screened) precancer.add(has_precancer);
    }
};

TEST_SUITE("simulation") {
    TEST_CASE("of 10,000 women every positive is done, documented, or on the failsafe list") {
        const auto size = simulation_size();
        world::ScreenedPlan plan;
        plan.women = size.women;
        plan.seed = size.seed;
        plan.rates = world::published_rates();
        const ScreenedWorld world(plan);
        Registry registry;
        world.record(*registry.clinic, plan.seed);
        MESSAGE(plan.women << " women, seed " << plan.seed << ", " << world.said_count()
                           << " facts");
        Published found;
        registry.clinic->for_each_history([&](const History& history) { found.add(history); });
        CHECK(found.hpv.fits(0.0991));
        CHECK(found.cytology.fits(0.0371));
        CHECK(found.colposcopy.fits(0.2885));
        CHECK(found.histology.fits(0.2120));
        // Precancer and cancer, of all who were screened; not all come for what they need.
        CHECK(found.precancer.fits(0.0017546));
        MESSAGE("positive: HPV " << found.hpv.positive << " of " << found.hpv.of << ", cytology "
                                 << found.cytology.positive << " of " << found.cytology.of
                                 << ", colposcopy " << found.colposcopy.positive << " of "
                                 << found.colposcopy.of << ", histology "
                                 << found.histology.positive << " of " << found.histology.of
                                 << ", precancer or cancer " << found.precancer.positive << " of "
                                 << found.precancer.of << " women");
        for (const auto& day : days) check_lists(world, *registry.clinic, day);
    }

    TEST_CASE("nor is any forgotten where much is found, by the rules alone") {
        for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
            world::ScreenedPlan plan;
            plan.women = 3000;
            plan.seed = seed;
            plan.rates = world::harsh_rates();
            const ScreenedWorld world(plan);
            const auto histories = world.histories();
            for (const auto& day : days) {
                const auto on = tests::day(day);
                ForgottenCheck check(world, on);
                for (std::size_t i = 0; i < histories.size(); ++i)
                    check.check(i, answer_of(simulated_programme(), histories[i], on));
                show(check.faults());
                CHECK(check.numbers().missing == 0);
                CHECK(check.numbers().positives() == true_positives(world, on));
            }
        }
    }

    TEST_CASE("the answers are the same in whatever order facts arrive, and made anew") {
        world::ScreenedPlan plan;
        plan.women = 600;
        plan.seed = 7;
        plan.rates = world::harsh_rates();
        const ScreenedWorld world(plan);
        const auto on = tests::day("2026-10-31");
        Registry one;
        world.record(*one.clinic, 1);
        const auto answers = answers_of(*one.clinic, on);
        Registry other;
        world.record(*other.clinic, 2);
        CHECK(answers == answers_of(*other.clinic, on));
        NoProgress quiet;
        one.clinic->projector().rebuild(quiet);
        CHECK(answers == answers_of(*one.clinic, on));
        const auto histories = world.histories();
        for (std::size_t i = 0; i < histories.size(); ++i)
            CHECK(answers.at(world.lives()[i].id) ==
                  answer_of(simulated_programme(), histories[i], on));
    }
}

}  // namespace
}  // namespace egret::tests
