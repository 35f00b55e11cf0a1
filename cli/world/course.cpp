#include "cli/world/course.h"

#include "cli/world/districts.h"
#include "registry/base/ensure.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace egret::world {
namespace {

constexpr auto products = std::to_array<std::string_view>({
    "egret:cecolin",
    "egret:cecolin",
    "cvx:118",
    "cvx:62",
    "cvx:165",
});

constexpr auto high_risk_types = std::to_array<HpvType>({
    HpvType::hpv52,
    HpvType::hpv52,
    HpvType::hpv58,
    HpvType::hpv58,
    HpvType::hpv16,
    HpvType::hpv16,
    HpvType::hpv18,
    HpvType::hpv33,
    HpvType::hpv51,
    HpvType::hpv39,
    HpvType::other_hr,
});

std::string lot_of(Date day, SeededRandom& random) {
    return "L" + std::to_string(day.year()) + std::to_string(100 + random.below(900));
}

Fact fact_of(Date day, Detail detail) {
    Fact fact;
    fact.at.date = day;
    fact.detail = std::move(detail);
    return fact;
}

bool is_grave(const std::vector<CytologyResult>& results) {
    return std::any_of(results.begin(), results.end(), [](CytologyResult result) {
        return result == CytologyResult::hsil || result == CytologyResult::asc_h;
    });
}

bool is_odd(const std::vector<CytologyResult>& results) {
    return is_grave(results) ||
           std::any_of(results.begin(), results.end(), [](CytologyResult result) {
               return result == CytologyResult::asc_us || result == CytologyResult::lsil;
           });
}

std::vector<CytologyResult> chance_cytology(SeededRandom& random) {
    const auto roll = random.below(1000);
    if (roll < 880) return {CytologyResult::nilm};
    if (roll < 895) return {CytologyResult::nilm, CytologyResult::no_tz};
    if (roll < 905) return {CytologyResult::unsat};
    if (roll < 920) return {};
    if (roll < 965) return {CytologyResult::asc_us};
    if (roll < 985) return {CytologyResult::lsil};
    if (roll < 992) return {CytologyResult::asc_h};
    return {CytologyResult::hsil};
}

}  // namespace

int Course::between(int low, int high) {
    EGRET_ENSURE(low <= high);
    return low + static_cast<int>(random_.below(static_cast<std::uint64_t>(high - low) + 1));
}

Date Course::day_between(Date low, Date high) {
    return low.plus_days(between(0, (high.days() - low.days())));
}

Happening* Course::add(Date day, Detail detail) {
    if (day > world_.last_day()) return nullptr;
    auto fact = fact_of(day, std::move(detail));
    const bool is_told = day < person_.registered;
    fact.at.source = Source::given_here;
    if (is_told) {
        const auto roll = random_.below(100);
        fact.at.source = roll < 60   ? Source::card_seen
                         : roll < 85 ? Source::told
                                     : Source::imported;
    }
    happenings_.push_back({std::move(fact), std::max(day, person_.registered)});
    return &happenings_.back();
}

Happening* Course::add_result(Date day, Detail detail, int days_until_known) {
    auto* added = add(day, std::move(detail));
    if (!added || day < person_.registered) return added;
    added->known = day.plus_days(days_until_known);
    added->fact.at.reported_on = added->known;
    return added;
}

void Course::consent() {
    if (random_.chance(0.15)) return;
    const bool is_child = age_in_years(person_.birth, person_.registered) < 18;
    Consent consent;
    consent.scope = is_child ? ConsentScope::vaccination : ConsentScope::screening;
    consent.decision = random_.chance(0.97) ? ConsentDecision::given : ConsentDecision::refused;
    consent.by = is_child ? ConsentGiver::guardian : ConsentGiver::herself;
    add(person_.registered, std::move(consent));
}

// ---- vaccination --------------------------------------------------------------------------------

std::optional<Date> Course::first_dose_day() {
    const auto at_age = [&](int years) { return birthday(person_.birth, years); };
    const auto roll = random_.below(1000);
    if (roll < 10) return day_between(at_age(8), at_age(9));
    if (roll < 370) return day_between(at_age(9), at_age(13));
    if (roll < 790) return day_between(at_age(13), at_age(15));
    // Around the birthday on which it begins to be too late: to the day, whatever weekday.
    if (roll < 830) return at_age(15).plus_days(between(-3, 3));
    if (roll < 890) return day_between(at_age(15), at_age(19));
    if (roll < 920) return day_between(at_age(19), at_age(27));
    return std::nullopt;
}

bool Course::is_in_round(Date day) const {
    const bool is_of_cohort =
        Date::from_ymd(2009, 9, 1) <= person_.birth && person_.birth <= Date::from_ymd(2010, 8, 31);
    return person_.sex == Sex::female && is_of_cohort && Date::from_ymd(2023, 10, 1) <= day &&
           day <= Date::from_ymd(2025, 6, 30);
}

