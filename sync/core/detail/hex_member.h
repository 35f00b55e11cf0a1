#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"
#include "registry/base/text.h"
#include "registry/json/reader.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace egret::sync::detail {

/// A member that is N bytes in hexadecimal.
/// Errors: invalid_input, with the member's name as the field.
template <std::size_t N>
Result<Fixed<N>> read_hex(const json::Reader& from, std::string_view name) {
    const auto text = from.text(name);
    if (!text) return text.error();
    const auto bytes = text->size() == 2 * N ? from_hex(*text) : std::nullopt;
    if (!bytes)
        return Error{ErrorCode::invalid_input, std::string(name), msg("protocol.malformed")};
    Fixed<N> out{};
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

}  // namespace egret::sync::detail
