#pragma once

#include "registry/domain/codes.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

/// Code lists of a facility's vaccine stock.
namespace egret {

/// What a stock fact says happened.
enum class StockAction : std::uint8_t {
    receipt,
    issue,  // To another facility, or to a session.
    count,  // What was there is counted; it stands in place of what was reckoned.
    discard,
    temperature_excursion,  // It was kept too warm or too cold.
    recall,                 // By the maker or an authority.
    decision,               // On an excursion or a recall.
};

template <>
struct CodeList<StockAction> {
    static constexpr std::string_view name = "stock_action";
    static constexpr auto entries = std::to_array<CodeEntry<StockAction>>({
        {StockAction::receipt, "receipt"},
        {StockAction::issue, "issue"},
        {StockAction::count, "count"},
        {StockAction::discard, "discard"},
        {StockAction::temperature_excursion, "temperature_excursion"},
        {StockAction::recall, "recall"},
        {StockAction::decision, "decision"},
    });
};

/// Those that say how many doses of one lot came, went or are there.
inline constexpr std::initializer_list<StockAction> stock_movements = {
    StockAction::receipt, StockAction::issue, StockAction::count, StockAction::discard};

inline bool is_movement(std::optional<StockAction> action) {
    return action && std::find(stock_movements.begin(), stock_movements.end(), *action) !=
                         stock_movements.end();
}

/// Why doses were thrown away. WHO counts what was left in an opened vial apart from the rest.
enum class DiscardReason : std::uint8_t {
    expired,
    broken,
    vvm,  // The vaccine vial monitor had reached its discard point.
    frozen,
    heat,
    opened_vial,
    other,
};

template <>
struct CodeList<DiscardReason> {
    static constexpr std::string_view name = "discard_reason";
    static constexpr auto entries = std::to_array<CodeEntry<DiscardReason>>({
        {DiscardReason::expired, "expired"},
        {DiscardReason::broken, "broken"},
        {DiscardReason::vvm, "vvm"},
        {DiscardReason::frozen, "frozen"},
        {DiscardReason::heat, "heat"},
        {DiscardReason::opened_vial, "opened_vial"},
        {DiscardReason::other, "other"},
    });
};

/// What is to be done with lots after an excursion or a recall.
enum class LotDecision : std::uint8_t {
    quarantine,   // Not to be used until it is decided.
    released,     // Fit for use.
    substandard,  // Not fit: what was given of them since doesn't count.
};

template <>
struct CodeList<LotDecision> {
    static constexpr std::string_view name = "lot_decision";
    static constexpr auto entries = std::to_array<CodeEntry<LotDecision>>({
        {LotDecision::quarantine, "quarantine"},
        {LotDecision::released, "released"},
        {LotDecision::substandard, "substandard"},
    });
};

}  // namespace egret
