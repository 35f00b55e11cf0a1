#pragma once

#include "registry/domain/codes.h"

#include <array>

/// Code lists of adverse events following immunization (AEFI).
namespace egret {

/// What showed itself: the signs that WHO's AEFI reporting form names, and those that are usual or
/// known after HPV vaccines.
enum class Manifestation : std::uint8_t {
    local_pain,
    local_swelling,
    severe_local_reaction,
    abscess,
    fever,
    headache,
    dizziness,
    syncope,
    fatigue,
    nausea,
    myalgia,
    rash,
    urticaria,
    angioedema,
    anaphylaxis,
    seizure,
    encephalopathy,
    thrombocytopenia,
    sepsis,
    toxic_shock,
    lymphadenopathy,
    stress_response,
    other,
};

template <>
struct CodeList<Manifestation> {
    static constexpr std::string_view name = "manifestation";
    static constexpr auto entries = std::to_array<CodeEntry<Manifestation>>({
        {Manifestation::local_pain, "local_pain"},
        {Manifestation::local_swelling, "local_swelling"},
        {Manifestation::severe_local_reaction, "severe_local_reaction"},
        {Manifestation::abscess, "abscess"},
        {Manifestation::fever, "fever"},  // 38 degrees Celsius or more.
        {Manifestation::headache, "headache"},
        {Manifestation::dizziness, "dizziness"},
        {Manifestation::syncope, "syncope"},
        {Manifestation::fatigue, "fatigue"},
        {Manifestation::nausea, "nausea"},
        {Manifestation::myalgia, "myalgia"},
        {Manifestation::rash, "rash"},
        {Manifestation::urticaria, "urticaria"},
        {Manifestation::angioedema, "angioedema"},
        {Manifestation::anaphylaxis, "anaphylaxis"},
        {Manifestation::seizure, "seizure"},
        {Manifestation::encephalopathy, "encephalopathy"},
        {Manifestation::thrombocytopenia, "thrombocytopenia"},
        {Manifestation::sepsis, "sepsis"},
        {Manifestation::toxic_shock, "toxic_shock"},
        {Manifestation::lymphadenopathy, "lymphadenopathy"},
        {Manifestation::stress_response, "stress_response"},  // To being vaccinated.
        {Manifestation::other, "other"},
    });
};

/// What an allergic reaction at once may show as on skin and mucosa, or as a whole (Brighton
/// Collaboration, anaphylaxis: generalized urticaria or erythema, angioedema).
inline constexpr auto signs_of_allergy =
    std::to_array({Manifestation::rash, Manifestation::urticaria, Manifestation::angioedema,
                   Manifestation::anaphylaxis});

constexpr bool is_sign_of_allergy(Manifestation sign) {
    for (const auto one : signs_of_allergy) {
        if (one == sign) return true;
    }
    return false;
}

/// Any of them makes an event a serious one (ICH E2A, as WHO's core variables have it).
enum class SeriousnessCriterion : std::uint8_t {
    death,
    life_threatening,
    disability,
    hospitalisation,
    congenital_anomaly,
    other_important,
};

template <>
struct CodeList<SeriousnessCriterion> {
    static constexpr std::string_view name = "seriousness";
    static constexpr auto entries = std::to_array<CodeEntry<SeriousnessCriterion>>({
        {SeriousnessCriterion::death, "death"},
        {SeriousnessCriterion::life_threatening, "life_threatening"},
        {SeriousnessCriterion::disability, "disability"},
        {SeriousnessCriterion::hospitalisation, "hospitalisation"},
        {SeriousnessCriterion::congenital_anomaly, "congenital_anomaly"},
        {SeriousnessCriterion::other_important, "other_important"},
    });
};

/// How it ended (WHO's core variable 17).
enum class AdverseOutcome : std::uint8_t {
    recovered,
    recovering,
    not_recovered,
    recovered_with_sequelae,
    fatal,
    unknown,
};

template <>
struct CodeList<AdverseOutcome> {
    static constexpr std::string_view name = "adverse_outcome";
    static constexpr auto entries = std::to_array<CodeEntry<AdverseOutcome>>({
        {AdverseOutcome::recovered, "recovered"},
        {AdverseOutcome::recovering, "recovering"},
        {AdverseOutcome::not_recovered, "not_recovered"},
        {AdverseOutcome::recovered_with_sequelae, "recovered_with_sequelae"},
        {AdverseOutcome::fatal, "fatal"},
        {AdverseOutcome::unknown, "unknown"},
    });
};

}  // namespace egret
