#include "bench/filled_clinic.h"

#include "bench/measure.h"
#include "cli/world/plain_world.h"
#include "registry/crypto/random_bytes.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace egret::bench {
namespace {

// The evening of the world's last day.
constexpr Instant world_end =
    std::chrono::sys_days{std::chrono::year{2025} / 12 / 31} + std::chrono::hours{10};
constexpr std::uint64_t women_a_transaction = 2000;

}  // namespace

FilledClinic::FilledClinic(const std::string& folder, std::uint64_t women, std::uint64_t seed)
    : clock_(world_end), random_(seed) {
    crypto::SystemRandom chance;
    const service::Unlocked unlocked{keys::DataKey::generate(chance),
                                     make_random_id<UserTag>(chance)};
    fill(folder, unlocked, women, seed);
    clinic_ = *service::Clinic::open(folder, unlocked.again(), {clock_, random_});
}

void FilledClinic::fill(const std::string& folder, const service::Unlocked& unlocked,
                        std::uint64_t women, std::uint64_t seed) {
    world::WorldPlan plan;
    plan.persons = women;
    plan.seed = seed;
    const world::PlainWorld world(plan);
    const service::World quick{clock_, random_, Date::from_days(0), sqlite::Synchronous::off};
    auto clinic = *service::Clinic::create(
        folder, {world.clinics()[0].name, world.clinics()[0].area, "Nurse"}, unlocked.again(),
        quick);
    const auto caller = clinic->caller();
    for (std::uint64_t done = 0; done < women;) {
        std::vector<service::Draft> drafts;
        for (const auto end = std::min(women, done + women_a_transaction); done < end; ++done) {
            auto life = world.life(done);
            for (auto& entry : life.entries)
                drafts.push_back(
                    {entry.subject, std::move(entry.fact), entry.uid, std::move(entry.supersedes)});
            women_.push_back({life.id, std::move(life.who)});
        }
        sqlite::WriteTransaction tx(clinic->database());
        require(clinic->append(caller, std::move(drafts), tx), "a fact was not taken");
        tx.commit();
    }
    clinic->database().checkpoint_truncate();
}

}  // namespace egret::bench
