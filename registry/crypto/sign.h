#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/crypto/pkey.h"
#include "registry/crypto/wipe.h"

namespace egret::crypto {

/// Ed25519.
using VerifyKey = Fixed<32>;
using Signature = Fixed<64>;

/// A key that signs, from a seed of 32 bytes that is wiped with it. Signing doesn't change it, so
/// several threads may sign at once.
class SigningKey {
public:
    static SigningKey generate(Random& random);
    /// `seed` has 32 bytes.
    static SigningKey from_seed(ByteView seed);

    const VerifyKey& public_key() const noexcept { return public_key_; }

    /// What from_seed takes: for a key file, and nothing else.
    ByteView seed() const noexcept { return seed_.view(); }

private:
    explicit SigningKey(Secret seed);

    friend Signature sign(const SigningKey& key, ByteView message);

    Secret seed_;
    Pkey pkey_;
    VerifyKey public_key_{};
};

/// The same key and message give the same signature.
Signature sign(const SigningKey& key, ByteView message);

/// False also for bytes that are no key at all.
bool verify(const VerifyKey& key, ByteView message, const Signature& signature);

}  // namespace egret::crypto
