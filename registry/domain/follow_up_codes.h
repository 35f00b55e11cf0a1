#pragma once

#include "registry/domain/codes.h"

/// Code lists of what people decide about her screening: put off, taken out, closed.
namespace egret {

/// What a screening programme looks at.
enum class ScreenedSite : std::uint8_t { cervix, breast };

template <>
struct CodeList<ScreenedSite> {
    static constexpr std::string_view name = "screened_site";
    static constexpr auto entries = std::to_array<CodeEntry<ScreenedSite>>({
        {ScreenedSite::cervix, "cervix"},
        {ScreenedSite::breast, "breast"},
    });
};

/// Why her screening is put off for a time (after the reasons of England's call and recall).
enum class DeferralReason : std::uint8_t {
    pregnant,
    recent_test,
    under_treatment,
    own_wish,
    other,
};

template <>
struct CodeList<DeferralReason> {
    static constexpr std::string_view name = "deferral_reason";
    static constexpr auto entries = std::to_array<CodeEntry<DeferralReason>>({
        {DeferralReason::pregnant, "pregnant"},
        {DeferralReason::recent_test, "recent_test"},
        {DeferralReason::under_treatment, "under_treatment"},
        {DeferralReason::own_wish, "own_wish"},
        {DeferralReason::other, "other"},
    });
};

/// She is taken out of a programme in two steps, and may come back.
enum class CeasingStep : std::uint8_t { proposed, confirmed, reinstated };

template <>
struct CodeList<CeasingStep> {
    static constexpr std::string_view name = "ceasing_step";
    static constexpr auto entries = std::to_array<CodeEntry<CeasingStep>>({
        {CeasingStep::proposed, "proposed"},
        {CeasingStep::confirmed, "confirmed"},
        {CeasingStep::reinstated, "reinstated"},
    });
};

/// Why she is called no more (after the reasons of England's call and recall).
enum class CeasingReason : std::uint8_t {
    no_cervix,
    informed_choice,
    radiotherapy,
    lacks_capacity,
    age,
    other,
};

template <>
struct CodeList<CeasingReason> {
    static constexpr std::string_view name = "ceasing_reason";
    static constexpr auto entries = std::to_array<CodeEntry<CeasingReason>>({
        {CeasingReason::no_cervix, "no_cervix"},
        {CeasingReason::informed_choice, "informed_choice"},  // In writing, after being told.
        {CeasingReason::radiotherapy, "radiotherapy"},        // Of the cervix or the breast.
        {CeasingReason::lacks_capacity, "lacks_capacity"},    // Decided in her best interest.
        {CeasingReason::age, "age"},
        {CeasingReason::other, "other"},
    });
};

/// Why a case, or one action that was still open, is closed. All but `completed` say why something
/// was not done (union of the reasons on the forms of the UK, Mongolia and PEPFAR).
enum class ClosingReason : std::uint8_t {
    completed,
    refused,
    cannot_afford,
    moved,
    unreachable,
    died,
    pregnant,
    treated_elsewhere,
    no_capacity,
    wrong_person,
    unsuitable,
    other,
};

template <>
struct CodeList<ClosingReason> {
    static constexpr std::string_view name = "closing_reason";
    static constexpr auto entries = std::to_array<CodeEntry<ClosingReason>>({
        {ClosingReason::completed, "completed"},
        {ClosingReason::refused, "refused"},
        {ClosingReason::cannot_afford, "cannot_afford"},
        {ClosingReason::moved, "moved"},
        {ClosingReason::unreachable, "unreachable"},
        {ClosingReason::died, "died"},
        {ClosingReason::pregnant, "pregnant"},
        {ClosingReason::treated_elsewhere, "treated_elsewhere"},
        {ClosingReason::no_capacity, "no_capacity"},    // The facility's, not hers.
        {ClosingReason::wrong_person, "wrong_person"},  // The result was another woman's.
        {ClosingReason::unsuitable, "unsuitable"},      // Medically.
        {ClosingReason::other, "other"},
    });
};

/// Of an action that waits, or can't be done as it is; a case is never closed by it.
constexpr bool is_of_action_only(ClosingReason reason) {
    return reason == ClosingReason::cannot_afford || reason == ClosingReason::pregnant ||
           reason == ClosingReason::no_capacity || reason == ClosingReason::unsuitable;
}

}  // namespace egret
