#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace egret {

/// A moment in UTC, to the millisecond.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

inline std::int64_t unix_ms(Instant at) { return at.time_since_epoch().count(); }

inline Instant instant_from_unix_ms(std::int64_t ms) {
    return Instant{std::chrono::milliseconds{ms}};
}

/// "2026-03-04T05:06:07Z", for machines.
std::string utc_text(Instant at);

/// The only source of time. Passed in, never reached for.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

/// The machine's clock. May be wrong by years in a clinic: nothing may be lost by that.
class SystemClock final : public Clock {
public:
    Instant now() const override;
};

/// Stands where it was put. For tests, and for worlds that are simulated.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Instant at) : at_(at) {}

    Instant now() const override { return at_; }

    void set(Instant at) { at_ = at; }

    void advance(std::chrono::milliseconds by) { at_ += by; }

private:
    Instant at_;
};

}  // namespace egret
