#pragma once

#include "registry/domain/history.h"

#include <string_view>

namespace egret::tests {

inline Date day(std::string_view text) { return *Date::parse(text); }

/// Makes facts and their places in logs, with ids that follow from small numbers.
template <class T>
Fact fact(std::string_view date, T detail) {
    Fact made;
    if (!date.empty()) made.at.date = *PartialDate::parse(date);
    made.detail = std::move(detail);
    return made;
}

inline EventUid uid(std::uint8_t n) {
    EventUid id;
    id.bytes[15] = n;
    return id;
}

inline WomanId woman(std::uint8_t n) {
    WomanId id;
    id.bytes[0] = 1;
    id.bytes[15] = n;
    return id;
}

/// The fact with uid `n`, said by device 1 of clinic "C1" as the n-th of its log, at minute n.
inline LoggedEvent logged(std::uint8_t n, Fact fact, WomanId subject = woman(1)) {
    LoggedEvent made;
    made.event.uid = uid(n);
    made.event.hlc = Hlc{}.next(instant_from_unix_ms(1'767'225'600'000 + 60'000LL * n));
    made.event.subject = subject;
    made.event.fact = std::move(fact);
    made.order.effective = made.event.hlc;
    made.order.device.bytes[15] = 1;
    made.order.seq = n;
    made.clinic = "C1";
    return made;
}

/// The same by the one machine of that clinic.
inline LoggedEvent said_at(std::string_view clinic, LoggedEvent event) {
    event.clinic = clinic;
    event.order.device = {};
    for (std::size_t i = 0; i < clinic.size() && i < event.order.device.bytes.size(); ++i)
        event.order.device.bytes[i] = static_cast<std::uint8_t>(clinic[i]);
    return event;
}

}  // namespace egret::tests
