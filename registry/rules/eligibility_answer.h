#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/protocol.h"
#include "registry/rules/subject.h"

#include <vector>

namespace egret::rules {

/// Whether a round of the protocol's programme takes her on that day, and why or why not. The
/// protocol must have an eligibility. `doses` are those of its vaccines up to that day.
EligibilityAnswer answer_eligibility(const Protocol& protocol, const Subject& subject,
                                     const std::vector<const GivenDose*>& doses, Date on);

}  // namespace egret::rules
