#pragma once

#include <bit>
#include <cstdint>

namespace egret::sync {

/// The length to which something of `length` bytes is padded, so that its size tells little of
/// what is inside: at most 12 % more, and only O(log log length) bits are told (Padmé, Nikitin and
/// others, 2019). Applied to its own result it changes nothing. `length` is below 2^62.
constexpr std::uint64_t padme_length(std::uint64_t length) noexcept {
    if (length < 2) return length;
    const auto exponent = static_cast<unsigned>(std::bit_width(length)) - 1;
    const auto kept_bits = static_cast<unsigned>(std::bit_width(exponent));
    const std::uint64_t mask = (std::uint64_t{1} << (exponent - kept_bits)) - 1;
    return (length + mask) & ~mask;
}

}  // namespace egret::sync
