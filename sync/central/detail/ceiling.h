#pragma once

#include "registry/base/clock.h"
#include "registry/base/hlc.h"

namespace egret::central {

/// Nothing is earlier than when it came here.
inline Hlc ceiling_at(Instant received) { return {Hlc{}.next(received).value | 0xffff}; }

}  // namespace egret::central
