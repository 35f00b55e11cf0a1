#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/programme.h"
#include "registry/rules/subject.h"

#include <vector>

namespace egret::rules {

/// A free protocol of a programme that isn't followed for somebody, with why it doesn't take them.
struct FreeAside {
    const Protocol* protocol = nullptr;
    EligibilityAnswer answer;  // Never yes.
};

/// The free protocols in force on that day, where `followed` (what the programme decides on that
/// day) has none of them: so that nobody takes a dose by another protocol for a free one. Empty if
/// the programme has no protocol for the person at all, or the vaccination is complete.
std::vector<FreeAside> free_asides(const Programme& programme, const Subject& subject,
                                   const std::vector<Decision>& followed, Date on);

}  // namespace egret::rules
