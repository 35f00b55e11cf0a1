#pragma once

#include <cstddef>
#include <cstdint>

/// The bounds of who can open a registry, each with its reason.
namespace egret::limits {

// Six digits are what people keep in mind; what they are worth is in docs/vault.md.
inline constexpr std::size_t pin_characters_min = 6;
inline constexpr std::size_t pin_characters_max = 64;
// Wrong ones in a row, before there is a wait.
inline constexpr std::uint32_t pin_tries_max = 5;
// In a township hospital some dozens record; and the key file stays small.
inline constexpr std::size_t registry_users_max = 100;

}  // namespace egret::limits
