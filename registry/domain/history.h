#pragma once

#include "registry/base/date.h"
#include "registry/domain/authority.h"
#include "registry/domain/demographics.h"
#include "registry/domain/logged.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace egret {

/// One of the forms that a fact had.
struct FactVersion {
    EventUid event;  // Its own, or that of the correction.
    UserId author;
    Order order;
    Fact fact;

    friend bool operator==(const FactVersion&, const FactVersion&) = default;
};

/// A fact that no longer says what it said first.
struct AmendedFact {
    EventUid uid;
    std::vector<FactVersion> versions;  // At least one; the last was the last to hold.
    // The void that took it away, if one holds; its `fact` is the void.
    std::optional<FactVersion> voided;
    // Two who corrected it otherwise, neither knowing of the other: a person has to look.
    bool is_disputed = false;

    friend bool operator==(const AmendedFact&, const AmendedFact&) = default;
};

/// A fact of hers that has no effect, since its maker may not say it (authority.h).
struct UnheededFact {
    EventUid uid;
    EventUid about{};  // What it voids or corrects.
    std::string type;  // "void"
    WhyUnheeded why = WhyUnheeded::other_clinic;
    UserId author;
    std::string clinic;
    Order order;

    friend bool operator==(const UnheededFact&, const UnheededFact&) = default;
};

/// A fact of hers that has no effect, since the centre refused it: its content breaks the rules of
/// its kind, or an officer looked at it. No fold makes it: whoever reads the facts leaves it out.
struct RefusedFact {
    EventUid uid;
    WomanId subject;
    std::string type;    // "dose"
    std::string reason;  // "invalid", "officer": a word of the centre's.
    UserId author;
    std::string clinic;
    Order order;

    friend bool operator==(const RefusedFact&, const RefusedFact&) = default;
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
    std::vector<Residence> residences;   // By day; empty only if she was never registered.
    std::vector<LiveFact> facts;         // By clinical date, then by order.
    std::vector<AmendedFact> amended;    // In the order of the facts.
    std::vector<SaidField> said;         // Who said what of `who`, and in the place of what.
    std::vector<WhoField> disputed;      // Critical members of `who` that a person has to settle.
    std::vector<UnheededFact> unheeded;  // By order.
    std::vector<RefusedFact> refused;    // By order; whoever loads her from a store fills it.
    // Those of the members of whom nothing may be kept: what was said of them is in none of this.
    std::vector<WomanId> erased;

    friend bool operator==(const History&, const History&) = default;
};

/// Folds the facts of one woman: duplicates by uid count once; a voided fact is gone, unless the
/// void is voided; of several corrections of one fact the last in order holds. What its maker may
/// not say has no effect, and is listed in `unheeded`. Who she is, is told by merge_who().
///
/// `members`: her linked ids, at least one. `powerless`: links and unlinks without effect, which
/// can be told only with the facts of both women.
History fold(const std::vector<WomanId>& members, std::vector<LoggedEvent> events,
             const std::vector<EventUid>& powerless = {});

/// Something among the facts is more than who she is: a result, a dose, a consent.
bool tells_of_care(const std::vector<LiveFact>& facts);

/// The first day that a fact's clinical date can mean; the day of its recording if it has none.
Date clinical_day(const Fact& fact, const Order& order);

}  // namespace egret
