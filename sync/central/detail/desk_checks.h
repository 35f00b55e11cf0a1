#pragma once

#include "registry/base/result.h"
#include "registry/domain/history.h"
#include "sync/central/desk_act.h"

#include <optional>
#include <string>

namespace egret::central {

/// Why stands in every act, and may be read by clinics.
/// Errors: invalid_input, naming --because.
Result<Done> check_reason(const std::string& because);

/// What is known of her under any of her ids; nothing, if nobody ever said anything.
std::optional<History> find_history(const DeskView& view, const WomanId& woman);

inline Error unknown_record() { return {ErrorCode::not_found, "EVENT", msg("event.unknown")}; }

}  // namespace egret::central
