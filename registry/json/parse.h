#pragma once

#include "registry/base/result.h"
#include "registry/json/value.h"

#include <string_view>

namespace egret::json {

/// Reads exactly one document, strictly by RFC 8259: UTF-8 without a byte order mark, no comment,
/// no trailing comma, no NaN, no name twice in one object. Numbers that are no int64 become
/// Decimals; one that a double can't hold (1e400) is refused.
///
/// Fit for hostile text: neither the stack nor the time grows with how it is nested.
/// Errors: too_large, past limits::json_bytes_max, json_nesting_max or json_nodes_max;
/// invalid_input for all else, with the path of a name that comes twice. None quotes a value.
Result<Value> parse(std::string_view text);

}  // namespace egret::json
