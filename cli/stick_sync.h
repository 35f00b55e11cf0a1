#pragma once

#include "cli/context.h"

#include <string>

namespace egret::cli {

/// Whether this `egret sync` goes by a stick: --to, --from or --relay.
bool is_by_stick(const Command& command);

/// Does that, for the registry in `dir`: without a PIN where none is at hand, as a sync over a
/// line. With --from and --to what came is taken in first. Errors: those of client::ClinicStick,
/// OutboxStick and load_outbox_keys.
Outcome sync_by_stick(const Command& command, const std::string& dir);

}  // namespace egret::cli
