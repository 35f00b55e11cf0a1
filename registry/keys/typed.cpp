#include "registry/keys/typed.h"

#include <algorithm>

namespace egret::keys {
namespace {

constexpr std::size_t wide_bytes = 3;

/// The plain character that is meant by the three bytes of a wide one, or 0.
std::uint8_t plain_character(ByteView three) {
    // U+FF01 to U+FF5E are the characters "!" to "~"; U+3000 is the wide space.
    const auto code = ((three[0] & 0x0FU) << 12) | ((three[1] & 0x3FU) << 6) | (three[2] & 0x3FU);
    if ((three[0] & 0xF0U) != 0xE0U) return 0;
    if (code >= 0xFF01 && code <= 0xFF5E) return static_cast<std::uint8_t>(code - 0xFF01 + '!');
    return code == 0x3000 ? ' ' : 0;
}

}  // namespace

crypto::Secret narrowed(ByteView typed) {
    // As long as the typed one at first, so that no memory is left behind in growing.
    auto room = crypto::Secret::of_size(typed.size());
    std::size_t length = 0;
    for (std::size_t at = 0; at < typed.size();) {
        const auto plain = typed.size() - at >= wide_bytes
                               ? plain_character(typed.subspan(at, wide_bytes))
                               : std::uint8_t{0};
        room.span()[length++] = plain != 0 ? plain : typed[at];
        at += plain != 0 ? wide_bytes : 1;
    }
    return crypto::Secret(room.view().first(length));
}

}  // namespace egret::keys