void Course::dose(Date day) {
    if (day >= person_.registered && random_.chance(0.03)) {
        if (auto* refused = add(day, Dose{})) refused->fact.at.status = EventStatus::not_done;
        add(day, Visit{});
        day = session(day.plus_days(between(14, 60)));
    }
    Dose given;
    given.product = products[random_.below(products.size())];
    if (random_.chance(0.7)) given.lot = lot_of(day, random_);
    if (random_.chance(0.015)) given.substandard = true;
    if (random_.chance(0.05)) given.substandard = false;
    if (is_in_round(day)) given.round = "haicang-2023";
    add(day, std::move(given));
}

void Course::vaccinate() {
    auto day = first_dose_day();
    // Before there was a vaccine in China nobody had a dose.
    if (!day || *day < Date::from_ymd(2017, 6, 1)) return;
    const bool is_boy = person_.sex == Sex::male;
    const int doses = is_boy || random_.chance(0.18) ? 1 : random_.chance(0.15) ? 3 : 2;
    for (int number = 1; number <= doses; ++number) {
        if (number > 1)
            day = day->plus_days(random_.chance(0.05) ? between(20, 140) : between(165, 260));
        const bool is_near_birthday =
            std::abs(day->days() - birthday(person_.birth, 15).days()) < 4;
        const bool is_here = *day >= person_.registered;
        if (is_here && random_.chance(0.7)) add(*day, Visit{});
        dose(is_here && !is_near_birthday ? session(*day) : *day);
    }
}

// ---- screening ----------------------------------------------------------------------------------

void Course::hysterectomy(Date day, bool is_told) {
    without_cervix_ = day;
    Flag flag;
    flag.code = "no_cervix";
    flag.from = day;
    const auto noted = is_told ? person_.registered : day.plus_days(between(5, 80));
    add(noted, flag);
    if (random_.chance(0.5)) add(day, Treatment{Procedure::hysterectomy, "", ""});
}

void Course::conditions() {
    const auto adult = birthday(person_.birth, 20);
    if (random_.chance(0.035)) {
        const bool is_told = random_.chance(0.6) && adult < person_.registered;
        const auto from = std::max(adult, Date::from_ymd(2005, 1, 1));
        if (is_told && from < person_.registered) {
            hysterectomy(day_between(from, person_.registered), true);
        } else if (person_.registered < world_.last_day()) {
            hysterectomy(day_between(person_.registered, world_.last_day()), false);
        }
    }
    if (random_.chance(0.006)) {
        Flag flag;
        flag.code = "hiv";
        flag.from = person_.registered.plus_days(-between(0, 3000));
        add(person_.registered, flag);
    }
    const auto late = birthday(person_.birth, 42);
    if (person_.registered < late && random_.chance(0.12)) {
        const auto end = std::min(late, world_.last_day());
        if (person_.registered < end) {
            const auto from = day_between(person_.registered, end);
            Flag flag;
            flag.code = "pregnant";
            flag.from = from;
            flag.to = from.plus_days(280);
            add(session(from.plus_days(between(40, 90))), flag);
        }
    }
}

void Course::screen() {
    const auto adult = birthday(person_.birth, 21);
    conditions();
    if (random_.chance(0.45)) {
        const auto before = person_.registered.plus_days(-between(20, 2600));
        if (before > adult) screening_round(before);
    }
    if (random_.chance(0.12)) return;  // Invited, never came.
    auto day = std::max(person_.registered.plus_days(random_.chance(0.4) ? 0 : between(0, 500)),
                        adult.plus_days(between(0, 3000)));
    for (int rounds = 0; rounds < 5 && day <= world_.last_day(); ++rounds) {
        screening_round(session(day));
        day = day.plus_days(random_.chance(0.3) ? between(340, 800) : between(1000, 1900));
    }
}

void Course::screening_round(Date day) {
    if (without_cervix_ && day >= *without_cervix_ && random_.chance(0.97)) return;
    if (random_.chance(0.9)) add(day, Visit{});
    if (random_.chance(0.6)) breasts(day);
    const auto roll = random_.below(100);
    if (roll < 55) {
        hpv_test(day);
    } else if (roll < 72) {
        hpv_test(day);
        cytology(day);
    } else if (roll < 94) {
        cytology(day);
    } else {
        const auto via = random_.below(100);
        add(day, Via{via < 90   ? ViaResult::negative
                     : via < 96 ? ViaResult::positive
                                : ViaResult::invalid});
    }
    if (random_.chance(0.6))
        add(day, GynExam{random_.chance(0.9) ? ExamResult::normal : ExamResult::abnormal});
}

void Course::breasts(Date day) {
    add(day, BreastExam{random_.chance(0.95) ? ExamResult::normal : ExamResult::abnormal});
    if (random_.chance(0.3)) return;
    const auto finding = [&] {
        const auto roll = random_.below(100);
        return BreastFinding{roll < 55   ? BiRads::b1
                             : roll < 90 ? BiRads::b2
                             : roll < 98 ? BiRads::b3
                                         : BiRads::b4a,
                             {}};
    };
    BreastUltrasound seen;
    seen.left = finding();
    seen.right = finding();
    add(day, std::move(seen));
}

