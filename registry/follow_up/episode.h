#pragma once

#include "registry/domain/codes.h"
#include "registry/domain/follow_up_codes.h"
#include "registry/domain/history.h"
#include "registry/follow_up/loop.h"

#include <optional>
#include <vector>

namespace egret::follow_up {

/// Her case at one site (FHIR EpisodeOfCare): open from its first result on until it is closed
/// (结案). A result that comes late, or is amended, opens it again.
struct Episode {
    ScreenedSite site = ScreenedSite::cervix;
    Date opened_on;                 // Of the first result since the case before was closed.
    std::optional<Date> closed_on;  // Absent, while it is open.
    std::optional<ClosingReason> reason;
    EventUid closed_by{};
    std::optional<EventUid> reopened_by;  // The result that came after it had been closed.

    friend bool operator==(const Episode&, const Episode&) = default;
};

/// The last one of each site at which something was found or done up to that day. A closing doesn't
/// close it while anything of `loops` is open at that site.
std::vector<Episode> episodes_of(const History& history, const std::vector<Loop>& loops, Date on);

}  // namespace egret::follow_up
