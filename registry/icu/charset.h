#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace egret::icu {

/// How a text file that is not UTF-8 may be written.
enum class Charset {
    gb18030,  // What Chinese Windows saves; GBK and GB 2312 are parts of it.
    utf16,    // Little or big end first, as its mark says.
};

/// The text in UTF-8, without a byte order mark. Nothing if the bytes are no such text.
std::optional<std::string> utf8_from(std::string_view bytes, Charset charset);

}  // namespace egret::icu
