#pragma once

#include "registry/base/date.h"
#include "registry/domain/history.h"

#include <string>
#include <vector>

/// What the recount believes of logged facts, worked out by code of its own (recount.h).
namespace egret::coverage {

struct Belief {
    EventUid uid;
    Fact fact;  // As last corrected.
    Date day;
    std::string clinic;    // Whose device recorded it.
    std::string facility;  // Where it happened.
    UserId author;         // Who recorded it first.
};

/// The facts that stand, in the order of the logs. `events` in any order, repeated or not.
std::vector<Belief> believe(const std::vector<LoggedEvent>& events);

}  // namespace egret::coverage
