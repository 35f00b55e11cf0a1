#pragma once

#include "registry/json/section.h"
#include "registry/rules/protocol.h"

#include <vector>

namespace egret::rules::detail {

/// The member `parameters` of a protocol or pathway file.
std::vector<Parameter> read_parameters(json::Section& file);

/// Puts a programme's choices in place of the file's own values. Refuses one that is no parameter.
void make_choices(json::Section& file, const std::vector<Choice>& choices,
                  std::vector<Parameter>& parameters);

}  // namespace egret::rules::detail
