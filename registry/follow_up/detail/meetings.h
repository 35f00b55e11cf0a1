#pragma once

#include "registry/follow_up/loops.h"

#include <string>
#include <vector>

namespace egret::follow_up::detail {

/// The barcode that a laboratory's result names; "" of another fact.
const std::string& barcode_of(const Fact& fact);

/// She was there herself when that was done: not where a doctor judges films, or another place
/// writes what it did.
bool is_done_with_her(const Fact& fact);

/// The day on which she herself was there for that finding: of a laboratory's result the day on
/// which its sample was taken. Nothing, where she wasn't, or where the result is of tissue that was
/// taken on an earlier day. `loops` hold the results awaited.
std::optional<Date> day_she_came(const Question& question, const std::vector<Loop>& loops,
                                 const LiveFact& live);

}  // namespace egret::follow_up::detail
