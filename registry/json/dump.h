#pragma once

#include "registry/json/value.h"

#include <string>

namespace egret::json {

/// The text of a value, without white space. The same value gives the same bytes; parsing them
/// gives an equal value.
///
/// The text is valid UTF-8 on one line: control characters are escaped, and a byte that is not
/// UTF-8 becomes U+FFFD. The value must not be nested deeper than limits::json_nesting_max.
std::string dump(const Value& value);

/// The same for people: a member a line, indented by two spaces, with a line end at the end.
std::string dump_pretty(const Value& value);

}  // namespace egret::json
