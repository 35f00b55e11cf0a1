#include "registry/keys/detail/wrapping.h"

#include "registry/base/ensure.h"
#include "registry/crypto/wipe.h"

#include <algorithm>

namespace egret::keys::detail {
namespace {

constexpr std::string_view purpose = "egret/keys/1";
constexpr std::size_t key_bytes = vault::LockedKey::key_bytes;

Bytes binding_of(const SlotName& slot) {
    auto bound = copy_of(bytes_of(purpose));
    append(bound, slot.registry.view());
    bound.push_back(static_cast<std::uint8_t>(slot.kind));
    append(bound, slot.id);
    return bound;
}

std::optional<DataKey> open_key(ByteView under, const crypto::Nonce& nonce, const SealedKey& sealed,
                                const SlotName& slot) {
    crypto::AeadKey cipher(crypto::Aead::aes_256_gcm, under);
    auto key = crypto::Secret::of_size(key_bytes);
    crypto::Tag tag{};
    std::copy(sealed.begin() + key_bytes, sealed.end(), tag.begin());
    if (!cipher.open_to(nonce, binding_of(slot), ByteView(sealed).first(key_bytes), key.span(),
                        tag))
        return std::nullopt;
    return DataKey(key);
}

SealedKey seal_key(ByteView under, const crypto::Nonce& nonce, const DataKey& key,
                   const SlotName& slot) {
    const auto sealed = crypto::aes_256_gcm_seal(under, nonce, binding_of(slot), key.view());
    SealedKey fixed{};
    EGRET_ENSURE(sealed.size() == fixed.size());
    std::copy(sealed.begin(), sealed.end(), fixed.begin());
    return fixed;
}

crypto::Secret former_use_of(const DataKey& key) {
    return crypto::hkdf_sha256(key.view(), {}, bytes_of("egret/keys/former"), key_bytes);
}

}  // namespace

Wrapping wrap(const DataKey& key, ByteView secret, const SlotName& slot,
              const crypto::ScryptCost& cost, Random& random) {
    Wrapping wrapping;
    wrapping.salt = random.bytes<16>();
    wrapping.cost = cost;
    wrapping.nonce = random.bytes<12>();
    const auto under = crypto::scrypt(secret, wrapping.salt, cost);
    wrapping.sealed = seal_key(under, wrapping.nonce, key, slot);
    return wrapping;
}

std::optional<DataKey> unwrap(const Wrapping& wrapping, ByteView secret, const SlotName& slot) {
    const auto under = crypto::scrypt(secret, wrapping.salt, wrapping.cost);
    return open_key(under, wrapping.nonce, wrapping.sealed, slot);
}

FormerKey wrap_former(const DataKey& former, const DataKey& under, const SlotName& slot,
                      Random& random) {
    FormerKey kept;
    kept.nonce = random.bytes<12>();
    kept.sealed = seal_key(former_use_of(under), kept.nonce, former, slot);
    return kept;
}

std::optional<DataKey> unwrap(const FormerKey& former, const DataKey& under, const SlotName& slot) {
    return open_key(former_use_of(under), former.nonce, former.sealed, slot);
}

MachineWrapping wrap_for_machine(const DataKey& key, ByteView under, const SlotName& slot,
                                 Random& random) {
    MachineWrapping wrapping;
    wrapping.nonce = random.bytes<12>();
    wrapping.sealed = seal_key(under, wrapping.nonce, key, slot);
    return wrapping;
}

std::optional<DataKey> unwrap(const MachineWrapping& wrapping, ByteView under,
                              const SlotName& slot) {
    return open_key(under, wrapping.nonce, wrapping.sealed, slot);
}

PublicWrapping wrap_to(const crypto::SealPublicKey& recipient, const DataKey& key,
                       const SlotName& slot, Random& random) {
    const auto sealed = crypto::seal(crypto::Aead::aes_256_gcm, recipient,
                                     {bytes_of(purpose), binding_of(slot)}, key.view(), random);
    PublicWrapping wrapping;
    EGRET_ENSURE(sealed.ciphertext.size() == wrapping.sealed.size());
    wrapping.recipient = recipient;
    wrapping.enc = sealed.enc;
    std::copy(sealed.ciphertext.begin(), sealed.ciphertext.end(), wrapping.sealed.begin());
    return wrapping;
}

std::optional<DataKey> unwrap(const PublicWrapping& wrapping, const crypto::SealKeyPair& recipient,
                              const SlotName& slot) {
    auto opened =
        crypto::open(crypto::Aead::aes_256_gcm, recipient, {bytes_of(purpose), binding_of(slot)},
                     wrapping.enc, wrapping.sealed);
    if (!opened) return std::nullopt;
    const crypto::Secret key(*std::move(opened));
    if (key.size() != key_bytes) return std::nullopt;
    return DataKey(key);
}

}  // namespace egret::keys::detail
