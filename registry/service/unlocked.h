#pragma once

#include "registry/base/ids.h"
#include "registry/crypto/wipe.h"
#include "registry/keys/data_key.h"

#include <cstdint>

namespace egret::service {

/// A registry's key in hand, and whose it is now.
struct Unlocked {
    keys::DataKey key;
    // Who acts: the user whose PIN it was, or for whom the recovery sheet was used.
    UserId user;
    // This machine's key for the keys of its way to the centre; empty, if it has no secret, or that
    // was not at hand.
    crypto::Secret link_key{};
    std::uint32_t wrong_pins = 0;  // Of hers, since she opened it last: for the audit.

    /// A second one, for the same user and of the same unlocking.
    Unlocked again() const {
        return {keys::DataKey(key.view()), user, crypto::Secret(link_key.view()), wrong_pins};
    }
};

}  // namespace egret::service
