#pragma once

#include <string_view>

namespace egret {

/// A file that the program carries inside (cmake/embed.cmake).
struct EmbeddedFile {
    std::string_view name;  // "local/0001_log.sql"
    std::string_view content;
};

}  // namespace egret
