#pragma once

#include "registry/json/value.h"

#include <string_view>

namespace egret::codec {

/// The JSON Schema (2020-12) of one kind of fact as it stands in a person file, made from the same
/// lists of members that read and write it. schemas/events/ holds these, for others to use.
/// `type_name` must be one of fact_type_names().
json::Value fact_schema(std::string_view type_name);

/// The JSON Schema of a person of a person file; refers to the schemas of the facts.
json::Value person_schema();

}  // namespace egret::codec
