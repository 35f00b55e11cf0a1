#pragma once

#include "registry/base/message.h"
#include "registry/icu/time_zone.h"
#include "sync/central/store.h"

#include <optional>
#include <vector>

namespace egret::daemon {

/// Why the centre's own clock may be wrong at `now`: it stands before what came in already, or most
/// machines that were heard of (two or more) disagree with it. Nothing, if there is no sign of
/// that.
std::optional<Message> doubt_centre_clock(const std::vector<central::DeviceStatus>& statuses,
                                          Instant now, const icu::TimeZone& zone);

}  // namespace egret::daemon
