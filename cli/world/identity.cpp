#include "cli/world/identity.h"

#include "cli/world/names.h"
#include "registry/domain/identity_number.h"

#include <array>
#include <string_view>

namespace egret::world {
namespace {

// Counties and districts of Fujian and some beyond: where households were registered first.
constexpr auto household_areas = std::to_array<std::string_view>({
    "350203", "350205", "350206", "350211", "350212", "350213", "350102", "350103", "350104",
    "350105", "350111", "350121", "350122", "350123", "350124", "350125", "350181", "350302",
    "350303", "350304", "350305", "350322", "350402", "350421", "350423", "350424", "350425",
    "350426", "350428", "350429", "350430", "350481", "350502", "350503", "350504", "350505",
    "350521", "350524", "350525", "350526", "350581", "350582", "350583", "350602", "350603",
    "350622", "350623", "350624", "350626", "350627", "350628", "350629", "350681", "350702",
    "350722", "350723", "350724", "350725", "350781", "350782", "350783", "350802", "350821",
    "350823", "350824", "350825", "350881", "350902", "350921", "350922", "350923", "350924",
    "350925", "350926", "350981", "350982", "360121", "360730", "360781", "411522", "421023",
    "431023", "440507", "440511", "511321", "522401",
});

constexpr std::uint64_t orders_of_a_sex = 499;
constexpr std::uint64_t numbers_a_day = household_areas.size() * orders_of_a_sex;
// Shares no divisor with numbers_a_day (2 * 43 * 499), so that it visits all of them.
constexpr std::uint64_t stride = 15'013;
static_assert(numbers_a_day == 2 * 43 * 499);

std::string two_digits(unsigned number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

/// Moves the birth date by some days, so that people who share the rest of a number are not born
/// on one day. In worlds of less than numbers_a_day people it stays.
Date apart(Date birth, std::uint64_t person, std::uint64_t persons) {
    const auto rounds = static_cast<std::int64_t>((persons - 1) / numbers_a_day) + 1;
    const auto round = static_cast<std::int64_t>(person / numbers_a_day);
    const auto by = (((round - birth.days()) % rounds) + rounds) % rounds;
    return birth.plus_days(static_cast<std::int32_t>(by));
}

std::string resident_number(Date birth, Sex sex, std::uint64_t person) {
    const auto place = person % numbers_a_day * stride % numbers_a_day;
    const auto order = (place / household_areas.size() + 1) * 2 - (sex == Sex::male ? 1U : 0U);
    const auto ymd = birth.ymd();
    std::string digits(household_areas[place % household_areas.size()]);
    digits += std::to_string(birth.year()) + two_digits(static_cast<unsigned>(ymd.month())) +
              two_digits(static_cast<unsigned>(ymd.day()));
    const auto text = std::to_string(order);
    digits += std::string(3 - text.size(), '0') + text;
    return digits + resident_id_check(digits);
}

Date chance_day(Date low, Date high, SeededRandom& random) {
    const auto days = static_cast<std::uint64_t>(high.days() - low.days()) + 1;
    return low.plus_days(static_cast<std::int32_t>(random.below(days)));
}

std::string chance_phone(SeededRandom& random) {
    return "1990592" + std::to_string(1000 + random.below(9000));
}

}  // namespace

Identity make_identity(const PlainWorld& world, std::uint64_t person, SeededRandom& random) {
    Identity made;
    const auto roll = random.below(100);
    // Girls who turn 15 in the world's years or later; those between; women of screening age.
    const auto oldest_girl = world.first_day().plus_years(-15);
    if (roll < 44) {
        made.birth = chance_day(oldest_girl, world.last_day().plus_years(-9), random);
        if (random.chance(0.09)) made.sex = Sex::male;
    } else if (roll < 54) {
        made.birth = chance_day(world.last_day().plus_years(-35), oldest_girl, random);
    } else {
        made.birth =
            chance_day(world.first_day().plus_years(-66), world.last_day().plus_years(-35), random);
    }
    made.birth = apart(made.birth, person, world.plan().persons);
    auto& who = made.who;
    who.birth_date = made.birth;
    who.sex = made.sex;
    who.names.push_back({NameUse::official, invented_name(made.sex, random), {}});
    const auto number = resident_number(made.birth, made.sex, person);
    if (random.chance(0.97)) who.identifiers.push_back({IdentifierKind::resident_id, number, {}});
    who.household_area = number.substr(0, 6);
    who.household_kind = random.chance(0.3) ? HouseholdKind::rural : HouseholdKind::urban;
    if (random.chance(0.03)) who.income_category = IncomeCategory::low_income;
    who.language = Language::zh;
    return made;
}

void add_contacts(Identity& identity, Date on, SeededRandom& random) {
    auto& who = identity.who;
    if (age_in_years(identity.birth, on) >= 18) {
        if (random.chance(0.9)) who.phones.push_back(chance_phone(random));
        return;
    }
    Guardian guardian;
    const bool is_father = random.chance(0.4);
    guardian.name = is_father ? family_name_of(who.names.front().text) : std::string();
    const auto relative = invented_name(is_father ? Sex::male : Sex::female, random);
    guardian.name += is_father ? relative.substr(family_name_of(relative).size()) : relative;
    guardian.phone = chance_phone(random);
    guardian.relation = is_father ? "father" : "mother";
    who.guardian = std::move(guardian);
    if (random.chance(0.85)) {
        who.school = invented_school_name(random);
        who.school_class = std::to_string(1 + random.below(12)) + "班";
    }
}

}  // namespace egret::world
