#include "cli/world/life_maker.h"

#include "cli/world/course.h"
#include "cli/world/districts.h"
#include "cli/world/identity.h"
#include "cli/world/mistype.h"

#include <algorithm>
#include <utility>

namespace egret::world {
namespace {

/// Neighbouring numbers give streams that have nothing in common.
std::uint64_t scrambled(std::uint64_t number) {
    number = (number ^ (number >> 33)) * 0xff51afd7ed558ccdULL;
    number = (number ^ (number >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return number ^ (number >> 33);
}

/// Writes down what happened to one person.
class Scribe {
public:
    Scribe(const PlainWorld& world, Life& life, SeededRandom& random)
        : world_(world), life_(life), random_(random) {}

    void write_registration(const Demographics& who, Date day) {
        Fact fact;
        fact.at.date = day;
        fact.at.source = Source::given_here;
        fact.detail = Register{who};
        const auto typed = random_.chance(0.03) ? day.plus_days(days(1, 20)) : day;
        registered_ = world_.session_from(life_.clinic, typed);
        if (registered_ > world_.last_day()) registered_ = day;
        write_on(registered_, life_.clinic, fact);
        if (random_.chance(0.004)) write_her_twice(fact);
    }

    /// What is not typed in before the world ends is never known.
    void write(const Happening& happening, std::size_t clinic) {
        const auto late = random_.chance(0.08) ? days(1, 66) : 0;
        const auto day =
            world_.session_from(clinic, std::max(happening.known, registered_).plus_days(late));
        if (day <= world_.last_day()) write_on(day, clinic, happening.fact);
    }

    /// A fact that is another's, and is voided when somebody notices.
    void write_mistake(Fact fact) {
        const auto day = world_.session_from(life_.clinic, registered_.plus_days(days(0, 400)));
        const auto noticed = world_.session_from(life_.clinic, day.plus_days(days(1, 50)));
        if (noticed > world_.last_day()) return;
        fact.at.date = day;
        fact.at.source = Source::given_here;
        const auto uid = make_random_id<EventTag>(random_);
        enter(day, life_.clinic, {uid, std::move(fact), {}});
        enter_void(noticed, life_.clinic, uid);
    }

private:
    struct Line {
        EventUid uid;
        Fact fact;
        std::vector<EventUid> supersedes;
    };

    std::int32_t days(std::int32_t low, std::int32_t high) {
        return low +
               static_cast<std::int32_t>(random_.below(static_cast<std::uint64_t>(high - low) + 1));
    }

    void enter(Date day, std::size_t clinic, Line line) {
        life_.entries.push_back(
            {day, clinic, life_.id, line.uid, std::move(line.fact), std::move(line.supersedes)});
    }

    EventUid enter_void(Date day, std::size_t clinic, const EventUid& target) {
        const auto uid = make_random_id<EventTag>(random_);
        Fact fact;
        fact.at.date = day;
        fact.at.because = "记错了人";
        fact.detail = VoidFact{target};
        enter(day, clinic, {uid, std::move(fact), {target}});
        return uid;
    }

    EventUid enter_correction(Date day, std::size_t clinic, const TrueEvent& target, Fact right) {
        const auto uid = make_random_id<EventTag>(random_);
        Fact fact;
        fact.at.date = day;
        fact.at.because = "录入错误";
        fact.detail = Correct{target.uid, {std::move(right)}};
        enter(day, clinic, {uid, std::move(fact), {target.uid}});
        return uid;
    }

    void write_on(Date day, std::size_t clinic, const Fact& fact) {
        const TrueEvent truth{make_random_id<EventTag>(random_), fact, day, clinic};
        life_.events.push_back(truth);
        const auto noticed = world_.session_from(clinic, day.plus_days(days(1, 60)));
        const auto again = world_.session_from(clinic, noticed.plus_days(days(1, 30)));
        const auto roll = random_.below(1000);
        if (noticed <= world_.last_day() && roll < 24) {
            if (const auto wrong = mistyped(fact, day, random_)) {
                enter(day, clinic, {truth.uid, *wrong, {}});
                const auto still_wrong = mistyped(fact, day, random_);
                if (again <= world_.last_day() && still_wrong && random_.chance(0.05)) {
                    enter_correction(noticed, clinic, truth, *still_wrong);
                    enter_correction(again, clinic, truth, fact);
                } else {
                    enter_correction(noticed, clinic, truth, fact);
                }
                return;
            }
        }
        enter(day, clinic, {truth.uid, fact, {}});
        // Voided by mistake, and the void voided.
        if (again <= world_.last_day() && roll == 999)
            enter_void(again, clinic, enter_void(noticed, clinic, truth.uid));
    }

    /// She is registered a second time under another id, which is voided later.
    void write_her_twice(const Fact& registration) {
        const auto day = world_.session_from(life_.clinic, registered_.plus_days(days(1, 200)));
        const auto noticed = world_.session_from(life_.clinic, day.plus_days(days(1, 60)));
        const auto hers = std::exchange(life_.id, make_random_id<WomanTag>(random_));
        if (noticed <= world_.last_day()) {
            const auto uid = make_random_id<EventTag>(random_);
            auto fact = registration;
            fact.at.date = day;
            enter(day, life_.clinic, {uid, std::move(fact), {}});
            enter_void(noticed, life_.clinic, uid);
        }
        life_.id = hers;
    }

    const PlainWorld& world_;
    Life& life_;
    SeededRandom& random_;
    Date registered_;  // When it was typed in: nothing of hers is typed in before.
};

Date registration_day(const PlainWorld& world, const Identity& identity, std::size_t clinic,
                      SeededRandom& random) {
    const auto first = std::max(world.first_day(), birthday(identity.birth, 8));
    const auto last = std::max(first, world.last_day().plus_days(-20));
    const auto days = static_cast<std::uint64_t>(last.days() - first.days()) + 1;
    // More come in the first years than later.
    const auto one = random.below(days);
    const auto other = random.below(days);
    const auto day = first.plus_days(static_cast<std::int32_t>(std::min(one, other)));
    return world.session_from(clinic, day);
}

std::string home_area(const PlainWorld& world, std::size_t clinic, SeededRandom& random) {
    const auto roll = random.below(100);
    if (roll < 1) return "";
    if (roll < 86) return world.clinics()[clinic].area;
    return std::string(districts[random.below(districts.size())].code);
}

Fact mistake_for(const Identity& identity, SeededRandom& random) {
    Fact fact;
    if (identity.birth.year() > 2000 || identity.sex == Sex::male || random.chance(0.1)) {
        fact.detail = Dose{"egret:cecolin", std::nullopt, ""};
    } else if (random.chance(0.6)) {
        fact.detail = HpvTest{HpvResult::negative, {}, std::nullopt};
    } else {
        fact.detail = Cytology{{CytologyResult::nilm}};
    }
    return fact;
}

/// The moves and transfers that came to be known, in the order of their days.
void note_areas(Life& life, const std::string& area, Date registered) {
    if (area.empty()) return;
    life.areas.push_back({area, registered});
    for (const auto& event : life.events) {
        if (const auto* change = std::get_if<DemographicsChange>(&event.fact.detail))
            life.areas.push_back({change->who.area, event.fact.at.date->earliest()});
    }
    std::erase_if(life.events, [](const TrueEvent& event) {
        return std::holds_alternative<DemographicsChange>(event.fact.detail);
    });
}

void put_in_order(Life& life) {
    std::stable_sort(life.events.begin(), life.events.end(), [](const auto& a, const auto& b) {
        return a.fact.at.date->earliest() < b.fact.at.date->earliest();
    });
    std::stable_sort(life.entries.begin(), life.entries.end(),
                     [](const auto& a, const auto& b) { return a.day < b.day; });
}

}  // namespace

Life make_life(const PlainWorld& world, std::uint64_t person) {
    SeededRandom random(scrambled(world.plan().seed + scrambled(person + 1)));
    Life life;
    auto identity = make_identity(world, person, random);
    life.clinic = random.below(world.clinics().size());
    const auto registered = registration_day(world, identity, life.clinic, random);
    add_contacts(identity, registered, random);
    constexpr std::int64_t day_ms = 86'400'000;
    life.id = make_time_ordered_id<WomanTag>(registered.days() * day_ms, random);
    life.who = identity.who;
    const auto area = home_area(world, life.clinic, random);

    const bool is_child = age_in_years(identity.birth, registered) < 18;
    Course course(world, {identity.sex, identity.birth, registered, area, life.clinic}, random);
    course.consent();
    course.vaccinate();
    if (!is_child) course.screen();
    course.move_on();

    Scribe scribe(world, life, random);
    identity.who.area = area;
    scribe.write_registration(identity.who, registered);
    const auto& transferred = course.transferred();
    for (const auto& happening : course.happenings()) {
        const bool is_elsewhere = transferred &&
                                  happening.fact.at.date->earliest() >= transferred->on &&
                                  !std::holds_alternative<Transfer>(happening.fact.detail);
        scribe.write(happening, is_elsewhere ? transferred->clinic : life.clinic);
    }
    if (random.chance(0.07)) scribe.write_mistake(mistake_for(identity, random));
    note_areas(life, area, registered);
    put_in_order(life);
    return life;
}

}  // namespace egret::world
