#pragma once

#include "registry/base/clock.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace egret::server {

/// So many tries in a while, of one address and of all together. Thread-safe.
class RateLimit {
public:
    struct Bounds {
        std::size_t per_address;
        std::size_t altogether;
        std::chrono::milliseconds window;
    };

    explicit RateLimit(const Bounds& bounds) noexcept : bounds_(bounds) {}

    /// Counts a try, unless there were too many.
    bool allows(const std::string& address, Instant now);

private:
    const Bounds bounds_;
    std::mutex mutex_;
    Instant window_start_{};
    std::size_t count_ = 0;
    std::map<std::string, std::size_t> by_address_;  // No more than `altogether`.
};

}  // namespace egret::server
