#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"
#include "registry/crypto/wipe.h"

namespace egret::keys {

/// A chip of this machine that gives a secret back to this machine alone.
class SealingChip {
public:
    virtual ~SealingChip() = default;

    /// What is to be kept to get `secret`, of up to 64 bytes, back: no secret itself.
    /// Errors: unavailable, if there is no such chip, or it refuses.
    virtual Result<Bytes> seal(ByteView secret) = 0;
    /// Errors: unavailable, if there is no such chip, or it is another one, or was cleared.
    virtual Result<crypto::Secret> unseal(ByteView sealed) = 0;
};

}  // namespace egret::keys
