#include "registry/keys/pin.h"

#include "registry/base/key_limits.h"
#include "registry/base/text.h"
#include "registry/crypto/wipe.h"
#include "registry/keys/typed.h"

#include <algorithm>
#include <string>

namespace egret::keys {
namespace {

Error bad_pin(Message message) { return {ErrorCode::invalid_input, "pin", std::move(message)}; }

bool is_continuation(std::uint8_t byte) { return (byte & 0xC0U) == 0x80U; }

/// Whether each byte follows the one before by the same step of 0, 1 or -1; after 9 comes 0, too.
bool is_run(ByteView pin) {
    const auto step = [&](std::size_t at) {
        const int difference = pin[at] - pin[at - 1];
        if (difference == '0' - '9') return 1;
        return difference == '9' - '0' ? -1 : difference;
    };
    const int first = step(1);
    if (first < -1 || first > 1) return false;
    for (std::size_t at = 2; at < pin.size(); ++at) {
        if (step(at) != first) return false;
    }
    return true;
}

/// Whether it is one character over and over, however many bytes that has.
bool is_one_character(ByteView pin) {
    std::size_t length = 1;
    while (length < pin.size() && is_continuation(pin[length])) ++length;
    for (std::size_t at = length; at < pin.size(); ++at) {
        if (pin[at] != pin[at - length]) return false;
    }
    return true;
}

}  // namespace

Result<Done> check_new_pin(ByteView typed) {
    const auto plain = narrowed(typed);
    const auto pin = plain.view();
    const auto is_unseen = [](std::uint8_t byte) { return byte < 0x20 || byte == 0x7F; };
    if (!is_utf8(text_of(pin)) || std::any_of(pin.begin(), pin.end(), is_unseen))
        return bad_pin(msg("keys.pin_unseen"));
    const auto characters = static_cast<std::size_t>(std::count_if(
        pin.begin(), pin.end(), [](std::uint8_t byte) { return !is_continuation(byte); }));
    if (characters < limits::pin_characters_min)
        return bad_pin(
            msg("keys.pin_short", {{"least", std::to_string(limits::pin_characters_min)}}));
    if (characters > limits::pin_characters_max)
        return bad_pin(
            msg("keys.pin_long", {{"most", std::to_string(limits::pin_characters_max)}}));
    if (is_one_character(pin) || is_run(pin)) return bad_pin(msg("keys.pin_simple"));
    return Done{};
}

}  // namespace egret::keys
