#include "cli/world/screened_scribe.h"

#include "cli/world/names.h"

#include <algorithm>
#include <utility>

namespace egret::world {
namespace {

constexpr std::int64_t minutes_a_day = 1440;
constexpr std::int64_t morning = 480;
constexpr std::size_t hospital = screened_clinics;

Fact fact_on(Date day, Detail detail) {
    Fact fact;
    fact.at.date = day;
    fact.detail = std::move(detail);
    return fact;
}

Organ first_organ_of(const Detail& detail) {
    for (const auto organ : all_organs) {
        if (is_about(detail, organ)) return organ;
    }
    return Organ::cervix;
}

bool is_positive(const Detail& detail) {
    return std::any_of(std::begin(all_organs), std::end(all_organs), [&](Organ organ) {
        return is_about(detail, organ) && meaning_of(detail, organ).is_positive;
    });
}

/// Something else that the laboratory might have said: of a positive result a negative one, of a
/// negative one a positive.
std::optional<Detail> opposite_of(const Detail& detail) {
    if (const auto* test = std::get_if<HpvTest>(&detail)) {
        auto other = *test;
        const bool is_positive = test->result == HpvResult::positive;
        other.result = is_positive ? HpvResult::negative : HpvResult::positive;
        other.types.clear();
        if (!is_positive) other.types = {HpvType::hpv16};
        return other;
    }
    if (const auto* report = std::get_if<Cytology>(&detail)) {
        auto other = *report;
        other.results = {meaning_of(detail, Organ::cervix).is_positive ? CytologyResult::nilm
                                                                       : CytologyResult::hsil};
        return other;
    }
    return std::nullopt;
}

}  // namespace

int ScreenedScribe::between(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<std::uint64_t>(high - low) + 1));
}

std::int64_t ScreenedScribe::minute_of(Date day) {
    return day.days() * minutes_a_day + morning + count_++;
}

std::size_t ScreenedScribe::device_on(Date day) const {
    return transferred_on && *transferred_on < day ? second_clinic : clinic;
}

ScreenedEntry& ScreenedScribe::enter(Date day, Fact fact) {
    ScreenedEntry entry;
    entry.minute = minute_of(day);
    entry.device = device_on(day);
    entry.person = static_cast<std::uint8_t>(entry.device * 10 + person);
    entry.subject = life_.id;
    entry.uid = make_random_id<EventTag>(random_);
    entry.fact = std::move(fact);
    life_.entries.push_back(std::move(entry));
    return life_.entries.back();
}

/// Where it was recorded it is taken back: nobody heeds another clinic's word.
ScreenedEntry& ScreenedScribe::enter_amendment(Date day, Fact fact, const EventUid& target) {
    auto& entry = enter(day, std::move(fact));
    const auto amended = std::find_if(life_.entries.begin(), life_.entries.end(),
                                      [&](const ScreenedEntry& one) { return one.uid == target; });
    entry.device = amended->device;
    entry.person = static_cast<std::uint8_t>(entry.device * 10 + person);
    return entry;
}

void ScreenedScribe::write_registration(Date day) {
    Register registered;
    registered.who.names = {{NameUse::official, invented_name(Sex::female, random_), {}}};
    registered.who.birth_date = life_.birth;
    registered.who.sex = Sex::female;
    registered.who.area = "350203";
    enter(day, fact_on(day, registered));
    last_known_ = day;
}

EventUid ScreenedScribe::write(Date day, Detail detail, std::optional<About> about, Organ organ) {
    if (std::holds_alternative<Visit>(detail)) life_.truth.encounters.push_back(day);
    auto& entry = enter(day, fact_on(day, std::move(detail)));
    entry.about = about;
    entry.organ = organ;
    if (about == About::ask) entry.step = step_standing(organ);
    return entry.uid;
}

void ScreenedScribe::write_void(Date day, const EventUid& target) {
    auto fact = fact_on(day, VoidFact{target});
    fact.at.because = "记错了";
    enter_amendment(day, std::move(fact), target);
}

