#pragma once

#include "registry/base/clock.h"
#include "registry/base/date.h"
#include "registry/base/limits.h"

#include <algorithm>
#include <cstdint>

namespace egret::central {

/// The instant of a column, to be shown even where the row is damaged: what no clock shows becomes
/// the first or last that one could.
inline Instant plausible_instant(std::int64_t ms) {
    constexpr std::int64_t ms_a_day = 86'400'000;
    const std::int64_t last_day = Date::from_ymd(limits::year_max, 12, 31).days();
    return instant_from_unix_ms(std::clamp<std::int64_t>(ms, 0, last_day * ms_a_day));
}

}  // namespace egret::central
