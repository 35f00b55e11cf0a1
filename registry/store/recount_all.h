#pragma once

#include "registry/store/coverage_answer.h"
#include "registry/store/coverage_store.h"

#include <span>
#include <vector>

namespace egret::store {

/// The answers to all of these, counted again from the logged facts: in one reading of them, since
/// that is what takes long. All must be of the same known_on.
std::vector<coverage::Answer> recount_all(CoverageStore& store,
                                          std::span<const CoverageQuestion> questions);

}  // namespace egret::store
