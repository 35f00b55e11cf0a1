#pragma once

#include "registry/base/result.h"

#include <string>

namespace egret::daemon {

/// Writes a new file that only its owner can read; it is on the disk when this returns.
/// Errors: conflict, if there is something at `path`; unavailable, if its folder isn't there.
/// Throws std::system_error if the disk fails or is full.
Result<Done> write_new_file(const std::string& path, const std::string& content);

}  // namespace egret::daemon
