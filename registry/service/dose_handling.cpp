#include "registry/service/dose_handling.h"

namespace egret::service {
namespace {

/// WHO: where the inner square is as dark as the ring or darker, the vial is not used any more.
constexpr std::int64_t vvm_discard_from = 3;

void warn_of_vial(const Dose& dose, Date day, std::vector<Warning>& warnings) {
    if (dose.expires_on && dose.expires_on->latest() < day)
        warnings.push_back({"lot_expired", msg("warning.lot_expired")});
    if (dose.vvm_stage && *dose.vvm_stage >= vvm_discard_from)
        warnings.push_back({"vvm_discard", msg("warning.vvm_discard")});
}

bool is_by_guardian(const Consent& consent) {
    return consent.by == ConsentGiver::guardian || (!consent.by && !consent.guardian_name.empty());
}

/// A refusal of one round says nothing of another's doses.
bool is_about(const Consent& consent, const Dose& dose) {
    return consent.scope == ConsentScope::vaccination &&
           (consent.round.empty() || dose.round.empty() || consent.round == dose.round);
}

/// The last word of anybody on that dose, and the last of a guardian.
struct LastConsents {
    const Consent* of_anybody = nullptr;
    const Consent* of_guardian = nullptr;
};

LastConsents last_consents(const History& history, const Dose& dose, Date day) {
    LastConsents last;
    for (const auto& live : history.facts) {  // By day.
        const auto* consent = std::get_if<Consent>(&live.fact.detail);
        if (!consent || !is_completed(live.fact) || !is_about(*consent, dose)) continue;
        if (clinical_day(live.fact, live.order) > day) continue;
        last.of_anybody = consent;
        if (is_by_guardian(*consent)) last.of_guardian = consent;
    }
    return last;
}

bool is_refusal(const Consent* consent) {
    return consent && consent->decision != ConsentDecision::given;
}

void warn_of_consent(const History& history, const Dose& dose, Date day,
                     std::vector<Warning>& warnings) {
    const auto& birth = history.who.birth_date;
    // If she may be a minor, she is asked after as one.
    const bool is_minor =
        birth && age_in_years(birth->latest(), day) < guardian_decides_below_years;
    const auto last = last_consents(history, dose, day);
    if (is_refusal(last.of_anybody) || (is_minor && is_refusal(last.of_guardian)))
        warnings.push_back({"consent_refused", msg("warning.consent_refused")});
    else if (is_minor && !last.of_guardian)
        warnings.push_back({"consent_missing", msg("warning.consent_missing")});
}

}  // namespace

std::vector<Warning> handling_warnings(const History& history, const Fact& fact) {
    std::vector<Warning> warnings;
    const auto* dose = std::get_if<Dose>(&fact.detail);
    if (!dose || !fact.at.date || !is_completed(fact)) return warnings;
    warn_of_vial(*dose, fact.at.date->latest(), warnings);
    const bool is_own = !fact.at.source || *fact.at.source == Source::given_here;
    if (is_own) warn_of_consent(history, *dose, fact.at.date->latest(), warnings);
    return warnings;
}

}  // namespace egret::service
