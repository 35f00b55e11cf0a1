#pragma once

#include "registry/base/clock.h"
#include "registry/base/date.h"
#include "registry/base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace egret::icu {

/// A place's clock: which day it is there, and when that day begins. May be asked from several
/// threads at once.
class TimeZone {
public:
    /// Takes a name of the IANA database, "Asia/Shanghai", spelt as there.
    /// Errors: invalid_input.
    static Result<TimeZone> parse(std::string_view name);

    TimeZone(TimeZone&&) noexcept;
    TimeZone& operator=(TimeZone&&) noexcept;
    ~TimeZone();

    const std::string& name() const noexcept { return name_; }

    /// The calendar day on the wall at that moment.
    Date local_day(Instant at) const;

    /// The first moment of the day. That is midnight, unless the clocks jump over it; a day that
    /// was left out altogether begins when the next one does.
    Instant start_of_day(Date day) const;

    /// For people: "2026-03-01 14:05".
    std::string local_time_text(Instant at) const;

private:
    struct Rules;

    TimeZone(std::string name, std::unique_ptr<const Rules> rules) noexcept;

    std::string name_;
    std::unique_ptr<const Rules> rules_;
};

}  // namespace egret::icu
