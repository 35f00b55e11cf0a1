#include "cli/world/plain_world.h"

#include "cli/world/districts.h"
#include "cli/world/life_maker.h"
#include "cli/world/names.h"
#include "registry/base/ensure.h"
#include "registry/base/random.h"

#include <algorithm>

namespace egret::world {
namespace {

/// Monday is 0.
int weekday_of(Date day) {
    constexpr int days_a_week = 7;
    const int thursday_based = day.days() % days_a_week;  // 1970-01-01 was a Thursday.
    return (thursday_based + 3 + days_a_week) % days_a_week;
}

/// Two weekdays of five, not next to each other.
constexpr int first_weekday(std::size_t clinic) { return static_cast<int>(clinic % 3); }

constexpr int second_weekday(std::size_t clinic) { return first_weekday(clinic) + 2; }

/// As the centre makes them.
std::string code_of(std::size_t clinic) {
    auto digits = std::to_string(clinic + 1);
    if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
    return "C" + digits;
}

}  // namespace

PlainWorld::PlainWorld(const WorldPlan& plan)
    : plan_(plan),
      first_day_(Date::from_ymd(2026 - plan.years, 1, 1)),
      last_day_(Date::from_ymd(2025, 12, 31)) {
    EGRET_ENSURE(plan.clinics > 0 && plan.years > 0);
    for (std::size_t i = 0; i < plan.clinics; ++i) {
        const auto& district = districts[i % districts.size()];
        clinics_.push_back({code_of(i),
                            invented_clinic_name(std::string(district.name), i / districts.size()),
                            std::string(district.code)});
    }
}

Life PlainWorld::life(std::uint64_t person) const { return make_life(*this, person); }

Date PlainWorld::session_from(std::size_t clinic, Date from) const {
    auto day = from;
    while (weekday_of(day) != first_weekday(clinic) && weekday_of(day) != second_weekday(clinic))
        day = day.plus_days(1);
    return day;
}

bool PlainWorld::syncs_on(std::size_t clinic, Date day) const {
    if (day == last_day_) return true;
    if (weekday_of(day) != second_weekday(clinic)) return false;
    // One clinic of five has a bad line: it gets through about every fourth week.
    const auto week = static_cast<std::uint64_t>(day.days()) / 7;
    SeededRandom random(plan_.seed * 1'000'003 + week * 8191 + clinic);
    return random.chance(clinic % 5 == 3 ? 0.25 : 0.92);
}

codec::Person true_person(const Life& life, const PlainWorld& world) {
    codec::Person person;
    person.id = life.id.to_string();
    person.who = life.who;
    person.areas = life.areas;
    person.facility = world.clinics()[life.clinic].code;
    for (const auto& event : life.events) {
        codec::PersonEvent told{event.fact, event.uid};
        if (std::holds_alternative<Register>(told.fact.detail)) told.fact.detail = Register{};
        // A dose that was told of, of unknown place, is of no clinic's stock.
        const auto& source = told.fact.at.source;
        const bool is_told_of = std::holds_alternative<Dose>(told.fact.detail) && source &&
                                *source != Source::given_here;
        if (told.fact.at.facility.empty() && !is_told_of)
            told.fact.at.facility = world.clinics()[event.clinic].code;
        told.fact.at.recorded_on = event.recorded_on;
        person.events.push_back(std::move(told));
    }
    return person;
}

}  // namespace egret::world
