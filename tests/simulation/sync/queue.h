#pragma once

#include "registry/base/clock.h"
#include "registry/base/ensure.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace egret::sync_world {

using Milliseconds = std::chrono::milliseconds;

/// The right time of a simulated world, and all that is to happen in it. What is due at one time
/// happens in the order in which it was asked for.
class EventQueue final : public Clock {
public:
    using Work = std::function<void()>;

    explicit EventQueue(Instant start) : now_(start) {}

    Instant now() const override { return now_; }

    void after(Milliseconds wait, Work work) {
        EGRET_ENSURE(wait.count() >= 0);
        events_.emplace(std::pair(now_ + wait, ++count_), std::move(work));
    }

    /// The next that is due by then; without one it is then, and false.
    bool step(Instant until) {
        const auto first = events_.begin();
        if (first == events_.end() || first->first.first > until) {
            now_ = std::max(now_, until);
            return false;
        }
        now_ = std::max(now_, first->first.first);
        const auto work = std::move(first->second);
        events_.erase(first);
        work();
        return true;
    }

    bool is_empty() const noexcept { return events_.empty(); }

    /// All that is still to come.
    void run() {
        while (!events_.empty()) step(events_.begin()->first.first);
    }

private:
    Instant now_;
    std::uint64_t count_ = 0;
    std::map<std::pair<Instant, std::uint64_t>, Work> events_;
};

/// A machine's own clock: as far off as somebody or a dead battery set it.
class SkewedClock final : public Clock {
public:
    explicit SkewedClock(const Clock& right) noexcept : right_(right) {}

    Instant now() const override { return right_.now() + offset_; }

    void jump(Milliseconds offset) noexcept { offset_ = offset; }

private:
    const Clock& right_;
    Milliseconds offset_{0};
};

}  // namespace egret::sync_world
