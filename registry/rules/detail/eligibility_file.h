#pragma once

#include "registry/rules/detail/definition_reader.h"

namespace egret::rules::detail {

Eligibility read_eligibility(json::Section section, DefinitionReader& reader);

}  // namespace egret::rules::detail
