#pragma once

#include "cli/console/terminal.h"
#include "registry/base/result.h"
#include "registry/coverage/indicator.h"
#include "registry/json/value.h"

#include <string>
#include <string_view>

/// `indicators list` and `show`, and what an answer of `coverage` says of its indicator.
namespace egret::console {

/// Those of women and cases, then those of stock; so does print_indicator.
void print_indicators(const Terminal& terminal);
/// Errors: not_found, with the one that was probably meant.
Result<Done> print_indicator(std::string_view id, const Terminal& terminal);

/// Who or what is counted, of whom, and which doses; target and reference: a line for each.
void print_numbers(const coverage::Indicator& indicator, const Terminal& terminal);

std::string in_language(const BothLanguages& texts, Language language);

/// "any", "valid", or null where no doses are counted.
json::Value doses_json(const coverage::Indicator& indicator);

/// Null, if there are none.
json::Value protocols_json(const std::string& protocols);

}  // namespace egret::console
