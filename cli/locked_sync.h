#pragma once

#include "cli/context.h"
#include "sync/client/clinic_link.h"

#include <cstdint>
#include <string>

namespace egret::cli {

/// Whether the registry in `dir` would have to be unlocked for this command, and nobody said that
/// it shall be: then what goes without a PIN is done, and nobody is asked for one.
bool is_to_stay_locked(const Command& command, const std::string& dir);

/// One run: hands over the outbox, with the machine's own keys.
/// Errors: not_found, if the clinic is not enrolled; those of client::OutboxSync, of the machine's
/// secret and of client::LinkKeys::load.
Result<client::ClinicLink::Outcome> sync_outbox(const Command& command, const std::string& dir,
                                                Progress& progress);

/// What can be said of the way to the centre without opening the registry.
/// Errors: as sync_outbox.
Outcome say_outbox_status(const Command& command, const std::string& dir);

/// The records put ready for the centre that it hasn't acknowledged yet. Errors: as sync_outbox.
Result<std::uint64_t> count_outbox(const Command& command, const std::string& dir);

}  // namespace egret::cli
