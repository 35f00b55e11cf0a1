#pragma once

#include "registry/domain/codes.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace egret::audit {

/// What somebody did. The strings stand in the chain for good.
enum class Action : std::uint8_t {
    created,  // The registry itself.
    unlocked,
    unlock_failed,
    searched,
    viewed,   // One woman.
    listed,   // Several.
    printed,  // For her to take home.
    exported,
    recorded,
    corrected,
    voided,
    moved,  // From one woman to another.
    linked,
    unlinked,
    imported,
    backed_up,
    rebuilt,
    enrolled,
    user_added,
    user_changed,
    user_removed,
    recovered,
    sheet_made,
    pin_changed,  // By herself, with the one before.
    restored,     // Opened for the first time since it came out of a backup.
    rekey_begun,  // Another key for the registry: whether it came to it is not said.
    audit_shown,
};

/// Of what is there of women: what was shown.
enum class Shown : std::uint8_t {
    record,
    next_steps,
    log,
    warnings,    // Before something is saved.
    duplicates,  // Who might be the same woman.
    due_list,
    recall_list,
    session_list,
    session_result,  // Of a school's list that was taken down.
    lot_recipients,
    persons,
    adverse_events,
    card,
};

/// As what the words of a search were looked up. The words themselves are kept nowhere.
enum class SearchBy : std::uint8_t { name, reading, number, phone };

}  // namespace egret::audit

namespace egret {

template <>
struct CodeList<audit::Action> {
    static constexpr std::string_view name = "audit_action";
    static constexpr auto entries = std::to_array<CodeEntry<audit::Action>>({
        {audit::Action::created, "created"},
        {audit::Action::unlocked, "unlocked"},
        {audit::Action::unlock_failed, "unlock_failed"},
        {audit::Action::searched, "searched"},
        {audit::Action::viewed, "viewed"},
        {audit::Action::listed, "listed"},
        {audit::Action::printed, "printed"},
        {audit::Action::exported, "exported"},
        {audit::Action::recorded, "recorded"},
        {audit::Action::corrected, "corrected"},
        {audit::Action::voided, "voided"},
        {audit::Action::moved, "moved"},
        {audit::Action::linked, "linked"},
        {audit::Action::unlinked, "unlinked"},
        {audit::Action::imported, "imported"},
        {audit::Action::backed_up, "backed_up"},
        {audit::Action::rebuilt, "rebuilt"},
        {audit::Action::enrolled, "enrolled"},
        {audit::Action::user_added, "user_added"},
        {audit::Action::user_changed, "user_changed"},
        {audit::Action::user_removed, "user_removed"},
        {audit::Action::recovered, "recovered"},
        {audit::Action::sheet_made, "sheet_made"},
        {audit::Action::pin_changed, "pin_changed"},
        {audit::Action::restored, "restored"},
        {audit::Action::rekey_begun, "rekey_begun"},
        {audit::Action::audit_shown, "audit_shown"},
    });
};

template <>
struct CodeList<audit::Shown> {
    static constexpr std::string_view name = "audit_shown";
    static constexpr auto entries = std::to_array<CodeEntry<audit::Shown>>({
        {audit::Shown::record, "record"},
        {audit::Shown::next_steps, "next_steps"},
        {audit::Shown::log, "log"},
        {audit::Shown::warnings, "warnings"},
        {audit::Shown::duplicates, "duplicates"},
        {audit::Shown::due_list, "due_list"},
        {audit::Shown::recall_list, "recall_list"},
        {audit::Shown::session_list, "session_list"},
        {audit::Shown::session_result, "session_result"},
        {audit::Shown::lot_recipients, "lot_recipients"},
        {audit::Shown::persons, "persons"},
        {audit::Shown::adverse_events, "adverse_events"},
        {audit::Shown::card, "card"},
    });
};

template <>
struct CodeList<audit::SearchBy> {
    static constexpr std::string_view name = "audit_search_by";
    static constexpr auto entries = std::to_array<CodeEntry<audit::SearchBy>>({
        {audit::SearchBy::name, "name"},
        {audit::SearchBy::reading, "reading"},
        {audit::SearchBy::number, "number"},
        {audit::SearchBy::phone, "phone"},
    });
};

}  // namespace egret
