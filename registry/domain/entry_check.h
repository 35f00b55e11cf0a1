#pragma once

#include "registry/base/result.h"
#include "registry/domain/fact.h"

namespace egret {

/// Holds a fact that a person enters or a file brings to more than `check` does, which it calls:
/// its texts can be read by whoever sees them (plain_text.h; a note may have lines, and gets line
/// feeds alone between them), its areas lie in a province of China, no code is in a list twice, and
/// it doesn't contradict itself. A treatment that is postponed gets the status not_done.
///
/// Facts that other devices recorded are not held to it: what is in a log stays.
/// Errors: invalid_input with the member's path. No value is quoted.
Result<Done> check_entry(Fact& fact);

/// Of a fact that says why another is changed, or who is who: its texts alone.
/// Errors: as check_entry.
Result<Done> check_texts(const Fact& fact);

}  // namespace egret
