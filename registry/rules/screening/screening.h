#pragma once

#include "registry/rules/screening/decision.h"
#include "registry/rules/screening/pathway.h"
#include "registry/rules/screening/subject.h"

namespace egret::rules {

/// What the pathway says of her on that day. Pure: equal arguments give equal decisions, in
/// whatever order the facts stand. Facts from after that day are problems, and count for nothing.
///
/// A pathway that isn't in force on that day answers all the same, and the decision says so.
///
/// A date that isn't known to the day is tried at both of its ends. Where the answers differ, the
/// clinician decides, and `problems` names the dates to ask for.
ScreeningDecision decide(const Pathway& pathway, const ScreeningSubject& subject, Date on);

}  // namespace egret::rules