void ScreenedScribe::take_specimen(Date day, Detail& found) {
    Specimen specimen;
    specimen.barcode = "B" + std::to_string(random_.next() % 1'000'000'000'000);
    if (auto* hpv = std::get_if<HpvTest>(&found)) {
        specimen.tests = {SpecimenTest::hpv};
        hpv->specimen = specimen.barcode;
    } else if (auto* cytology = std::get_if<Cytology>(&found)) {
        specimen.tests = {SpecimenTest::cytology};
        cytology->specimen = specimen.barcode;
    } else if (auto* tissue = std::get_if<Histology>(&found)) {
        specimen.tests = {SpecimenTest::histology};
        tissue->specimen = specimen.barcode;
    } else {
        return;
    }
    for (const auto& [test, index] : unusable_) {
        auto& waits = life_.truth.awaited[index];
        if (test == specimen.tests.front() && waits.day < day && !waits.answered)
            waits.answered = day;
    }
    const auto uid = enter(day, fact_on(day, specimen)).uid;
    const auto* hpv = std::get_if<HpvTest>(&found);
    const auto* cytology = std::get_if<Cytology>(&found);
    const auto* tissue = std::get_if<Histology>(&found);
    const bool is_known = (hpv && hpv->result != HpvResult::unknown) ||
                          (cytology && !cytology->results.empty()) ||
                          (tissue && !tissue->results.empty());
    life_.truth.awaited.push_back({uid, day, is_known ? std::optional(day) : std::nullopt});
}

bool ScreenedScribe::write_visit(Date day, std::vector<Detail> found, bool is_told) {
    auto known = day.plus_days(is_told ? between(5, 30) : between(0, 10));
    if (random_.chance(0.12)) {
        known = known.plus_days(between(20, 120));
        tag("late result");
    }
    if (plan_.last_day < known) return false;
    person = static_cast<std::uint8_t>(between(1, 3));
    const bool is_twice = !is_told && random_.chance(0.01);
    if (is_twice) {  // By another machine too: imported.
        found.push_back(found.front());
        tag("recorded twice");
    }
    const bool is_blurred = std::exchange(is_blurred_, false);
    if (is_blurred) {
        tag("known to the month");
        life_.truth.inexact_day = day;
    }
    std::vector<EventUid> uids;
    std::int64_t said = 0;
    for (auto& one : found) {
        if (!is_told && random_.chance(0.5)) take_specimen(day, one);
        auto fact = fact_on(day, one);
        if (is_blurred) {
            const auto ymd = day.ymd();
            fact.at.date =
                *PartialDate::from_parts(day.year(), static_cast<unsigned>(ymd.month()), 0);
        }
        if (is_told) fact.at.source = Source::told;
        if (!is_told && known != day) fact.at.reported_on = known;
        const auto said_one =
            is_told || is_twice ? enter_found(known, fact) : say_found(known, fact);
        uids.push_back(said_one.uid);
        if (!is_usable(one)) life_.truth.unusable.push_back(said_one.uid);
        if (!is_told) await_tissue(day, one, said_one.uid);
        said = std::max(said, said_one.minute);
    }
    const auto before = life_.truth.positives.size();
    life_.truth.see({day, found, is_told, is_told ? day : known}, uids, said);
    for (auto i = before; i < life_.truth.positives.size(); ++i)
        life_.truth.positives[i].known = known;
    return true;
}

Step ScreenedScribe::step_standing(Organ organ) const {
    const auto standing = life_.truth.standing(organ);
    return standing ? life_.truth.asks[*standing].step : Step::none;
}

/// What is cut out is examined: a report of that tissue is awaited.
void ScreenedScribe::await_tissue(Date day, const Detail& found, const EventUid& uid) {
    const bool is_report = std::holds_alternative<Histology>(found) && is_usable(found);
    if (!is_report && !std::holds_alternative<Treatment>(found)) return;
    const auto* organ = std::find_if(std::begin(all_organs), std::end(all_organs),
                                     [&](Organ one) { return is_about(found, one); });
    if (organ == std::end(all_organs)) return;
    if (is_report) {
        for (const auto& [of, index] : excised_) {
            auto& waits = life_.truth.awaited[index];
            if (of == *organ && !waits.answered) waits.answered = day;
        }
        return;
    }
    excised_.emplace_back(*organ, life_.truth.awaited.size());
    life_.truth.awaited.push_back({uid, day, std::nullopt});
}

