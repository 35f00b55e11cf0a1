#pragma once

#include "registry/base/bytes.h"

#include <optional>
#include <string>
#include <string_view>

/// Base 64 for URLs and file names, without padding (RFC 4648, section 5).
namespace egret {

std::string to_base64url(ByteView bytes);
/// Empty if there is any other character, or bits that no encoder would leave.
std::optional<Bytes> from_base64url(std::string_view text);

}  // namespace egret
