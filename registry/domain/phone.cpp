#include "registry/domain/phone.h"

#include "registry/base/text.h"

namespace egret {
namespace {

constexpr std::size_t phone_digits_min = 5;
constexpr std::size_t phone_digits_max = 15;  // ITU-T E.164.

}  // namespace

Result<std::string> parse_phone(std::string_view text) {
    const Error wrong_shape{ErrorCode::invalid_input, "", msg("phone.shape")};
    auto rest = trim(text);
    std::string phone;
    if (rest.starts_with('+')) {
        phone = "+";
        rest.remove_prefix(1);
    }
    std::size_t digits = 0;
    for (const char c : rest) {
        if (c == ' ' || c == '-') continue;
        if (c < '0' || c > '9' || ++digits > phone_digits_max) return wrong_shape;
        phone += c;
    }
    if (digits < phone_digits_min) return wrong_shape;
    return phone;
}

std::optional<std::size_t> odd_mobile_digits(std::string_view phone) {
    constexpr std::string_view china = "+86";
    constexpr std::size_t mobile_digits = 11;
    constexpr std::size_t digits_min = 9;  // Fewer are no slip of a finger.
    if (phone.starts_with(china)) phone.remove_prefix(china.size());
    const bool is_mobile = phone.size() >= digits_min && phone[0] == '1' && phone[1] >= '3';
    if (!is_mobile || phone.size() == mobile_digits) return std::nullopt;
    return phone.size();
}

}  // namespace egret
