#include "sync/client/detail/numbered_name.h"

#include <charconv>
#include <cstddef>
#include <system_error>

namespace egret::client::detail {
namespace {

constexpr std::size_t number_digits = 12;

}  // namespace

std::string padded(std::uint64_t number) {
    auto digits = std::to_string(number);
    if (digits.size() < number_digits) digits.insert(0, number_digits - digits.size(), '0');
    return digits;
}

std::optional<std::uint64_t> number_of(std::string_view digits) {
    std::uint64_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    if (digits.size() < number_digits || read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return number;
}

std::optional<std::uint64_t> take_number(std::string_view& name) {
    const auto end = name.find('-');
    if (end == std::string_view::npos) return std::nullopt;
    const auto number = number_of(name.substr(0, end));
    if (number) name.remove_prefix(end + 1);
    return number;
}

}  // namespace egret::client::detail
