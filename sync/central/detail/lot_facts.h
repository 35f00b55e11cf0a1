#pragma once

#include "registry/domain/fact.h"

#include <variant>

namespace egret::central {

/// Whether what a facility says of its stock may be why a dose doesn't count. A void or a
/// correction may be of such a fact: of which, it doesn't say here.
inline bool may_spoil_doses(const Fact& fact) {
    const auto* stock = std::get_if<Stock>(&fact.detail);
    if (!stock) return true;
    return stock->action == StockAction::temperature_excursion ||
           stock->action == StockAction::recall || stock->action == StockAction::decision;
}

}  // namespace egret::central