ScreenedScribe::Said ScreenedScribe::enter_found(Date day, const Fact& fact) {
    last_known_ = std::max(last_known_, day);
    const auto& entry = enter(day, fact);
    return {entry.uid, entry.minute};
}

ScreenedScribe::Said ScreenedScribe::say_found(Date known, const Fact& fact) {
    const auto noticed = known.plus_days(between(4, 40));
    const auto again = noticed.plus_days(between(2, 30));
    if (plan_.last_day < again) return enter_found(known, fact);
    const auto roll = random_.below(1000);
    const auto opposite = opposite_of(fact.detail);
    if (roll < 20 && opposite) {
        auto wrong = fact;
        wrong.detail = *opposite;
        return say_corrected(known, fact, wrong);
    }
    if (roll < 30) {
        tag("voided and the void voided");
        const auto said = enter_found(known, fact);
        write_void(noticed, said.uid);
        write_void(again, life_.entries.back().uid);
        last_known_ = std::max(last_known_, again);
        return said;
    }
    if (roll < 40) {
        tag("recorded anew");
        write_void(noticed, enter_found(known, fact).uid);
        return enter_found(again, fact);
    }
    if (roll < 50) return say_of_another(known, fact);
    return enter_found(known, fact);
}

ScreenedScribe::Said ScreenedScribe::say_corrected(Date known, const Fact& fact,
                                                   const Fact& wrong) {
    tag(is_positive(fact.detail) ? "amended up" : "amended down");
    const auto uid = enter_found(known, wrong).uid;
    const auto noticed = known.plus_days(between(4, 40));
    auto corrects = fact_on(noticed, Correct{uid, {fact}});
    corrects.at.because = "录入错误";
    const auto minute = enter_amendment(noticed, std::move(corrects), uid).minute;
    last_known_ = std::max(last_known_, noticed);
    if (is_positive(wrong.detail))
        take_back(life_.id, site_of(first_organ_of(fact.detail)), noticed, random_.chance(0.5));
    return {uid, minute};
}

ScreenedScribe::Said ScreenedScribe::say_of_another(Date known, const Fact& fact) {
    tag("first recorded of another woman");
    const auto noticed = known.plus_days(between(4, 40));
    auto& entry = enter(known, fact);
    entry.subject = other_;
    const auto uid = entry.uid;
    auto taken = fact_on(noticed, VoidFact{uid});
    taken.at.because = "记错了人";
    enter_amendment(noticed, std::move(taken), uid).subject = other_;
    if (is_positive(fact.detail))
        take_back(other_, site_of(first_organ_of(fact.detail)), noticed, random_.chance(0.5));
    return enter_found(noticed, fact);
}

void ScreenedScribe::take_back(WomanId woman, ScreenedSite site, Date day, bool is_agreed_to) {
    TakenBack taken{woman, site, day, std::nullopt};
    const auto by = life_.entries.back().uid;
    const auto who = life_.entries.back().person;
    const auto later = day.plus_days(between(1, 20));
    if (later <= plan_.last_day) {
        Closing closing;
        closing.reason = ClosingReason::completed;
        auto& entry = enter(later, fact_on(later, closing));
        entry.subject = woman;
        entry.about = About::confirm;
        entry.taken_back_by = by;
        entry.organ = site == ScreenedSite::cervix ? Organ::cervix : Organ::left_breast;
        entry.person = static_cast<std::uint8_t>(is_agreed_to ? who + 5 : who);
        if (is_agreed_to) taken.agreed = later;
    }
    life_.truth.taken_back.push_back(taken);
}

