#include "cli/world/mistype.h"

#include "cli/world/districts.h"

#include <algorithm>
#include <array>

namespace egret::world {
namespace {

constexpr auto slips_days = std::to_array<std::int32_t>({-365, -31, -30, -10, -9, -1, 1, 9, 10});

Date other_day(const Fact& fact, Date day, SeededRandom& random) {
    const auto right = fact.at.date->earliest();
    const auto wrong = right.plus_days(slips_days[random.below(slips_days.size())]);
    return wrong > std::min(day, fact.at.reported_on.value_or(day)) ? right.plus_days(-10) : wrong;
}

std::string other_district(const std::string& area, SeededRandom& random) {
    std::string other;
    do {
        other = districts[random.below(districts.size())].code;
    } while (other == area);
    return other;
}

void mistype(Demographics& who, SeededRandom& random) {
    const auto roll = random.below(100);
    if (roll < 40 && !who.area.empty()) {
        who.area = other_district(who.area, random);
    } else if (roll < 85) {
        // A year off, so that she is counted in another cohort.
        who.birth_date = who.birth_date->earliest().plus_years(random.chance(0.5) ? 1 : -1);
    } else {
        who.names.front().text += "英";
    }
}

HpvResult other_result(const HpvTest& test) {
    return test.result == HpvResult::negative ? HpvResult::unknown : HpvResult::negative;
}

}  // namespace

std::optional<Fact> mistyped(const Fact& fact, Date day, SeededRandom& random) {
    auto wrong = fact;
    const bool is_date = random.chance(0.6);
    if (auto* registered = std::get_if<Register>(&wrong.detail)) {
        mistype(registered->who, random);
        return wrong;
    }
    if (auto* dose = std::get_if<Dose>(&wrong.detail)) {
        if (is_date || dose->product.empty()) {
            wrong.at.date = other_day(fact, day, random);
        } else {
            dose->substandard = !dose->substandard.value_or(false);
        }
        return wrong;
    }
    if (auto* test = std::get_if<HpvTest>(&wrong.detail)) {
        if (is_date) {
            wrong.at.date = other_day(fact, day, random);
        } else {
            test->result = other_result(*test);
            test->types.clear();
        }
        return wrong;
    }
    if (auto* cytology = std::get_if<Cytology>(&wrong.detail)) {
        if (is_date) {
            wrong.at.date = other_day(fact, day, random);
        } else {
            const bool is_unsat = cytology->results == std::vector{CytologyResult::unsat};
            cytology->results = {is_unsat ? CytologyResult::nilm : CytologyResult::unsat};
        }
        return wrong;
    }
    if (std::holds_alternative<Death>(wrong.detail)) {
        wrong.at.date = fact.at.date->earliest().plus_days(-10);
        return wrong;
    }
    return std::nullopt;
}

}  // namespace egret::world
