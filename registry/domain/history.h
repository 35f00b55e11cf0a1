#pragma once

#include "registry/base/date.h"
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
};

/// A fact that holds: not voided, and as last corrected.
struct LiveFact {
    EventUid uid;  // Of the first fact, however often it was corrected.
    Fact fact;
    Order order;
    std::string clinic;
    bool is_corrected = false;
    // A dose that doesn't count, since its lot was found substandard (domain/lots.h).
    bool is_spoilt = false;
    UserId author{};  // Who said it first.
    Order settled{};  // When it was said as it holds: its own order, or the correction's.

    /// Where it happened.
    const std::string& facility() const {
        return fact.at.facility.empty() ? clinic : fact.at.facility;
    }
};

/// One of the forms that a fact had.
struct FactVersion {
    EventUid event;  // Its own, or that of the correction.
    UserId author;
    Order order;
    Fact fact;
};

/// A fact that no longer says what it said first.
struct AmendedFact {
    EventUid uid;
    std::vector<FactVersion> versions;  // At least one; the last was the last to hold.
    // The void that took it away, if one holds; its `fact` is the void.
    std::optional<FactVersion> voided;
};

/// Where she lives and who cares for her, from a day until the next Residence.
struct Residence {
    Date from;             // The first one reaches back without end.
    std::string area;      // "" if not known.
    std::string facility;  // Where she is registered, or was transferred to.
    bool is_resident = true;

    friend bool operator==(const Residence&, const Residence&) = default;
};

/// Everything that follows from the facts of one woman. Equal sets of facts give equal histories,
/// in whatever order they came and however often.
struct History {
    WomanId woman;                 // The smallest of the ids that are linked as hers.
    std::vector<WomanId> members;  // All of them, in order.
    Demographics who;
    std::optional<Date> registered_on;
    // Every registration of hers was voided while other facts hold: `who` is as it was registered,
    // so that she is found. She is in no figure.
    bool is_registration_voided = false;
    std::optional<Date> died_on;
    std::vector<Residence> residences;  // By day; empty only if she was never registered.
    std::vector<LiveFact> facts;        // By clinical date, then by order.
    std::vector<AmendedFact> amended;   // In the order of the facts.
};

/// Folds the facts of one woman: duplicates by uid count once; a voided fact is gone, unless the
/// void is voided; of several corrections of one fact the last in order holds. What was said of a
/// facility's stock is voided and corrected by the clinic alone that said it.
///
/// `members`: her linked ids, at least one.
History fold(const std::vector<WomanId>& members, std::vector<LoggedEvent> events);

/// Something among the facts is more than who she is: a result, a dose, a consent.
bool tells_of_care(const std::vector<LiveFact>& facts);

/// The first day that a fact's clinical date can mean; the day of its recording if it has none.
Date clinical_day(const Fact& fact, const Order& order);

}  // namespace egret
