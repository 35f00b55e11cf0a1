#pragma once

#include "registry/domain/history.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What becomes of lots of vaccine that were kept wrongly or recalled, and of the doses that were
/// given of them.
namespace egret {

/// A lot's number in the form in which two writings of it are compared: without spaces, letters of
/// ASCII in capitals.
std::string lot_key(std::string_view lot);

/// Where it was done: where the fact says, else at the recording clinic, if it was done there and
/// not seen on a card, told or imported. "" if that isn't known.
std::string known_facility(const LiveFact& live);

/// The last day on which a dose can have been given: from a lot that is spoilt from a day on, a
/// dose whose day isn't known counts as given after it, if it may have been.
Date last_day_of_dose(const LiveFact& dose);

/// Why some lots of a facility were not to be used: an excursion or a recall, with all that was
/// decided on it.
struct LotHold {
    /// What was decided on a day; on all of the hold's lots, if `lots` is empty. Lots by lot_key.
    struct Verdict {
        EventUid uid;
        Date day;
        Order order;
        LotDecision decision;
        std::vector<std::string> lots;
    };

    EventUid uid;
    Stock said;
    std::string facility;
    Date day;  // On which it was found.
    // By day, then by order; but the first is its own, on its day, and none is of an earlier day.
    std::vector<Verdict> verdicts;

    /// `lot` by lot_key.
    bool is_about(const std::string& lot) const;
    /// Those on that lot, in their order: the last one stands. None, if it isn't about it. `lot` by
    /// lot_key.
    std::vector<Verdict> verdicts_on(const std::string& lot) const;
    /// What holds for that lot of it on that day; nothing before it was found. `lot` by lot_key.
    std::optional<LotDecision> state_on(const std::string& lot, Date on) const;
    /// The last word on that lot.
    LotDecision last_state(const std::string& lot) const;
    /// The last word on doses of that lot that were given on that day; nothing if it was before the
    /// excursion, or before the day from which doses are recalled.
    std::optional<LotDecision> word_on_dose(const std::string& lot, Date day_given) const;
};

/// The excursions and recalls among the facts of one facility subject that hold. Each clinic judges
/// its own lots: what another clinic's log says of them is no hold, and decides nothing. Nor does a
/// decision about anything else.
std::vector<LotHold> holds_of(const std::vector<LiveFact>& facts);

/// Doses of that lot that were given there on that day or later don't count.
struct SpoiltLot {
    std::string facility;
    std::string lot;  // By lot_key.
    Date from;        // Before every day, for a recall of all that was ever given.

    friend auto operator<=>(const SpoiltLot&, const SpoiltLot&) = default;
};

/// What the last decisions say is substandard; sorted, each lot once, from its earliest day.
std::vector<SpoiltLot> spoilt_lots(const std::vector<LotHold>& holds);

/// True, if the dose is of one of these.
bool is_of_spoilt_lot(const LiveFact& dose, const std::vector<SpoiltLot>& spoilt);

}  // namespace egret
