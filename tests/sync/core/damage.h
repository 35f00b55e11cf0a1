#pragma once

#include "registry/base/bytes.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace egret::tests {

/// That `opens(bytes)` is false as soon as the bytes are cut anywhere, have one more behind them,
/// or have a flipped bit anywhere: each of the eight by turns.
template <class Opens>
void check_damage_refused(const Bytes& bytes, Opens&& opens) {
    REQUIRE(opens(ByteView(bytes)));
    std::size_t cut = 0;
    std::size_t flipped = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (opens(ByteView(bytes).first(at))) ++cut;
        auto changed = bytes;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ (1U << (at % 8)));
        if (opens(ByteView(changed))) ++flipped;
    }
    auto longer = bytes;
    longer.push_back(0);
    CHECK_FALSE(opens(ByteView(longer)));
    CHECK(cut == 0);
    CHECK(flipped == 0);
}

/// That no prefix of `text` is taken.
template <class Opens>
void check_cut_refused(const std::string& text, Opens&& opens) {
    REQUIRE(opens(std::string_view(text)));
    std::size_t taken = 0;
    for (std::size_t size = 0; size < text.size(); ++size) {
        if (opens(std::string_view(text).substr(0, size))) ++taken;
    }
    CHECK(taken == 0);
}

}  // namespace egret::tests
