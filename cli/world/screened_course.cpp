#include "cli/world/screened_course.h"

#include <algorithm>
#include <utility>

namespace egret::world {
namespace {

constexpr int recheck_days = 365;
constexpr int steps_max = 9;

unsigned month_of(Date day) { return static_cast<unsigned>(day.ymd().month()); }

ScreenedRates with_common(ScreenedRates rates) {
    rates.hpv_16_18 = 0.25;
    rates.triage_abnormal = 0.2;
    return rates;
}

bool is_routine_case(ClosingReason reason) { return !is_of_action_only(reason); }

}  // namespace

ScreenedRates published_rates() {
    ScreenedRates rates;
    rates.hpv_positive = 0.0991;
    rates.cytology_abnormal = 0.0371;
    rates.colposcopy_abnormal = 0.2885;
    rates.histology_positive = 0.2120;
    rates.cancer = 21.58 / (153.88 + 21.58);
    rates.colposcopy_first = 0.001;
    rates.exam_abnormal = 0.005;
    rates.palpation_abnormal = 0.02;
    rates.birads_0_3 = 0.05;
    rates.birads_4_5 = 0.01;
    rates.breast_malignant = 0.12;
    rates.unusable = 0.015;
    return with_common(rates);
}

ScreenedRates harsh_rates() {
    ScreenedRates rates;
    rates.hpv_positive = 0.5;
    rates.cytology_abnormal = 0.4;
    rates.colposcopy_abnormal = 0.6;
    rates.histology_positive = 0.5;
    rates.cancer = 0.3;
    rates.colposcopy_first = 0.06;
    rates.exam_abnormal = 0.1;
    rates.palpation_abnormal = 0.15;
    rates.birads_0_3 = 0.35;
    rates.birads_4_5 = 0.2;
    rates.breast_malignant = 0.4;
    rates.unusable = 0.1;
    return with_common(rates);
}

ScreenedCourse::ScreenedCourse(const ScreenedPlan& plan, ScreenedLife& life, WomanId other,
                               SeededRandom& random)
    : plan_(plan), life_(life), random_(random), scribe_(plan, life, other, random) {}

int ScreenedCourse::between(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<std::uint64_t>(high - low) + 1));
}

void ScreenedCourse::decide_ends() {
    const auto days = plan_.last_day.days() - plan_.first_day.days();
    end_ = plan_.last_day;
    if (random_.chance(0.02)) dies_ = plan_.first_day.plus_days(between(200, days - 60));
    if (!dies_ && random_.chance(0.02)) moves_ = plan_.first_day.plus_days(between(200, days - 60));
    if (dies_) end_ = *dies_;
    if (moves_) end_ = *moves_;
    if (random_.chance(0.04)) {
        scribe_.second_clinic = (scribe_.clinic + 1) % screened_clinics;
        scribe_.transferred_on = plan_.first_day.plus_days(between(100, days - 100));
    }
}

void ScreenedCourse::live() {
    scribe_.clinic = static_cast<std::size_t>(random_.below(screened_clinics));
    const auto registered = plan_.first_day.plus_days(between(0, 90));
    scribe_.write_registration(registered);
    decide_ends();
    life_.truth.owner = screened_facility(scribe_.clinic);
    if (random_.chance(0.02)) {
        Flag flag;
        flag.code = "no_cervix";
        flag.from = registered.plus_days(-between(300, 3000));
        scribe_.write(registered, flag);
        life_.truth.without_cervix = flag.from->earliest();
        scribe_.tag("without a cervix");
    }
    if (random_.chance(0.88)) {
        live_at(ScreenedSite::cervix);
        is_gone_ = false;
        if (random_.chance(0.75)) live_at(ScreenedSite::breast);
    } else {
        scribe_.tag("never came");
        if (random_.chance(0.5)) call(registered.plus_days(between(10, 900)), ScreenedSite::cervix);
    }
    if (random_.chance(0.02)) lose(ScreenedSite::cervix);
    if (random_.chance(0.02)) lose(ScreenedSite::breast);
    end_life();
}

