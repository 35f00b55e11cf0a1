#pragma once

#include "registry/base/limits.h"
#include "sync/core/chain.h"
#include "sync/core/detail/cbor_fields.h"

/// How an event stands in a batch and in a page of a feed: its header without the commitment, its
/// salt, its payload; or, once it was erased, its header alone.
namespace egret::sync::detail {

inline constexpr std::size_t commitment_bytes = 34;  // With the two bytes of its CBOR head.

inline void write_content(cbor::Writer& to, ByteView header, const SaltedPayload& content) {
    to.bytes(codec::without_commitment(header));
    to.bytes(content.salt);
    to.bytes(content.payload);
}

/// The three of write_content. The commitment is computed from what came.
inline void read_content(cbor::Reader& from, Bytes& header, SaltedPayload& content) {
    const auto prefix = read_bounded(from, 1, limits::header_bytes_max - commitment_bytes);
    content.salt = read_fixed<16>(from);
    content.payload = copy_of(read_bounded(from, 0, limits::payload_bytes_max));
    if (from.ok())
        header =
            codec::with_commitment(prefix, codec::commitment_of(content.salt, content.payload));
}

inline Bytes read_bare_header(cbor::Reader& from) {
    return copy_of(read_bounded(from, commitment_bytes + 1, limits::header_bytes_max));
}

}  // namespace egret::sync::detail
