#pragma once

#include "registry/base/result.h"

#include <optional>
#include <string>
#include <string_view>

/// Vaccines as they are typed.
namespace egret::cli {

/// The code of the product that a word which is no code was probably meant for: "cecolin",
/// "gardasil9" and "馨可宁" are egret:cecolin, egret:gardasil-9 and egret:cecolin.
std::optional<std::string> find_meant_product(std::string_view typed);

/// Holds a word to the catalog of vaccines. Errors: invalid_input without a field: the product that
/// was meant, if it can be told, else `unknown`.
Result<Done> check_product_word(std::string_view typed, Message unknown);

}  // namespace egret::cli
