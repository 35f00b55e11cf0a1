#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

/// The code lists of our facts. An enumerator stands for a wire string, which its list gives; in
/// logs, batches and person files the string is what is written.
namespace egret {

template <class E>
using CodeEntry = std::pair<E, std::string_view>;

/// Specialised for each list below: its name, for messages, and its entries, in their rank where
/// the list has one.
template <class E>
struct CodeList;

template <class E>
concept Code = requires {
    CodeList<E>::entries;
};

template <Code E>
constexpr std::string_view to_string(E code) {
    for (const auto& [value, text] : CodeList<E>::entries) {
        if (value == code) return text;
    }
    return {};
}

template <Code E>
constexpr std::optional<E> find_code(std::string_view text) {
    for (const auto& [value, known] : CodeList<E>::entries) {
        if (known == text) return value;
    }
    return std::nullopt;
}

// ---- who ----------------------------------------------------------------------------------------

/// Administrative sex (FHIR administrative-gender).
enum class Sex : std::uint8_t { female, male, other, unknown };

template <>
struct CodeList<Sex> {
    static constexpr std::string_view name = "sex";
    static constexpr auto entries = std::to_array<CodeEntry<Sex>>({
        {Sex::female, "female"},
        {Sex::male, "male"},
        {Sex::other, "other"},
        {Sex::unknown, "unknown"},
    });
};

enum class NameUse : std::uint8_t { official, romanised, alias };

template <>
struct CodeList<NameUse> {
    static constexpr std::string_view name = "name_use";
    static constexpr auto entries = std::to_array<CodeEntry<NameUse>>({
        {NameUse::official, "official"},
        {NameUse::romanised, "romanised"},
        {NameUse::alias, "alias"},
    });
};

/// Whose number it is. `external` is another system's own id, without a check.
enum class IdentifierKind : std::uint8_t {
    resident_id,
    passport,
    birth_certificate,
    school_number,
    programme_card,
    external,
};

template <>
struct CodeList<IdentifierKind> {
    static constexpr std::string_view name = "identifier_kind";
    static constexpr auto entries = std::to_array<CodeEntry<IdentifierKind>>({
        {IdentifierKind::resident_id, "resident_id"},
        {IdentifierKind::passport, "passport"},
        {IdentifierKind::birth_certificate, "birth_certificate"},
        {IdentifierKind::school_number, "school_number"},
        {IdentifierKind::programme_card, "programme_card"},
        {IdentifierKind::external, "external"},
    });
};

/// Kind of household registration (hukou).
enum class HouseholdKind : std::uint8_t { rural, urban };

template <>
struct CodeList<HouseholdKind> {
    static constexpr std::string_view name = "household_kind";
    static constexpr auto entries = std::to_array<CodeEntry<HouseholdKind>>({
        {HouseholdKind::rural, "rural"},
        {HouseholdKind::urban, "urban"},
    });
};

/// dibao: the family receives the minimum living allowance.
enum class IncomeCategory : std::uint8_t { dibao, low_income, none };

template <>
struct CodeList<IncomeCategory> {
    static constexpr std::string_view name = "income_category";
    static constexpr auto entries = std::to_array<CodeEntry<IncomeCategory>>({
        {IncomeCategory::dibao, "dibao"},
        {IncomeCategory::low_income, "low_income"},
        {IncomeCategory::none, "none"},
    });
};

enum class Language : std::uint8_t { zh, en };

template <>
struct CodeList<Language> {
    static constexpr std::string_view name = "language";
    static constexpr auto entries = std::to_array<CodeEntry<Language>>({
        {Language::zh, "zh"},
        {Language::en, "en"},
    });
};

enum class ConsentScope : std::uint8_t { registry, vaccination, screening, data_sharing };

template <>
struct CodeList<ConsentScope> {
    static constexpr std::string_view name = "consent_scope";
    static constexpr auto entries = std::to_array<CodeEntry<ConsentScope>>({
        {ConsentScope::registry, "registry"},
        {ConsentScope::vaccination, "vaccination"},
        {ConsentScope::screening, "screening"},
        {ConsentScope::data_sharing, "data_sharing"},
    });
};

enum class ConsentDecision : std::uint8_t { given, refused, withdrawn };

template <>
struct CodeList<ConsentDecision> {
    static constexpr std::string_view name = "consent_decision";
    static constexpr auto entries = std::to_array<CodeEntry<ConsentDecision>>({
        {ConsentDecision::given, "given"},
        {ConsentDecision::refused, "refused"},
        {ConsentDecision::withdrawn, "withdrawn"},
    });
};

enum class ConsentGiver : std::uint8_t { herself, guardian };

template <>
struct CodeList<ConsentGiver> {
    static constexpr std::string_view name = "consent_giver";
    static constexpr auto entries = std::to_array<CodeEntry<ConsentGiver>>({
        {ConsentGiver::herself, "self"},
        {ConsentGiver::guardian, "guardian"},
    });
};

/// What came of an attempt to reach her.
enum class ContactOutcome : std::uint8_t {
    reached,
    appointment_made,
    not_reached,
    wrong_number,
    moved_away,
    refused,
    done_elsewhere,
    other,
};

template <>
struct CodeList<ContactOutcome> {
    static constexpr std::string_view name = "contact_outcome";
    static constexpr auto entries = std::to_array<CodeEntry<ContactOutcome>>({
        {ContactOutcome::reached, "reached"},
        {ContactOutcome::appointment_made, "appointment_made"},
        {ContactOutcome::not_reached, "not_reached"},
        {ContactOutcome::wrong_number, "wrong_number"},
        {ContactOutcome::moved_away, "moved_away"},
        {ContactOutcome::refused, "refused"},
        {ContactOutcome::done_elsewhere, "done_elsewhere"},
        {ContactOutcome::other, "other"},
    });
};

enum class ContactMethod : std::uint8_t { phone, message, letter, home_visit, school, in_person };

template <>
struct CodeList<ContactMethod> {
    static constexpr std::string_view name = "contact_method";
    static constexpr auto entries = std::to_array<CodeEntry<ContactMethod>>({
        {ContactMethod::phone, "phone"},
        {ContactMethod::message, "message"},
        {ContactMethod::letter, "letter"},
        {ContactMethod::home_visit, "home_visit"},
        {ContactMethod::school, "school"},
        {ContactMethod::in_person, "in_person"},
    });
};

/// In what form it was given.
enum class ConsentMode : std::uint8_t { paper, wechat, school_form, verbal };

template <>
struct CodeList<ConsentMode> {
    static constexpr std::string_view name = "consent_mode";
    static constexpr auto entries = std::to_array<CodeEntry<ConsentMode>>({
        {ConsentMode::paper, "paper"},
        {ConsentMode::wechat, "wechat"},
        {ConsentMode::school_form, "school_form"},
        {ConsentMode::verbal, "verbal"},
    });
};

// ---- every fact ---------------------------------------------------------------------------------

/// How the recorder knows.
enum class Source : std::uint8_t { given_here, card_seen, told, imported };

template <>
struct CodeList<Source> {
    static constexpr std::string_view name = "source";
    static constexpr auto entries = std::to_array<CodeEntry<Source>>({
        {Source::given_here, "given_here"},
        {Source::card_seen, "card_seen"},
        {Source::told, "told"},
        {Source::imported, "imported"},
    });
};

/// FHIR event status, as far as it occurs. Absent: completed.
enum class EventStatus : std::uint8_t { completed, not_done, entered_in_error };

template <>
struct CodeList<EventStatus> {
    static constexpr std::string_view name = "status";
    static constexpr auto entries = std::to_array<CodeEntry<EventStatus>>({
        {EventStatus::completed, "completed"},
        {EventStatus::not_done, "not_done"},
        {EventStatus::entered_in_error, "entered_in_error"},
    });
};

/// What the maker of a fact was allowed to do then (domain/authority.h).
enum class MakerRole : std::uint8_t {
    nurse,
    lead,     // Of her clinic.
    officer,  // Of the centre.
};

template <>
struct CodeList<MakerRole> {
    static constexpr std::string_view name = "maker_role";
    static constexpr auto entries = std::to_array<CodeEntry<MakerRole>>({
        {MakerRole::nurse, "nurse"},
        {MakerRole::lead, "lead"},
        {MakerRole::officer, "officer"},
    });
};

}  // namespace egret
