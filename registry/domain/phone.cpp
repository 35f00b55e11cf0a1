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

}  // namespace egret
