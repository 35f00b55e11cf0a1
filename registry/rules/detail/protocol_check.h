#pragma once

#include "registry/json/section.h"
#include "registry/rules/protocol.h"

namespace egret::rules::detail {

/// Refuses what can be written member by member, but can't be meant as a whole: a vaccine that
/// nobody could be given, a day on which no age holds, an interval from a dose that may be skipped.
/// `file` is the whole of it.
void refuse_what_cannot_be_meant(json::Section& file, const Protocol& protocol);

}  // namespace egret::rules::detail
