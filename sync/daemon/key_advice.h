#pragma once

#include "cli/console/fault_report.h"
#include "registry/base/message.h"
#include "sync/central/centre.h"
#include "sync/central/key_promotion.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::daemon {

/// A key that is old enough to be destroyed, and is still held.
struct HeldKey {
    std::uint32_t epoch = 0;
    std::vector<central::DeviceStatus> holders;
};

/// Those of `ring`, oldest first.
std::vector<HeldKey> held_keys(const central::KeyRing& ring,
                               const std::vector<central::DeviceStatus>& statuses, Instant now);

/// Why that many can't be destroyed: by which machines they are held.
Message not_destroyed(const std::vector<HeldKey>& held, Language language);

/// What to beware of in a centre's keys: they run out, wait to be destroyed, can't be, or are those
/// of a backup.
std::vector<console::CheckWarning> advise_keys(central::Centre& centre, Instant now,
                                               Language language);

}  // namespace egret::daemon
