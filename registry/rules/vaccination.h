#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/protocol.h"
#include "registry/rules/subject.h"

namespace egret::rules {

/// What the protocol says of her on that day. Pure: equal arguments give equal decisions, in
/// whatever order the facts stand.
///
/// A protocol that isn't in force on that day answers all the same, and the decision says so.
///
/// A date that isn't known to the day is tried on every day that it may stand for. Where the
/// answers differ, or where so many dates are inexact that not all of their days can be tried,
/// nothing is complete: the clinician decides, and `problems` names the dates to ask for.
Decision decide(const Protocol& protocol, const Subject& subject, Date on);

}  // namespace egret::rules
