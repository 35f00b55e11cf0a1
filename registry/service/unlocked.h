#pragma once

#include "registry/base/ids.h"
#include "registry/keys/data_key.h"

namespace egret::service {

/// A registry's key in hand, and whose it is now.
struct Unlocked {
    keys::DataKey key;
    // Who acts: the user whose PIN it was, or for whom the recovery sheet was used.
    UserId user;

    /// A second one, for the same user.
    Unlocked again() const { return {keys::DataKey(key.view()), user}; }
};

}  // namespace egret::service
