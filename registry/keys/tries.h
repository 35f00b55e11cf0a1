#pragma once

#include "registry/base/clock.h"

#include <chrono>
#include <cstdint>

namespace egret::keys {

/// Wrong PINs of one user in a row, and when the last one was typed.
struct Tries {
    std::uint32_t failed = 0;
    Instant last{};

    friend bool operator==(const Tries&, const Tries&) = default;
};

/// How many more may be wrong before there is a wait.
std::uint32_t tries_left(const Tries& tries);

/// How long after the last wrong one the next may be tried: not at all before there were five, then
/// 1, 2, 4, 8, 16 and 32 minutes, and an hour from then on.
std::chrono::minutes wait_after(std::uint32_t failed);

/// How much of that is left. A clock that was put back makes it the whole wait.
std::chrono::milliseconds wait_left(const Tries& tries, Instant now);

}  // namespace egret::keys
