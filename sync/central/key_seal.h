#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/crypto/wipe.h"
#include "registry/keys/data_key.h"

#include <optional>
#include <string_view>

namespace egret::central {

/// Seals the small secrets of a centre for its folder, under HKDF(data key, "egret/centre/keys"):
///
///   "EgrKey01" ‖ nonce (12 bytes) ‖ AES-256-GCM of the secret, with its tag (16 bytes)
///
/// What the secret is called is authenticated with it: none opens under another's name.
class KeySeal {
public:
    explicit KeySeal(const keys::DataKey& key);

    Bytes seal(std::string_view name, ByteView secret, Random& random) const;
    /// Nothing, if this isn't what was sealed under that name and that data key.
    std::optional<crypto::Secret> open(std::string_view name, ByteView sealed) const;

private:
    crypto::Secret key_;
};

}  // namespace egret::central
