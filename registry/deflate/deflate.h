#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"

#include <cstddef>

/// Raw DEFLATE (RFC 1951), without the wrapper of zlib or gzip.
namespace egret::deflate {

/// As small as it gets.
Bytes pack(ByteView data);

/// The content of exactly one stream.
/// Errors: too_large, if the content is longer than `bytes_max`; invalid_input, if it is no whole
/// stream, or something follows it.
Result<Bytes> unpack(ByteView stream, std::size_t bytes_max);

}  // namespace egret::deflate
