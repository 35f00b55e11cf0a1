#pragma once

#include <span>
#include <string_view>

namespace egret {

/// The conditions that our rules branch on, by their codes.
std::span<const std::string_view> flag_codes();

/// One of flag_codes(), or a code of another system with its prefix: "cdsi:154", "icd10:C53.9".
bool is_flag_code(std::string_view text);

/// A system's name, a colon, and a code in printable ASCII without spaces.
bool is_prefixed_code(std::string_view text);

}  // namespace egret
