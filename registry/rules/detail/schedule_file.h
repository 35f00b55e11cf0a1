#pragma once

#include "registry/rules/detail/definition_reader.h"

namespace egret::rules::detail {

/// The members of a protocol file that make its schedule.
Schedule read_schedule(json::Section& file, DefinitionReader& reader);

}  // namespace egret::rules::detail
