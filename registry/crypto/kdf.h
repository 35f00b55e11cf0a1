#pragma once

#include "registry/base/bytes.h"
#include "registry/crypto/wipe.h"

#include <cstdint>

namespace egret::crypto {

/// RFC 5869.
Hash hkdf_extract(ByteView salt, ByteView secret);
/// `length` up to 255 × 32 bytes.
Secret hkdf_expand(ByteView pseudorandom_key, ByteView info, std::size_t length);
/// Extract, then expand.
Secret hkdf_sha256(ByteView secret, ByteView salt, ByteView info, std::size_t length);

/// What one guess costs: 128·n·r bytes of memory, and time in proportion to n·r·p.
struct ScryptCost {
    std::uint64_t n;  // A power of two.
    std::uint32_t r;
    std::uint32_t p;
};

/// 32 bytes from a PIN or a passphrase (RFC 7914). Slow on purpose: {65536, 8, 1} takes 64 MiB
/// and a third of a second.
/// Throws CryptoError for a cost that scrypt doesn't know, or above 1 GiB.
Secret scrypt(ByteView secret, ByteView salt, const ScryptCost& cost);

}  // namespace egret::crypto
