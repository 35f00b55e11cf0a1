#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/crypto/aead.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/kdf.h"
#include "registry/keys/data_key.h"
#include "registry/keys/registry_id.h"

#include <cstdint>
#include <optional>

namespace egret::keys::detail {

/// What a slot is for. The numbers are bound to what is sealed in it.
enum class SlotKind : std::uint8_t {
    user = 1,
    recovery = 2,
    programme = 3,
    former = 4,
    machine = 5
};

/// Which slot of which registry: what is sealed for one opens in no other.
struct SlotName {
    const RegistryId& registry;
    SlotKind kind;
    const Fixed<16>& id;
};

using SealedKey = Fixed<48>;  // The key of 32 bytes, and a tag.

/// A data key under something that a person knows.
struct Wrapping {
    Fixed<16> salt{};
    crypto::ScryptCost cost{};
    crypto::Nonce nonce{};
    SealedKey sealed{};
};

Wrapping wrap(const DataKey& key, ByteView secret, const SlotName& slot,
              const crypto::ScryptCost& cost, Random& random);
/// Nothing, if it was wrapped under another secret, or in another slot.
std::optional<DataKey> unwrap(const Wrapping& wrapping, ByteView secret, const SlotName& slot);

/// The data key before this one, sealed under it, until the registry's file is under this one.
struct FormerKey {
    crypto::Nonce nonce{};
    SealedKey sealed{};
};

/// One data key under another, which is by chance as it is.
FormerKey wrap_former(const DataKey& former, const DataKey& under, const SlotName& slot,
                      Random& random);
std::optional<DataKey> unwrap(const FormerKey& former, const DataKey& under, const SlotName& slot);

/// A data key under a key of a machine, which is by chance as it is.
struct MachineWrapping {
    crypto::Nonce nonce{};
    SealedKey sealed{};
};

/// `under` has 32 bytes.
MachineWrapping wrap_for_machine(const DataKey& key, ByteView under, const SlotName& slot,
                                 Random& random);
std::optional<DataKey> unwrap(const MachineWrapping& wrapping, ByteView under,
                              const SlotName& slot);

/// A data key for whoever has a private key.
struct PublicWrapping {
    crypto::SealPublicKey recipient{};
    crypto::SealPublicKey enc{};
    SealedKey sealed{};
};

/// Throws crypto::CryptoError if `recipient` is not usable.
PublicWrapping wrap_to(const crypto::SealPublicKey& recipient, const DataKey& key,
                       const SlotName& slot, Random& random);
std::optional<DataKey> unwrap(const PublicWrapping& wrapping, const crypto::SealKeyPair& recipient,
                              const SlotName& slot);

}  // namespace egret::keys::detail
