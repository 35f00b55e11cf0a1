#pragma once

#include "registry/base/bytes.h"

#include <string_view>

namespace egret::tests {

/// A name that must stand nowhere but in memory.
inline constexpr std::string_view canary_name = "KANARIENVOGEL-玛丽-CANARY";

/// The canary, or the text of a schema: both stand in the clear in a plain file.
inline bool tells(ByteView bytes) {
    const auto text = text_of(bytes);
    return text.find("KANARIENVOGEL") != std::string_view::npos ||
           text.find("CREATE TABLE") != std::string_view::npos;
}

}  // namespace egret::tests
