#include "registry/keys/tries.h"

#include "registry/base/key_limits.h"

#include <algorithm>

namespace egret::keys {
namespace {

constexpr std::uint32_t doublings_max = 6;  // 64 minutes: more than the longest wait.
constexpr std::chrono::minutes longest_wait{60};

}  // namespace

std::uint32_t tries_left(const Tries& tries) {
    return tries.failed < limits::pin_tries_max ? limits::pin_tries_max - tries.failed : 0;
}

std::chrono::minutes wait_after(std::uint32_t failed) {
    if (failed < limits::pin_tries_max) return std::chrono::minutes{0};
    const auto doublings = std::min(failed - limits::pin_tries_max, doublings_max);
    return std::min(std::chrono::minutes{1LL << doublings}, longest_wait);
}

std::chrono::milliseconds wait_left(const Tries& tries, Instant now) {
    const std::chrono::milliseconds whole = wait_after(tries.failed);
    if (now < tries.last) return whole;
    return std::max(whole - (now - tries.last), std::chrono::milliseconds{0});
}

}  // namespace egret::keys
