#pragma once

#include "registry/base/clock.h"
#include "registry/base/date.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/domain/fact.h"
#include "registry/store/components.h"
#include "registry/store/event_log.h"
#include "registry/store/statements.h"
#include "sync/central/set_aside.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace egret::central {

/// Why a fact has no effect that an officer refused.
inline constexpr const char* refused_by_officer = "officer";

/// Who acts, when, and in the name of which device of the centre.
struct DeskHand {
    DeviceId device;
    std::string officer;  // Her name.
    Instant at;
    Date today;  // The centre's day.
    Random& random;
};

/// A fact of an officer's. Its uid is drawn.
struct DeskFact {
    WomanId subject;
    Fact fact;
    std::vector<EventUid> supersedes{};
};

/// What an officer does: facts of the centre's own log, a ruling on the effect of a fact, or both.
struct DeskAct {
    std::string act;  // "void": a word of the program's own.
    std::string because;
    std::vector<DeskFact> facts{};
    std::optional<store::Ruling> ruling{};
};

/// What is known at the moment of the act, which nothing can change before it is done.
struct DeskView {
    store::EventLog& log;
    store::Components& components;
    store::Statements& statements;
    SetAsideFinder& set_aside;
    Date today;  // The centre's day.
};

/// What to do, by what is known; an error: nothing.
using DeskDecision = std::function<Result<DeskAct>(const DeskView&)>;

struct DeskDone {
    std::int64_t ingest = 0;
    std::vector<EventUid> events;  // Of the facts, as they were given.
};

struct DeskErased {
    DeskDone done;
    std::vector<WomanId> women;  // All ids that were erased.
};

}  // namespace egret::central
