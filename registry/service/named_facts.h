#pragma once

#include "registry/base/result.h"
#include "registry/domain/history.h"

#include <functional>
#include <vector>

/// Facts that are about other facts of hers: the doses that an event may come of, the results that
/// she was told, the referral that was answered, what somebody else decided before.
namespace egret::service {

/// Calls `visit` for each fact that this one names. Not for what it corrects or voids.
void for_each_named(Fact& fact, const std::function<void(EventUid&)>& visit);

/// Holds what is named to her history: it is hers, it is of the kind that is meant, and where
/// somebody agrees to what another decided, both say the same.
/// Errors: invalid_input with the member's path.
Result<Done> check_named(const History& history, const Fact& fact);

/// What `fact` agrees to, where two persons have to: the closing that it confirms, the ceasing that
/// was proposed. Nil for all else.
EventUid agreed_to(const Fact& fact);

/// A result isn't older than its specimen, by the barcode: of a result against the specimens among
/// `others`, of a specimen against the results. Facts that don't count say nothing.
/// Errors: invalid_input with field "date" or "reported_on".
Result<Done> check_specimen_days(const std::vector<const Fact*>& others, const Fact& fact);

/// The barcode of the specimen that a result names; null for facts that are none, or name none.
const std::string* specimen_of(const Fact& fact);

}  // namespace egret::service
