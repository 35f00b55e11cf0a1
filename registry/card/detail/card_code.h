#pragma once

#include <string_view>

/// How a card's signed text stands in its QR code (SMART Health Cards Framework 1.4.0): after the
/// scheme two digits for each character, counted from the lowest one of base64url and the dot.
namespace egret::card::detail {

inline constexpr std::string_view code_scheme = "shc:/";
inline constexpr char lowest_character = '-';

}  // namespace egret::card::detail
