#pragma once

#include "sync/client/outbox_folder.h"
#include "sync/core/chain.h"

#include <cstdint>
#include <vector>

/// After an older copy of a registry was put back, the outbox beside it may hold facts that the
/// registry doesn't know. Nobody but the centre can read them, and the centre takes them only as
/// long as its own log of this machine ends where they go on. So these strangers go first: nothing
/// of the registry's own is sealed under their numbers or later ones before the two are one log
/// again (docs/adr/0026).
namespace egret::client {

/// The log still is what it was when that was sealed.
bool is_current(const OutboxItem& item, const sync::ChainView& log);

/// Whole files of this machine that aren't in its log, by their numbers.
std::vector<OutboxItem> find_strangers(const OutboxFolder& folder, const OutboxOwner& owner,
                                       const sync::ChainView& log);

/// The last number before all of them; that of the log's head without any.
std::uint64_t free_of(const std::vector<OutboxItem>& strangers, const sync::ChainView& log);

}  // namespace egret::client
