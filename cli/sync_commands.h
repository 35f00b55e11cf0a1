#pragma once

#include "cli/context.h"

#include <cstdint>
#include <string>

namespace egret::cli {

/// What came of a sync, for who notes it.
struct SyncEnd {
    Message said{};  // What was wrong, else what was done.
    std::uint64_t left = 0;
};

/// `egret sync` of the registry in `dir`, by its outbox alone and once, whoever has it unlocked:
/// says what it says, and ends as it ends. Errors: those of sync_outbox.
Outcome sync_locked(const Command& command, const std::string& dir, SyncEnd& end);

}  // namespace egret::cli