/// An organ is taken out elsewhere, for other reasons.
void ScreenedCourse::lose(ScreenedSite site) {
    auto& truth = life_.truth;
    const auto last = truth.encounters.empty()
                          ? plan_.first_day
                          : *std::max_element(truth.encounters.begin(), truth.encounters.end());
    const auto day = last.plus_days(between(100, 300));
    if (most_urgent(site) || end_ <= day || truth.without_cervix) return;
    scribe_.tag("an organ taken out");
    Flag flag;
    flag.from = day;
    if (site == ScreenedSite::cervix) {
        flag.code = "no_cervix";
        scribe_.write(day, flag);
        truth.without_cervix = day;
        return;
    }
    for (const char* code : {"mastectomy_left", "mastectomy_right"}) {
        flag.code = code;
        scribe_.write(day, flag);
    }
    truth.without_breasts = day;
}

void ScreenedCourse::end_life() {
    if (scribe_.transferred_on) {
        const auto on = *scribe_.transferred_on;
        Transfer transfer;
        transfer.to_facility = screened_facility(scribe_.second_clinic);
        scribe_.transferred_on.reset();
        const bool is_accepted = std::any_of(
            life_.entries.begin(), life_.entries.end(), [&](const ScreenedEntry& entry) {
                return entry.device == scribe_.second_clinic && entry.subject == life_.id &&
                       !std::holds_alternative<VoidFact>(entry.fact.detail) &&
                       !std::holds_alternative<Correct>(entry.fact.detail);
            });
        scribe_.write(on, transfer);
        scribe_.tag(is_accepted ? "transferred" : "transferred, not accepted");
        if (is_accepted) life_.truth.owner = transfer.to_facility;
    }
    if (moves_) {
        DemographicsChange change;
        change.who.resident = false;
        scribe_.write(*moves_, change);
        life_.truth.moved_away = moves_;
        scribe_.tag("moved away");
    }
    if (dies_) {
        const bool is_agreed_to = random_.chance(0.5);
        scribe_.write_death(*dies_, is_agreed_to);
        scribe_.tag(is_agreed_to ? "died, two say so" : "died");
    } else if (random_.chance(0.01)) {
        const auto day = plan_.first_day.plus_days(between(200, 1500));
        scribe_.write_void(day.plus_days(30), scribe_.write(day, Death{}));
        scribe_.tag("said to be dead in error");
    }
    std::stable_sort(
        life_.entries.begin(), life_.entries.end(),
        [](const ScreenedEntry& a, const ScreenedEntry& b) { return a.minute < b.minute; });
}

void ScreenedCourse::call(Date day, ScreenedSite site) {
    if (end_ <= day) return;
    Contact contact;
    contact.outcome = random_.chance(0.7) ? ContactOutcome::reached : ContactOutcome::not_reached;
    scribe_.write(day, contact, About::recall,
                  site == ScreenedSite::cervix ? Organ::cervix : Organ::left_breast);
}

void ScreenedCourse::put_off(Date day, ScreenedSite site) {
    if (end_ <= day) return;
    scribe_.tag("put off");
    Deferral deferral;
    deferral.site = site;
    deferral.until = day.plus_days(between(60, 500));
    deferral.reason = DeferralReason::own_wish;
    scribe_.write(day, deferral);
    life_.truth.put_off.push_back({site, day, *deferral.until});
}

