#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/protocol.h"
#include "registry/rules/subject.h"

#include <vector>

namespace egret::rules {

/// Whether a round of the protocol's programme takes her on that day, and why or why not. The
/// protocol must have an eligibility. `doses` are those of its vaccines up to that day; which of
/// them count is told by `evaluated`, what the protocol decided on them; if that is empty, all do.
EligibilityAnswer answer_eligibility(const Protocol& protocol, const Subject& subject,
                                     const std::vector<const GivenDose*>& doses,
                                     const std::vector<EvaluatedDose>& evaluated, Date on);

}  // namespace egret::rules
