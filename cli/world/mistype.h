#pragma once

#include "registry/base/random.h"
#include "registry/domain/fact.h"

#include <optional>

namespace egret::world {

/// The fact as somebody may type it in wrongly on `day`: possible, but not true. Nothing for kinds
/// that are always typed correctly here.
std::optional<Fact> mistyped(const Fact& fact, Date day, SeededRandom& random);

}  // namespace egret::world
