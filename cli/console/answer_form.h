#pragma once

#include "cli/console/parsed.h"
#include "registry/base/result.h"

#include <initializer_list>
#include <string_view>

namespace egret::console {

/// An answer has one form. `forms` are options that each ask for another one ("csv", "json").
/// Errors: invalid_input at the first that was given, if another one was, too.
Result<Done> check_one_form(const Parsed& parsed, std::initializer_list<std::string_view> forms);

}  // namespace egret::console
