#pragma once

#include "registry/rules/detail/definition_reader.h"

namespace egret::rules::detail {

/// For the doses of that schedule.
Eligibility read_eligibility(json::Section section, DefinitionReader& reader,
                             const Schedule& schedule);

}  // namespace egret::rules::detail