void ScreenedCourse::cease(Date day) {
    const auto again = day.plus_days(between(1, 30));
    if (end_ <= again) return;
    const bool is_agreed_to = random_.chance(0.6);
    scribe_.tag(is_agreed_to ? "ceased by two" : "ceased by one");
    Ceasing ceasing;
    ceasing.site = ScreenedSite::cervix;
    ceasing.step = CeasingStep::proposed;
    ceasing.reason = CeasingReason::informed_choice;
    scribe_.person = 1;
    ceasing.about = scribe_.write(day, ceasing);
    ceasing.step = CeasingStep::confirmed;
    if (is_agreed_to) scribe_.person = 2;
    scribe_.write(again, ceasing);
    if (is_agreed_to && !life_.truth.ceased) life_.truth.ceased = again;
}

void ScreenedCourse::live_at(ScreenedSite site) {
    const bool is_cervix = site == ScreenedSite::cervix;
    if (is_cervix && life_.truth.without_cervix) return;
    auto day = plan_.first_day.plus_days(between(95, 900));
    scribe_.begin(day);
    if (random_.chance(0.2)) call(day.plus_days(-between(1, 60)), site);
    for (int rounds = 0; rounds < 3 && !is_gone_ && day < end_; ++rounds) {
        if (!round(site, day, rounds == 0)) break;
        day = follow(site, day);
        if (random_.chance(0.05)) put_off(day.plus_days(between(5, 300)), site);
        if (is_cervix && random_.chance(0.02)) cease(day.plus_days(between(5, 200)));
        // What was given up is not the end: many come again.
        const bool is_open = most_urgent(site).has_value();
        day = day.plus_days(is_open ? between(60, 500) : between(700, 1500));
        if (random_.chance(0.1)) break;
    }
    if (is_cervix && !is_gone_ && random_.chance(0.01)) {
        const auto alarm = day.plus_days(between(40, 100));
        if (alarm.plus_days(70) < end_) scribe_.write_false_alarm(alarm, random_.chance(0.5));
    }
}

/// A look after a year is early, or it isn't: no life is near the line, which the plan leaves open.
bool ScreenedCourse::is_near_line(Date day) const {
    const auto standing = life_.truth.standing(Organ::cervix);
    if (!standing || life_.truth.asks[*standing].step != Step::recheck) return false;
    const auto days = day.days() - life_.truth.asks[*standing].counts_from(day).days();
    return 230 < days && days < 320;
}

bool ScreenedCourse::round(ScreenedSite site, Date& day, bool is_first) {
    if (random_.chance(0.02)) {
        const bool is_cells = random_.chance(0.4);
        if (site == ScreenedSite::cervix && day.plus_days(30) < end_)
            scribe_.write_lost_specimen(day, is_cells ? SpecimenTest::cytology : SpecimenTest::hpv,
                                        random_.chance(0.5));
        day = day.plus_days(between(20, 28));
    }
    if (site == ScreenedSite::cervix && is_near_line(day)) day = day.plus_days(100);
    const bool is_blurred = is_first && random_.chance(0.02);
    if (is_blurred) day = Date::from_ymd(day.year(), month_of(day), 1).plus_months(1).plus_days(-1);
    if (end_ <= day) return false;
    if (is_blurred) scribe_.blur_next();
    if (random_.chance(0.3)) scribe_.write(day, Visit{});
    return scribe_.write_visit(
        day, site == ScreenedSite::cervix ? cervical_visit(is_first) : breast_visit(is_first));
}

std::optional<Organ> ScreenedCourse::most_urgent(ScreenedSite site) const {
    std::optional<Organ> first;
    auto step = Step::none;
    for (const auto organ : all_organs) {
        const auto standing = life_.truth.standing(organ);
        if (site_of(organ) != site || !standing) continue;
        if (life_.truth.asks[*standing].step <= step) continue;
        step = life_.truth.asks[*standing].step;
        first = organ;
    }
    return first;
}

Date ScreenedCourse::day_for(Step step, Date day) {
    if (step == Step::recheck) return day.plus_days(between(recheck_days - 40, recheck_days + 90));
    return day.plus_days(between(5, 80));
}

