#include "registry/base/clock.h"

#include "registry/base/date.h"

namespace egret {
namespace {

std::string two_digits(std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string utc_text(Instant at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
    return Date::from_days(static_cast<std::int32_t>(day.time_since_epoch().count())).to_string() +
           "T" + two_digits(time.hours().count()) + ":" + two_digits(time.minutes().count()) + ":" +
           two_digits(time.seconds().count()) + "Z";
}

Instant SystemClock::now() const {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now());
}

}  // namespace egret
