#include "registry/service/dose_handling.h"

#include "registry/rules/vaccine.h"

#include <algorithm>
#include <string_view>

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

/// "00.5" and "0.5" are one volume.
std::string_view without_zeros(std::string_view volume) {
    return volume.substr(std::min(volume.find_first_not_of('0'), volume.size()));
}

/// A code that leaves the product open may be any of those that it stands for.
void warn_of_volume(const Dose& dose, std::vector<Warning>& warnings) {
    const auto* vaccine = rules::find_vaccine(dose.product);
    if (dose.volume_ml.empty() || !vaccine) return;
    auto products = rules::products_behind(*vaccine);
    products.push_back(vaccine);
    std::string volumes;
    for (const auto* product : products) {
        const auto& ml = product->dose.ml;
        if (without_zeros(ml) == without_zeros(dose.volume_ml)) return;
        if (ml.empty() || volumes.find(ml) != std::string::npos) continue;
        volumes += (volumes.empty() ? "" : ", ") + ml;
    }
    if (volumes.empty()) return;
    warnings.push_back({"volume_odd", msg("warning.volume_odd", {{"volume", volumes}})});
}

bool is_by_guardian(const Consent& consent) {
    return consent.by == ConsentGiver::guardian || (!consent.by && !consent.guardian_name.empty());
}

/// Consent to a campaign round is none to another dose.
bool covers(const Consent& consent, const Dose& dose) {
    return consent.round.empty() || consent.round == dose.round;
}

/// A consent to vaccination with its day.
struct DatedConsent {
    const Consent* said = nullptr;
    Date day;
    EventUid uid;
};

/// By day; also later ones than the dose.
std::vector<DatedConsent> consents_of(const History& history) {
    std::vector<DatedConsent> all;
    for (const auto& live : history.facts) {
        const auto* consent = std::get_if<Consent>(&live.fact.detail);
        if (!consent || !is_completed(live.fact)) continue;
        if (consent->scope != ConsentScope::vaccination) continue;
        all.push_back({consent, clinical_day(live.fact, live.order), live.uid});
    }
    return all;
}

/// The last word on that dose up to its day. A dose without a round may be one of a round, so a
/// refusal of a round that was not taken back since is about it, too; null if nothing was said.
const Consent* last_word(const std::vector<DatedConsent>& consents, const Dose& dose, Date day) {
    std::vector<std::string_view> agreed;
    for (auto one = consents.rbegin(); one != consents.rend(); ++one) {
        if (one->day > day) continue;
        if (covers(*one->said, dose)) return one->said;
        if (!dose.round.empty()) continue;
        const std::string_view round = one->said->round;
        if (one->said->decision == ConsentDecision::given)
            agreed.push_back(round);
        else if (std::find(agreed.begin(), agreed.end(), round) == agreed.end())
            return one->said;
    }
    return nullptr;
}

bool is_refusal(const Consent* consent) {
    return consent && consent->decision != ConsentDecision::given;
}

/// That a guardian agreed only later, or to another round only, where that is so.
Warning missing_consent(const std::vector<DatedConsent>& by_guardian, const Dose& dose, Date day) {
    const auto age = std::to_string(guardian_decides_below_years);
    std::vector<std::string> named;
    std::string rounds;
    for (const auto& one : by_guardian) {
        if (is_refusal(one.said)) continue;
        if (covers(*one.said, dose)) {
            return {
                "consent_missing",
                msg("warning.consent_later",
                    {{"age", age}, {"from", one.day.to_string()}, {"event", one.uid.to_string()}}),
                one.day};
        }
        const auto& round = one.said->round;
        if (one.day > day || std::find(named.begin(), named.end(), round) != named.end()) continue;
        named.push_back(round);
        rounds += (rounds.empty() ? "" : ", ") + round;
    }
    if (rounds.empty()) return {"consent_missing", msg("warning.consent_missing", {{"age", age}})};
    return {"consent_missing",
            msg("warning.consent_other_round", {{"age", age}, {"rounds", std::move(rounds)}})};
}

void warn_of_consent(const History& history, const Dose& dose, Date day,
                     std::vector<Warning>& warnings) {
    const auto& birth = history.who.birth_date;
    // Who may be so young is asked after as such.
    const bool is_minor =
        birth && age_in_years(birth->latest(), day) < guardian_decides_below_years;
    const auto consents = consents_of(history);
    auto by_guardian = consents;
    std::erase_if(by_guardian, [](const DatedConsent& one) { return !is_by_guardian(*one.said); });
    const auto* guardian = last_word(by_guardian, dose, day);
    if (is_refusal(last_word(consents, dose, day)) || (is_minor && is_refusal(guardian)))
        warnings.push_back({"consent_refused", msg("warning.consent_refused")});
    else if (is_minor && !guardian)
        warnings.push_back(missing_consent(by_guardian, dose, day));
}

}  // namespace

std::vector<Warning> handling_warnings(const History& history, const Fact& fact) {
    std::vector<Warning> warnings;
    const auto* dose = std::get_if<Dose>(&fact.detail);
    if (!dose || !fact.at.date || !is_completed(fact)) return warnings;
    warn_of_vial(*dose, fact.at.date->latest(), warnings);
    warn_of_volume(*dose, warnings);
    const bool is_own = !fact.at.source || *fact.at.source == Source::given_here;
    if (is_own) warn_of_consent(history, *dose, fact.at.date->latest(), warnings);
    return warnings;
}

}  // namespace egret::service
