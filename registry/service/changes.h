#pragma once

#include "registry/service/clinic.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::service {

/// A correction or a void, and what it changed.
struct Change {
    EventUid event;              // The correction's or the void's own.
    EventUid fact;               // The fact that says something else since, or nothing.
    std::string type;            // Of that fact: "via".
    std::optional<Fact> before;  // Empty: it did not hold.
    std::optional<Fact> after;   // Empty: it is voided.
    UserId author;
    std::optional<store::Ingest> ingest;  // When it came into this registry.
    std::string because;
};

/// Everything that was corrected or voided in the facts of the woman whose history was loaded to be
/// shown, in order.
std::vector<Change> changes_of(Clinic& clinic, const History& shown);

/// When something was recorded here, for people: the day, and the time too where the machine's
/// clock was right.
std::string recorded_text(const Clinic& clinic, const store::Ingest& ingest);
/// The same of a fact of hers whose history was loaded to be shown; "" if it isn't here.
std::string recorded_text(Clinic& clinic, const EventUid& event);

}  // namespace egret::service
