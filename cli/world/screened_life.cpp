#include "cli/world/screened_life.h"

#include "cli/world/screened_course.h"

namespace egret::world {
namespace {

/// Neighbouring numbers give streams that have nothing in common.
std::uint64_t stream_of(std::uint64_t seed, std::uint64_t number) {
    auto mixed = seed * 0x9e3779b97f4a7c15ULL + number;
    mixed = (mixed ^ (mixed >> 33)) * 0xff51afd7ed558ccdULL;
    mixed = (mixed ^ (mixed >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return mixed ^ (mixed >> 33);
}

WomanId woman_of(const ScreenedPlan& plan, std::uint64_t number) {
    SeededRandom random(stream_of(plan.seed, number) ^ 1U);
    constexpr std::int64_t world_ms = 1'640'995'200'000;  // 2022-01-01
    return make_time_ordered_id<WomanTag>(world_ms + static_cast<std::int64_t>(number), random);
}

}  // namespace

std::string screened_facility(std::size_t device) { return "C" + std::to_string(device + 1); }

ScreenedLife make_screened_life(const ScreenedPlan& plan, std::uint64_t number) {
    SeededRandom random(stream_of(plan.seed, number));
    ScreenedLife life;
    life.id = woman_of(plan, number);
    // 35 to 64 years old in the main; some grow into the programme's ages, or out of them.
    constexpr int days_of_ages = 37 * 365;
    const auto youngest = plan.first_day.plus_years(-28);
    life.birth = youngest.plus_days(-static_cast<std::int32_t>(random.below(days_of_ages)));
    ScreenedCourse(plan, life, woman_of(plan, number ^ 1U), random).live();
    return life;
}

}  // namespace egret::world
