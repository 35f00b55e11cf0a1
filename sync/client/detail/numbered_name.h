#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace egret::client::detail {

/// A number in a file's name: at least twelve digits, so that names sort as their numbers do.
std::string padded(std::uint64_t number);

/// Nothing unless the whole of it is a number as padded() writes them.
std::optional<std::uint64_t> number_of(std::string_view digits);

/// Takes "<number>-" off the front; nothing, and `name` as it was, if it doesn't begin so.
std::optional<std::uint64_t> take_number(std::string_view& name);

}  // namespace egret::client::detail
