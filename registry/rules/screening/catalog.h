#pragma once

#include "registry/base/result.h"
#include "registry/rules/screening/pathway.h"

#include <string_view>
#include <vector>

namespace egret::rules {

/// The screening pathways that the program carries (schemas/protocols), by id, the newest version
/// of each first.
const std::vector<Pathway>& known_pathways();

/// As find_protocol(), among the pathways.
Result<const Pathway*> find_pathway(std::string_view id_and_version);

/// The same with a programme's choices.
/// Errors: not_found with "protocol" as the field; those of parse_pathway.
Result<Pathway> load_pathway(std::string_view id_and_version, const std::vector<Choice>& choices);

}  // namespace egret::rules
