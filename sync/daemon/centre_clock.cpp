#include "sync/daemon/centre_clock.h"

#include "registry/base/limits.h"

#include <algorithm>

namespace egret::daemon {

std::optional<Message> doubt_centre_clock(const std::vector<central::DeviceStatus>& statuses,
                                          Instant now, const icu::TimeZone& zone) {
    std::optional<Instant> last;
    int heard_of = 0;
    int disagreeing = 0;
    for (const auto& status : statuses) {
        if (!status.seen || status.device.is_damaged) continue;
        last = std::max(last, status.seen);
        if (status.device.revoked) continue;
        ++heard_of;
        if (status.clock_suspect) ++disagreeing;
    }
    if (last && unix_ms(*last) - unix_ms(now) > limits::clock_suspect_ms) {
        return msg("central.clock_before",
                   {{"now", zone.local_time_text(now)}, {"last", zone.local_time_text(*last)}});
    }
    if (heard_of < 2 || disagreeing * 2 <= heard_of) return std::nullopt;
    return msg("central.clock_alone", {{"now", zone.local_time_text(now)}});
}

}  // namespace egret::daemon
