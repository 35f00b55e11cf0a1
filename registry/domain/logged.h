#pragma once

#include "registry/domain/fact.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace egret {

/// Where a fact stands in the one order that every store uses: by the reading of its clock as the
/// centre judged it, then by its place in its device's log.
struct Order {
    Hlc effective;
    DeviceId device;
    std::uint64_t seq = 0;

    friend auto operator<=>(const Order&, const Order&) = default;
};

/// One line of some device's log, and the clinic that the device belongs to.
struct LoggedEvent {
    Event event;
    Order order;
    std::string clinic;  // Its facility code.
    // An officer of the centre ruled that it counts, whoever said it.
    bool is_accepted = false;
};

/// A fact that holds: not voided, and as last corrected.
struct LiveFact {
    EventUid uid;  // Of the first fact, however often it was corrected.
    Fact fact;     // Without the role of its maker, which `role` is.
    Order order;
    std::string clinic;
    bool is_corrected = false;
    // A dose that doesn't count, since its lot was found substandard (domain/lots.h).
    bool is_spoilt = false;
    UserId author{};  // Who said it first.
    Order settled{};  // When it was said as it holds: its own order, or the correction's.
    std::optional<MakerRole> role{};  // As what its author said it; absent: as a lead.
    bool is_accepted = false;         // LoggedEvent::is_accepted.

    /// Where it happened.
    const std::string& facility() const {
        return fact.at.facility.empty() ? clinic : fact.at.facility;
    }

    friend bool operator==(const LiveFact&, const LiveFact&) = default;
};

}  // namespace egret
