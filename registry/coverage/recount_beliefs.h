#pragma once

#include "registry/base/date.h"
#include "registry/domain/history.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

/// What the recount believes of logged facts, worked out by code of its own (recount.h).
namespace egret::coverage {

struct Belief {
    EventUid uid;
    Fact fact;  // As last corrected.
    Date day;
    std::string clinic;        // Whose device recorded it.
    std::string facility;      // Where it happened.
    UserId author;             // Who recorded it first.
    bool is_accepted = false;  // The centre's officer lets it count, whoever said it.
    // Of what says who she is: the others that whoever said it knew of. Empty, if it is the only
    // one.
    std::set<EventUid> had_read{};
};

/// The facts that stand, in the order of the logs. `events` in any order, repeated or not.
std::vector<Belief> believe(const std::vector<LoggedEvent>& events);

/// Of those that speak, the last that none of the others had read of; null, if none speaks.
const Belief* last_word(const std::vector<Belief>& beliefs,
                        const std::function<bool(const Belief&)>& speaks);

}  // namespace egret::coverage
