#include "registry/service/tick_off.h"

#include "registry/service/school_session.h"

#include <algorithm>

namespace egret::service {
namespace {

bool has_warning(const std::vector<Warning>& warnings, std::string_view code) {
    return std::any_of(warnings.begin(), warnings.end(),
                       [&](const Warning& warning) { return warning.code == code; });
}

/// The doses of hers that are recorded for that day.
std::vector<const Dose*> doses_on(const History& history, Date day) {
    std::vector<const Dose*> found;
    for (const auto& live : history.facts) {
        const auto* dose = std::get_if<Dose>(&live.fact.detail);
        if (dose && is_completed(live.fact) && live.fact.at.date == PartialDate(day))
            found.push_back(dose);
    }
    return found;
}

bool was_not_given_on(const History& history, Date day, const std::string& round) {
    return std::any_of(history.facts.begin(), history.facts.end(), [&](const LiveFact& live) {
        const auto* not_given = std::get_if<DoseNotGiven>(&live.fact.detail);
        return not_given && is_completed(live.fact) && live.fact.at.date == PartialDate(day) &&
               not_given->round == round;
    });
}

/// The last that was said of the round's doses up to that day; null if nothing was.
const Consent* last_consent(const History& history, const TickOff& list) {
    const Consent* last = nullptr;
    for (const auto& live : history.facts) {
        const auto* consent = std::get_if<Consent>(&live.fact.detail);
        const bool is_about =
            consent && is_completed(live.fact) && consent->scope == ConsentScope::vaccination &&
            consent->round == list.round && clinical_day(live.fact, live.order) <= list.date;
        if (is_about) last = consent;
    }
    return last;
}

}  // namespace

std::optional<History> TickOffRecorder::find(const TickOff& list, const WomanId& woman,
                                             TickOutcome& outcome) {
    auto history = clinic_.load_history(woman);
    if (!history || !history->registered_on) {
        outcome.error = Error{ErrorCode::not_found, "id", msg("woman.unknown")};
        return std::nullopt;
    }
    outcome.name = store::shown_name(history->who);
    if (!is_same_school(history->who.school, list.school)) {
        outcome.error = Error{ErrorCode::conflict, "id", msg("tick.other_school")};
        return std::nullopt;
    }
    return history;
}

void TickOffRecorder::record(Fact fact, TickOutcome& outcome) {
    auto recorded = Recorder(clinic_).record(caller_, outcome.woman, std::move(fact));
    if (!recorded) {
        outcome.error = std::move(recorded).error();
        return;
    }
    outcome.kind = TickOutcome::Kind::recorded;
    outcome.event = recorded->event;
    outcome.warnings = std::move(recorded->warnings);
}

TickOutcome TickOffRecorder::seen(TickOutcome outcome) {
    if (outcome.kind != TickOutcome::Kind::recorded) shown_.push_back(outcome.woman);
    return outcome;
}

void TickOffRecorder::note_shown() {
    if (shown_.empty()) return;
    clinic_.note(caller_, {audit::Action::listed, audit::Shown::session_result, shown_});
    shown_.clear();
}

TickOutcome TickOffRecorder::tick(const TickOff& list, const Tick& tick) {
    return seen(tick_one(list, tick));
}

TickOutcome TickOffRecorder::consent(const TickOff& list, const ConsentTick& tick) {
    return seen(consent_one(list, tick));
}

TickOutcome TickOffRecorder::tick_one(const TickOff& list, const Tick& tick) {
    TickOutcome outcome;
    outcome.place = tick.place;
    outcome.is_typed = tick.is_typed;
    outcome.woman = tick.woman;
    outcome.is_given = tick.is_given;
    const auto history = find(list, tick.woman, outcome);
    if (!history) return outcome;
    const auto doses = doses_on(*history, list.date);
    Fact fact;
    fact.at.date = list.date;
    fact.at.note = tick.note;
    if (!tick.is_given) {
        if (was_not_given_on(*history, list.date, list.round)) {
            outcome.kind = TickOutcome::Kind::known;
            return outcome;
        }
        if (!doses.empty()) {
            outcome.error = Error{ErrorCode::conflict, "given", msg("tick.given_that_day")};
            return outcome;
        }
        DoseNotGiven not_given;
        not_given.reason = tick.reason.value_or(NotGivenReason::other);
        not_given.product = list.dose.product;
        not_given.round = list.round;
        fact.detail = std::move(not_given);
        record(std::move(fact), outcome);
        return outcome;
    }
    auto dose = list.dose;
    if (!tick.lot.empty()) dose.lot = tick.lot;
    dose.round = list.round;
    dose.session = DoseSession::school;
    if (!doses.empty()) {
        const bool is_known = std::any_of(doses.begin(), doses.end(), [&](const Dose* known) {
            return known->product == dose.product && known->lot == dose.lot;
        });
        if (is_known)
            outcome.kind = TickOutcome::Kind::known;
        else
            outcome.error = Error{ErrorCode::conflict, "given", msg("tick.other_dose_that_day")};
        return outcome;
    }
    fact.detail = std::move(dose);
    auto warnings = Recorder(clinic_).foresee(caller_, tick.woman, fact);
    if (!warnings) {
        outcome.error = std::move(warnings).error();
        return outcome;
    }
    const auto& because = tick.because.empty() ? list.because : tick.because;
    if (has_warning(*warnings, "consent_refused") && because.empty()) {
        outcome.kind = TickOutcome::Kind::held_back;
        outcome.warnings = *std::move(warnings);
        return outcome;
    }
    if (!warnings->empty()) fact.at.because = because;
    record(std::move(fact), outcome);
    return outcome;
}

TickOutcome TickOffRecorder::consent_one(const TickOff& list, const ConsentTick& tick) {
    TickOutcome outcome;
    outcome.place = tick.place;
    outcome.is_typed = tick.is_typed;
    outcome.woman = tick.woman;
    outcome.is_given = tick.decision == ConsentDecision::given;
    const auto history = find(list, tick.woman, outcome);
    if (!history) return outcome;
    Consent consent;
    consent.scope = ConsentScope::vaccination;
    consent.decision = tick.decision;
    consent.by = ConsentGiver::guardian;
    consent.mode = ConsentMode::school_form;
    consent.round = list.round;
    const auto& guardian = history->who.guardian;
    consent.guardian_name = tick.guardian_name;
    consent.guardian_relation = tick.guardian_relation;
    if (consent.guardian_name.empty() && guardian) {
        consent.guardian_name = guardian->name;
        consent.guardian_relation = guardian->relation;
    }
    const auto* last = last_consent(*history, list);
    if (last && *last == consent) {
        outcome.kind = TickOutcome::Kind::known;
        return outcome;
    }
    Fact fact;
    fact.at.date = list.date;
    fact.detail = std::move(consent);
    record(std::move(fact), outcome);
    return outcome;
}

}  // namespace egret::service