void ScreenedScribe::write_false_alarm(Date day, bool is_agreed_to) {
    const auto noticed = day.plus_days(between(5, 60));
    if (plan_.last_day < noticed) return;
    tag("false alarm");
    HpvTest test{HpvResult::positive, {HpvType::hpv16}, {}};
    const auto uid = enter_found(day, fact_on(day, test)).uid;
    write_void(noticed, uid);
    take_back(life_.id, ScreenedSite::cervix, noticed, is_agreed_to);
}

void ScreenedScribe::give_up(Date day, Organ organ, int persons, bool is_case,
                             ClosingReason reason) {
    const auto again = day.plus_days(between(1, 15));
    const auto standing = life_.truth.standing(organ);
    if (plan_.last_day < again || !standing) return;
    auto& documents = life_.truth.documents;
    Closing closing;
    closing.site = site_of(organ);
    closing.reason = reason;
    const auto say = [&](Date on, int who, std::optional<std::size_t> agrees_to) {
        person = static_cast<std::uint8_t>(who);
        auto& entry = enter(on, fact_on(on, closing));
        if (!is_case) {
            entry.about = About::ask;
            entry.organ = organ;
            entry.step = step_standing(organ);
        }
        documents.push_back({on, entry.minute, entry.person, closing.site,
                             is_case ? std::nullopt : standing, reason, agrees_to});
        closing.confirms = entry.uid;
    };
    say(day, 1, std::nullopt);
    if (persons > 1) say(again, persons == 2 ? 2 : 1, documents.size() - 1);
    person = 1;
}

void ScreenedScribe::write_death(Date day, bool is_agreed_to) {
    const auto noted = std::min(day.plus_days(between(2, 40)), plan_.last_day);
    person = 1;
    auto& entry = enter(noted, fact_on(day, Death{}));
    life_.truth.died_on = day;
    life_.truth.documents.push_back(
        {day, entry.minute, entry.person, {}, {}, ClosingReason::died, {}, true});
    const auto agreed = noted.plus_days(between(1, 30));
    if (!is_agreed_to || plan_.last_day < agreed) return;
    Closing closing;
    closing.reason = ClosingReason::died;
    person = 2;
    auto& second = enter(agreed, fact_on(agreed, closing));
    life_.truth.documents.push_back(
        {agreed, second.minute, second.person, {}, {}, ClosingReason::died, {}});
}

void ScreenedScribe::write_lost_specimen(Date day, SpecimenTest test, bool is_unusable) {
    tag(is_unusable ? "unusable specimen" : "lost result");
    Specimen specimen;
    specimen.barcode = "B" + std::to_string(random_.next() % 1'000'000'000'000);
    specimen.tests = {test};
    if (is_unusable) {
        specimen.unusable = UnusableReason::leaked;
        unusable_.emplace_back(test, life_.truth.awaited.size());
    }
    const auto uid = enter(day, fact_on(day, specimen)).uid;
    life_.truth.encounters.push_back(day);
    life_.truth.awaited.push_back({uid, day, std::nullopt});
}

void ScreenedScribe::inform(Date day) {
    Informed informed;
    for (auto& positive : life_.truth.positives) {
        if (positive.informed || positive.is_told || day < positive.known) continue;
        positive.informed = day;
        informed.about.push_back(positive.result);
    }
    if (!informed.about.empty()) enter(day, fact_on(day, informed));
}

void ScreenedScribe::refer(Date day, Organ organ, bool is_answered) {
    Referral referral;
    referral.to_facility = screened_facility(hospital);
    const auto uid = write(day, referral, About::ask, organ);
    const auto answer = day.plus_days(between(10, 60));
    const bool is_here = is_answered && answer <= plan_.last_day;
    tag(is_here ? "referred" : "referred without feedback");
    life_.truth.awaited.push_back({uid, day, is_here ? std::optional(answer) : std::nullopt});
    if (!is_here) return;
    ReferralFeedback feedback;
    feedback.referral = uid;
    feedback.from_facility = referral.to_facility;
    write(answer, feedback);
}

}  // namespace egret::world
