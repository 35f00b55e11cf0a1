#pragma once

#include "registry/keys/sealing_chip.h"

#include <algorithm>

namespace egret::tests {

/// A chip that hides what it seals from nobody, but works as one does.
struct FakeChip final : keys::SealingChip {
    Result<Bytes> seal(ByteView secret) override {
        if (is_gone) return refusal();
        auto sealed = copy_of(secret);
        std::reverse(sealed.begin(), sealed.end());
        return sealed;
    }

    Result<crypto::Secret> unseal(ByteView sealed) override {
        if (is_gone || opens_nothing) return refusal();
        auto secret = copy_of(sealed);
        std::reverse(secret.begin(), secret.end());
        return crypto::Secret(std::move(secret));
    }

    static Error refusal() { return {ErrorCode::unavailable, "", msg("keys.chip_refuses")}; }

    bool is_gone = false;
    bool opens_nothing = false;
};

}  // namespace egret::tests