void Course::hpv_test(Date day) {
    HpvTest test;
    if (random_.chance(0.6))
        test.sample = random_.chance(0.8) ? SampleTaker::clinician : SampleTaker::self;
    const auto roll = random_.below(100);
    test.result = roll < 12   ? HpvResult::positive
                  : roll < 13 ? HpvResult::invalid
                  : roll < 14 ? HpvResult::unknown
                              : HpvResult::negative;
    if (test.result == HpvResult::positive && random_.chance(0.9)) {
        test.types.push_back(high_risk_types[random_.below(high_risk_types.size())]);
        const auto other = high_risk_types[random_.below(high_risk_types.size())];
        if (random_.chance(0.2) && other != test.types.front()) test.types.push_back(other);
    }
    const auto result = *test.result;
    const bool is_16_or_18 = std::any_of(test.types.begin(), test.types.end(), [](HpvType type) {
        return type == HpvType::hpv16 || type == HpvType::hpv18;
    });
    add_result(day, std::move(test), between(3, 15));
    if (is_lost()) return;
    if (result == HpvResult::invalid) hpv_test(session(day.plus_days(between(20, 60))));
    if (result != HpvResult::positive) return;
    if (is_16_or_18) {
        const bool is_high_grade = random_.chance(0.3);
        work_up(day.plus_days(between(20, 90)), is_high_grade);
    } else {
        cytology(session(day.plus_days(between(15, 60))));
    }
}

void Course::cytology(Date day) {
    auto results = chance_cytology(random_);
    const bool needs_colposcopy = is_odd(results);
    const bool is_high_grade = is_grave(results);
    const bool is_unsatisfactory = results == std::vector{CytologyResult::unsat};
    add_result(day, Cytology{std::move(results)}, between(4, 20));
    if (is_lost()) return;
    if (is_unsatisfactory) cytology(session(day.plus_days(between(60, 120))));
    if (needs_colposcopy) work_up(day.plus_days(between(20, 90)), is_high_grade);
}

void Course::work_up(Date day, bool is_high_grade) {
    if (day < person_.registered || day > world_.last_day()) return;
    // The first clinic of the world is the hospital to which the others send.
    constexpr std::size_t hospital = 0;
    const auto at_hospital = [&](Happening* added) {
        if (!added || person_.clinic == hospital) return;
        added->fact.at.facility = world_.clinics()[hospital].code;
        added->fact.at.source = Source::card_seen;
    };
    Colposcopy seen;
    seen.impression =
        is_high_grade ? ColposcopyImpression::high_grade : ColposcopyImpression::low_grade;
    seen.adequate = random_.chance(0.93);
    seen.tz_type = between(1, 3);
    at_hospital(add_result(day, seen, between(1, 10)));
    if (!is_high_grade && random_.chance(0.5)) return;
    Histology found;
    const auto roll = random_.below(100);
    if (!is_high_grade) {
        found.results.push_back(roll < 60 ? HistologyResult::benign : HistologyResult::cin1);
    } else {
        found.results.push_back(roll < 20   ? HistologyResult::cin1
                                : roll < 60 ? HistologyResult::cin2
                                : roll < 96 ? HistologyResult::cin3
                                            : HistologyResult::cancer);
    }
    const auto worst = found.results.front();
    at_hospital(add_result(day, std::move(found), between(7, 20)));
    if (worst == HistologyResult::benign || worst == HistologyResult::cin1 || is_lost()) return;
    Treatment done;
    done.procedure = random_.chance(0.7) ? Procedure::leep : Procedure::cone;
    done.reason = to_string(worst);
    at_hospital(add_result(day.plus_days(between(20, 80)), std::move(done), between(1, 20)));
}

// ---- what ends or moves her care ----------------------------------------------------------------

void Course::move(Date first) {
    DemographicsChange change;
    do {
        change.who.area = districts[random_.below(districts.size())].code;
    } while (change.who.area == person_.area);
    add(day_between(first, world_.last_day()), std::move(change));
}

void Course::transfer(Date first) {
    const auto& clinics = world_.clinics();
    const auto other = random_.below(clinics.size() - 1);
    const Transferred to{day_between(first, world_.last_day()),
                         other < person_.clinic ? other : other + 1};
    add(to.on, Transfer{clinics[to.clinic].code, ""});
    transferred_ = to;
}

void Course::die(Date first) {
    const auto day = day_between(first, world_.last_day());
    std::erase_if(happenings_, [&](const Happening& happening) {
        return happening.fact.at.date->earliest() > day;
    });
    if (transferred_ && transferred_->on > day) transferred_.reset();
    add(day, Death{random_.chance(0.1) ? "icd10:C53.9" : ""});
}

void Course::move_on() {
    const auto first = person_.registered.plus_days(30);
    if (first >= world_.last_day()) return;
    if (!person_.area.empty() && random_.chance(0.05)) move(first);
    if (world_.clinics().size() > 1 && random_.chance(0.012)) transfer(first);
    if (random_.chance(0.012)) die(first);
}

}  // namespace egret::world
