#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/crypto/pkey.h"
#include "registry/crypto/wipe.h"

#include <optional>
#include <string>

/// ES256: ECDSA on P-256 with SHA-256, as JOSE has it (RFC 7518, section 3.4). For what programs of
/// others verify; what our own programs say to each other is signed with Ed25519 (sign.h).
namespace egret::crypto {

/// A point of P-256, each coordinate as 32 bytes, the most significant first.
struct Es256PublicKey {
    Fixed<32> x{};
    Fixed<32> y{};

    /// x, then y.
    Fixed<64> to_bytes() const;
    static Es256PublicKey from_bytes(const Fixed<64>& bytes);

    friend bool operator==(const Es256PublicKey&, const Es256PublicKey&) = default;
};

/// r, then s, 32 bytes each. Not the DER form.
using Es256Signature = Fixed<64>;

/// A key that signs. Can be moved, and its secret is overwritten when it goes.
class Es256Key {
public:
    static Es256Key generate(Random& random);
    /// Empty, if the 32 bytes are no private key of P-256 (zero, or not below its order).
    static std::optional<Es256Key> from_private(ByteView private_key);

    const Es256PublicKey& public_key() const noexcept { return public_key_; }

    /// Secret: 32 bytes, the number d of a JWK.
    const Secret& private_key() const noexcept { return private_key_; }

private:
    friend Es256Signature sign(const Es256Key& key, ByteView message);

    Es256Key(Secret private_key, const Es256PublicKey& public_key);

    Secret private_key_;
    Es256PublicKey public_key_;
    Pkey pkey_;
};

/// Two signatures of one message differ: each takes chance of its own from the system.
Es256Signature sign(const Es256Key& key, ByteView message);

/// False also for a key that is no point of the curve.
bool verify(const Es256PublicKey& key, ByteView message, const Es256Signature& signature);

/// True for a point of the curve.
bool is_usable(const Es256PublicKey& key);

/// The SHA-256 thumbprint of the key as a JWK (RFC 7638), in base64url: what names it.
std::string thumbprint(const Es256PublicKey& key);

}  // namespace egret::crypto
