#include "registry/rules/subject.h"

#include <algorithm>

namespace egret::rules {
namespace {

/// What a severe allergic reaction after a dose means for the next one (CDSi observation 090),
/// until the adverse event is corrected or voided.
constexpr std::string_view allergy_after_dose = "allergy_hpv_vaccine";

/// Anaphylaxis always is; other signs of an allergy are, if the event is a serious one.
bool is_severe_allergy(const AdverseEvent& event) {
    const bool is_serious = event.serious.value_or(false) || !event.seriousness.empty();
    return std::any_of(
        event.manifestations.begin(), event.manifestations.end(), [&](Manifestation sign) {
            return sign == Manifestation::anaphylaxis || (is_serious && is_sign_of_allergy(sign));
        });
}

void add(const Fact& fact, bool is_spoilt, Subject& subject) {
    if (!is_completed(fact)) return;
    if (const auto* flag = std::get_if<Flag>(&fact.detail)) {
        subject.flags.push_back({flag->code, flag->from ? flag->from : fact.at.date, flag->to});
    } else if (const auto* event = std::get_if<AdverseEvent>(&fact.detail)) {
        if (is_severe_allergy(*event))
            subject.flags.push_back({std::string(allergy_after_dose),
                                     event->onset_on ? event->onset_on : fact.at.date,
                                     {}});
    } else if (const auto* dose = std::get_if<Dose>(&fact.detail)) {
        const bool is_said = dose->substandard.value_or(false);
        if (fact.at.date)
            subject.doses.push_back({*fact.at.date, dose->product, is_said || is_spoilt,
                                     dose->funding, dose->lot, is_spoilt && !is_said});
        else
            subject.undated_doses.push_back({dose->product, dose->lot});
    }
}

}  // namespace

Subject subject_of(const Demographics& who, const std::vector<const Fact*>& facts) {
    Subject subject;
    subject.birth_date = who.birth_date;
    subject.sex = who.sex.value_or(Sex::unknown);
    subject.area = who.area;
    subject.household_area = who.household_area;
    subject.school_area = who.school_area;
    subject.goes_to_school = !who.school.empty() || !who.school_area.empty();
    for (const auto* fact : facts) add(*fact, false, subject);
    return subject;
}

Subject subject_of(const History& history) {
    auto subject = subject_of(history.who, {});
    for (const auto& live : history.facts) add(live.fact, live.is_spoilt, subject);
    if (!history.residences.empty()) subject.area = history.residences.back().area;
    return subject;
}

bool is_seen_by_vaccination(const Fact& fact) {
    return std::holds_alternative<Register>(fact.detail) ||
           std::holds_alternative<DemographicsChange>(fact.detail) ||
           std::holds_alternative<Flag>(fact.detail) || std::holds_alternative<Dose>(fact.detail) ||
           std::holds_alternative<AdverseEvent>(fact.detail);
}

}  // namespace egret::rules
