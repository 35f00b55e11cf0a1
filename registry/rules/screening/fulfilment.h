#pragma once

#include "registry/rules/screening/codes.h"
#include "registry/rules/screening/subject.h"

namespace egret::rules {

/// True, if the finding is what the action asked for, or more: a colposcopy does for a triage test,
/// histology or treatment for a colposcopy, an excision for a biopsy. A result that isn't known, is
/// invalid or unsatisfactory, and what she was merely told, are not.
///
/// For actions that no finding can show to be done (referral, a clinician's decision) false.
bool fulfils(const Finding& finding, ScreeningAction action);

/// The result of a test, an examination or a report is known and can be used. True of every other
/// fact.
bool is_usable(const Fact& fact);

}  // namespace egret::rules
