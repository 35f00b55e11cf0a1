#include "cli/simulation/simulate.h"

#include "cli/simulation/folder_in_making.h"
#include "cli/simulation/leaflet.h"
#include "cli/simulation/simulated_centre.h"
#include "cli/simulation/simulated_clinics.h"
#include "cli/world/schedule.h"
#include "registry/base/ensure.h"
#include "registry/icu/time_zone.h"

#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>

namespace egret::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint64_t persons_max = 5'000'000;
constexpr std::size_t clinics_max = 2000;
constexpr int years_max = 15;

// Facts of a person, about: for the progress that is shown before they are counted.
constexpr std::uint64_t facts_a_person = 6;

Error out_of_range(const char* field, Message message) {
    return {ErrorCode::invalid_input, field, std::move(message)};
}

Result<Done> check_plan(const world::WorldPlan& plan) {
    const auto limit = [](auto number) {
        return std::vector<Message::Argument>{{"limit", std::to_string(number)}};
    };
    if (plan.persons < 1 || plan.persons > persons_max)
        return out_of_range("--women", msg("simulate.women", limit(persons_max)));
    if (plan.clinics < 1 || plan.clinics > clinics_max)
        return out_of_range("--clinics", msg("simulate.clinics", limit(clinics_max)));
    if (plan.years < 1 || plan.years > years_max)
        return out_of_range("--years", msg("simulate.years", limit(years_max)));
    return Done{};
}

/// A file that throws when the disk fails.
std::ofstream new_file(const std::string& path) {
    std::ofstream file;
    file.exceptions(std::ios::failbit | std::ios::badbit);
    file.open(path, std::ios::binary);
    return file;
}

/// One world on its way from its first day to its last.
class Run {
public:
    Run(const SimulationPlan& simulated, const FolderInMaking& folder, Progress& progress)
        : world_(simulated.world),
          pin_cost_(simulated.pin_cost),
          folder_(folder),
          progress_(progress),
          zone_(*icu::TimeZone::parse("Asia/Shanghai")),
          schedule_(world_),
          // As many minutes before the first day as there are clinics to found.
          clock_(zone_.start_of_day(world_.first_day()) -
                 minutes{static_cast<std::int64_t>(world_.clinics().size()) + 1}),
          chance_(simulated.world.seed ^ 0x6567726574ULL) {}

    void write_persons() {
        auto file = new_file(folder_.file("persons.jsonl"));
        const auto persons = world_.plan().persons;
        for (std::uint64_t person = 0; person < persons; ++person) {
            const auto life = world_.life(person);
            schedule_.add(person, life);
            file << codec::to_line(world::true_person(life, world_)) << '\n';
            if (person % 256 == 0) progress_.at(person, persons * (1 + facts_a_person));
        }
        file.close();
    }

    Result<Done> found() {
        auto centre = SimulatedCentre::create(folder_.file("centre"), clock_, chance_);
        if (!centre) return std::move(centre).error();
        centre_ = *std::move(centre);
        clinics_.emplace(world_, folder_.file("clinics"), clock_, centre_->way(), pin_cost_);
        for (std::size_t i = 0; i < world_.clinics().size(); ++i) {
            clock_.advance(minutes{1});
            const auto& clinic = world_.clinics()[i];
            auto invited = centre_->invite({clinic.name, clinic.area});
            if (!invited) return std::move(invited).error();
            auto founded = clinics_->found(i, centre_->url(), invited->code);
            if (!founded) return founded;
        }
        return Done{};
    }

    Result<Done> live() {
        std::optional<Error> failure;
        schedule_.for_each_day([&](world::Schedule::Day day) {
            if (failure) return;
            if (auto lived = live_a_day(std::move(day)); !lived) failure = std::move(lived).error();
        });
        if (failure) return *std::move(failure);
        return Done{};
    }

    Simulated done() const { return {world_.plan().persons, recorded_, syncs_}; }

private:
    /// All work in the morning; in the evening one clinic after the other sends what it has.
    Result<Done> live_a_day(world::Schedule::Day day) {
        clock_.set(zone_.start_of_day(day.day) + hours{9});
        for (auto& work : day.work) {
            clock_.advance(seconds{1});
            const auto facts = work.entries.size();
            if (auto recorded = clinics_->record(std::move(work)); !recorded) return recorded;
            recorded_ += facts;
        }
        clock_.set(zone_.start_of_day(day.day) + hours{18});
        for (const auto clinic : day.syncing) {
            clock_.advance(seconds{1});
            if (auto synced = clinics_->sync(clinic); !synced) return synced;
            ++syncs_;
        }
        const auto persons = world_.plan().persons;
        progress_.at(persons + recorded_, persons + schedule_.entry_count());
        return Done{};
    }

    world::PlainWorld world_;
    crypto::ScryptCost pin_cost_;
    const FolderInMaking& folder_;
    Progress& progress_;
    icu::TimeZone zone_;
    world::Schedule schedule_;
    ManualClock clock_;
    SeededRandom chance_;  // The centre's.
    std::unique_ptr<SimulatedCentre> centre_;
    std::optional<SimulatedClinics> clinics_;  // After the centre, which they reach to the end.
    std::uint64_t recorded_ = 0;
    std::uint64_t syncs_ = 0;
};

}  // namespace

Result<Simulated> simulate(const SimulationPlan& plan, Progress& progress) {
    if (auto checked = check_plan(plan.world); !checked) return std::move(checked).error();
    auto folder = FolderInMaking::start(plan.out);
    if (!folder) return std::move(folder).error();
    Simulated done;
    {
        Run run(plan, *folder, progress);
        run.write_persons();
        if (auto founded = run.found(); !founded) return std::move(founded).error();
        if (auto lived = run.live(); !lived) return std::move(lived).error();
        done = run.done();
    }  // All files are closed, and whole.
    new_file(folder->file("pin")) << simulated_pin << '\n';
    new_file(folder->file("README")) << leaflet(plan.world, done);
    if (auto finished = folder->finish(); !finished) return std::move(finished).error();
    return done;
}

}  // namespace egret::simulation
