#pragma once

#include "registry/domain/codes.h"

/// Code lists around a vaccine dose: where and how it was given, in what session, who paid.
namespace egret {

/// Where a dose was injected. FHIR immunization-site knows the two arms only.
enum class InjectionSite : std::uint8_t {
    left_deltoid,
    right_deltoid,
    left_thigh,
    right_thigh,
    other,
};

template <>
struct CodeList<InjectionSite> {
    static constexpr std::string_view name = "injection_site";
    static constexpr auto entries = std::to_array<CodeEntry<InjectionSite>>({
        {InjectionSite::left_deltoid, "left_deltoid"},
        {InjectionSite::right_deltoid, "right_deltoid"},
        {InjectionSite::left_thigh, "left_thigh"},  // Anterolateral.
        {InjectionSite::right_thigh, "right_thigh"},
        {InjectionSite::other, "other"},
    });
};

/// How (FHIR immunization-route, in words). HPV vaccines are for intramuscular use.
enum class VaccineRoute : std::uint8_t { intramuscular, subcutaneous, intradermal, other };

template <>
struct CodeList<VaccineRoute> {
    static constexpr std::string_view name = "route";
    static constexpr auto entries = std::to_array<CodeEntry<VaccineRoute>>({
        {VaccineRoute::intramuscular, "intramuscular"},
        {VaccineRoute::subcutaneous, "subcutaneous"},
        {VaccineRoute::intradermal, "intradermal"},
        {VaccineRoute::other, "other"},
    });
};

/// On what occasion.
enum class DoseSession : std::uint8_t { routine, school, campaign, outreach };

template <>
struct CodeList<DoseSession> {
    static constexpr std::string_view name = "session";
    static constexpr auto entries = std::to_array<CodeEntry<DoseSession>>({
        {DoseSession::routine, "routine"},
        {DoseSession::school, "school"},
        {DoseSession::campaign, "campaign"},
        {DoseSession::outreach, "outreach"},
    });
};

/// Who paid for the dose.
enum class DoseFunding : std::uint8_t { programme, self_paid, insurance, other };

template <>
struct CodeList<DoseFunding> {
    static constexpr std::string_view name = "funding";
    static constexpr auto entries = std::to_array<CodeEntry<DoseFunding>>({
        {DoseFunding::programme, "programme"},
        {DoseFunding::self_paid, "self_paid"},
        {DoseFunding::insurance, "insurance"},
        {DoseFunding::other, "other"},
    });
};

/// Why a dose was not given (WHO digital adaptation kit for immunizations, IMMZ.D).
enum class NotGivenReason : std::uint8_t {
    immunity,
    medical_precaution,
    out_of_stock,
    client_objection,
    caregiver_refusal,
    allergy,
    immunocompromised,
    acute_illness,
    other,
};

template <>
struct CodeList<NotGivenReason> {
    static constexpr std::string_view name = "not_given_reason";
    static constexpr auto entries = std::to_array<CodeEntry<NotGivenReason>>({
        {NotGivenReason::immunity, "immunity"},
        {NotGivenReason::medical_precaution, "medical_precaution"},
        {NotGivenReason::out_of_stock, "out_of_stock"},
        {NotGivenReason::client_objection, "client_objection"},
        {NotGivenReason::caregiver_refusal, "caregiver_refusal"},
        {NotGivenReason::allergy, "allergy"},
        {NotGivenReason::immunocompromised, "immunocompromised"},
        {NotGivenReason::acute_illness, "acute_illness"},
        {NotGivenReason::other, "other"},
    });
};

}  // namespace egret
