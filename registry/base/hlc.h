#pragma once

#include "registry/base/clock.h"

#include <algorithm>
#include <compare>
#include <cstdint>

namespace egret {

/// A hybrid logical clock's reading: 48 bits of milliseconds, 16 of counter. Never goes back on
/// one device, whatever its clock does.
struct Hlc {
    std::uint64_t value = 0;

    friend auto operator<=>(const Hlc&, const Hlc&) = default;

    std::int64_t ms() const noexcept { return static_cast<std::int64_t>(value >> 16); }

    /// The reading for something that happens at `now`, after this one.
    Hlc next(Instant now) const noexcept {
        const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(unix_ms(now), 0));
        return {std::max<std::uint64_t>((ms & 0xffff'ffff'ffffULL) << 16, value + 1)};
    }
};

}  // namespace egret
