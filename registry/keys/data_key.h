#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/crypto/wipe.h"
#include "registry/vault/locked_key.h"

#include <memory>

namespace egret::keys {

/// The key of a registry's file (vault::Mount takes its bytes), in locked memory. Moved, never
/// copied: whoever has it may read everything.
class DataKey {
public:
    /// `key` has 32 bytes; the caller's copy is the caller's to wipe.
    /// Throws std::system_error, as vault::LockedKey does.
    explicit DataKey(ByteView key) : key_(std::make_unique<vault::LockedKey>(key)) {}

    static DataKey generate(Random& random) {
        auto drawn = crypto::Secret::of_size(vault::LockedKey::key_bytes);
        random.fill(drawn.span());
        return DataKey(drawn.view());
    }

    ByteView view() const noexcept { return key_->view(); }

private:
    std::unique_ptr<vault::LockedKey> key_;
};

}  // namespace egret::keys
