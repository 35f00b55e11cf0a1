#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/protocol.h"
#include "registry/rules/subject.h"

namespace egret::rules {

/// Whether a round of the protocol's programme takes her on that day, and why or why not. The
/// protocol must have an eligibility.
EligibilityAnswer answer_eligibility(const Protocol& protocol, const Subject& subject,
                                     bool has_dose, Date on);

}  // namespace egret::rules
