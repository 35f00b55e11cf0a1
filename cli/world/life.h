#pragma once

#include "registry/base/date.h"
#include "registry/base/ids.h"
#include "registry/codec/person_file.h"
#include "registry/domain/fact.h"

#include <cstdint>
#include <string>
#include <vector>

namespace egret::world {

/// One line that somebody types in at a clinic: a fact, a correction or a void.
struct Entry {
    Date day;
    std::size_t clinic = 0;  // Its place in PlainWorld::clinics().
    WomanId subject;
    EventUid uid;
    Fact fact;
    std::vector<EventUid> supersedes;
};

/// What is true in the end: a fact as last corrected, and who first recorded it when.
struct TrueEvent {
    EventUid uid;
    Fact fact;
    Date recorded_on;
    std::size_t clinic = 0;
};

/// What is known of one person's life: what is true, and how it came to be written down, with
/// typing errors and all. Neither is made from the other by the code that is to be tested.
struct Life {
    WomanId id;
    Demographics who;  // Without an area.
    std::vector<codec::DatedArea> areas;
    std::size_t clinic = 0;         // Where she is registered.
    std::vector<TrueEvent> events;  // By clinical date, `register` among them; none about moves.
    std::vector<Entry> entries;     // By day; within a day as they are typed.
};

}  // namespace egret::world
