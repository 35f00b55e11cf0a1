#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"

#include <cstddef>

namespace egret::zstd {

/// One Zstandard frame that says how long its content is.
Bytes compress(ByteView data, int level = 3);

/// The content of exactly one frame. Takes no more memory than bytes_max and a window of 4 MiB,
/// whatever the frame claims.
/// Errors: too_large, if the content is (or says it is) longer than `bytes_max`; invalid_input, if
/// it is no whole frame, wants a larger window, needs a dictionary, or something follows it.
Result<Bytes> decompress(ByteView frame, std::size_t bytes_max);

}  // namespace egret::zstd