Date ScreenedCourse::follow(ScreenedSite site, Date day) {
    for (int steps = 0; steps < steps_max; ++steps) {
        const auto organ = most_urgent(site);
        if (!organ || is_gone_) break;
        if (!goes_on(*organ, day)) break;
        const auto step = life_.truth.asks[*life_.truth.standing(*organ)].step;
        const auto next = day_for(step, day);
        if (end_ <= next) {
            is_gone_ = true;
            break;
        }
        if (!act(*organ, next)) {
            is_gone_ = true;  // It comes to be known after the end.
            break;
        }
        day = next;
    }
    return day;
}

bool ScreenedCourse::goes_on(Organ organ, Date& day) {
    if (random_.chance(0.1)) day = deceive(organ, day);
    const auto standing = life_.truth.standing(organ);
    if (!standing) return false;
    const bool is_recheck = life_.truth.asks[*standing].step == Step::recheck;
    const auto known = std::max(day, scribe_.last_known()).plus_days(between(2, 20));
    if (known < end_ && random_.chance(0.7)) scribe_.inform(known);
    if (known < end_ && random_.chance(0.25)) {
        Contact contact;
        contact.outcome =
            random_.chance(0.5) ? ContactOutcome::not_reached : ContactOutcome::reached;
        scribe_.write(known, contact, About::ask, organ);
    }
    if (known < end_ && !is_recheck && random_.chance(0.2))
        scribe_.refer(known, organ, random_.chance(0.7));
    const auto roll = random_.below(100);
    if (roll < 62) return true;
    if (roll < 80) {
        day = known.plus_days(between(1, 90));
        give_up(organ, day);
        day = day.plus_days(16);
        return random_.chance(0.1);
    }
    if (roll < 90) {
        scribe_.tag("vanished");
        is_gone_ = true;
    }
    return false;
}

void ScreenedCourse::give_up(Organ organ, Date day) {
    if (end_ <= day) return;
    static constexpr ClosingReason reasons[] = {
        ClosingReason::refused,     ClosingReason::refused,           ClosingReason::moved,
        ClosingReason::unreachable, ClosingReason::treated_elsewhere, ClosingReason::cannot_afford,
        ClosingReason::no_capacity, ClosingReason::completed,         ClosingReason::other};
    const auto reason = reasons[random_.below(std::size(reasons))];
    const bool is_case = is_routine_case(reason) && random_.chance(0.4);
    const auto persons = static_cast<int>(random_.below(3)) + 1;
    scribe_.tag(persons == 1   ? "given up by one"
                : persons == 2 ? "given up by two"
                               : "given up by one, twice");
    scribe_.give_up(day, organ, persons, is_case, reason);
}

/// What looks as if it were done, and isn't.
Date ScreenedCourse::deceive(Organ organ, Date before) {
    const auto day = before.plus_days(between(5, 60));
    if (end_ <= day.plus_days(60) || organ != Organ::cervix || is_near_line(day)) return before;
    const auto step = life_.truth.asks[*life_.truth.standing(organ)].step;
    bool is_written = false;
    switch (random_.below(3)) {
        case 0:
            scribe_.tag("says it was done elsewhere");
            if (step == Step::treatment) {
                Treatment treatment;
                treatment.procedure = Procedure::leep;
                is_written = scribe_.write_visit(day, {treatment}, true);
            } else {
                is_written = scribe_.write_visit(
                    day, {Colposcopy{ColposcopyImpression::normal, true, {}}}, true);
            }
            break;
        case 1:
            if (step < Step::colposcopy) break;
            scribe_.tag("another test was negative");
            is_written = scribe_.write_visit(day, {HpvTest{HpvResult::negative, {}, {}}});
            break;
        default:
            if (step != Step::recheck) break;
            scribe_.tag("examined too early");
            is_written = scribe_.write_visit(day, {HpvTest{HpvResult::negative, {}, {}}});
            break;
    }
    return is_written ? day : before;
}

}  // namespace egret::world
