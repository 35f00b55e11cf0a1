#pragma once

#include <cstdint>
#include <string>

namespace egret {

/// What keeps this user from working on a file, by what she can do about it.
enum class Hindrance : std::uint8_t {
    none,            // The system knows of nothing.
    not_readable,    // It is there, and she has no right to read it.
    not_writable,    // She has no right to write it, or into its folder.
    protected_disk,  // Nobody can write there: the disk or stick is write-protected.
};

/// Asks the system, and changes nothing. A file that isn't there hinders nobody, but its folder
/// may.
Hindrance find_hindrance(const std::string& path);

}  // namespace egret
