#pragma once

#include "cli/context.h"
#include "registry/crypto/wipe.h"
#include "sync/client/clinic_link.h"
#include "sync/client/link_keys.h"
#include "sync/client/outbox_sync.h"

#include <cstdint>
#include <string>

namespace egret::cli {

/// Whether the registry in `dir` would have to be unlocked for this command, and nobody said that
/// it shall be: then what goes without a PIN is done, and nobody is asked for one.
bool is_to_stay_locked(const Command& command, const std::string& dir);

/// This machine's keys, and what opened them.
struct OutboxKeys {
    crypto::Secret link_key;
    client::LinkKeys link;  // With a membership.
};

/// Errors: not_found, if the clinic is not enrolled; those of the machine's secret and of
/// client::LinkKeys::load.
Result<OutboxKeys> load_outbox_keys(const Command& command, const std::string& dir);
/// `keys` outlive them.
client::OutboxSync::Parts outbox_parts(const Command& command, const OutboxKeys& keys);

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
