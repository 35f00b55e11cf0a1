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

}  // namespace

Wrapping wrap(const DataKey& key, ByteView secret, const SlotName& slot,
              const crypto::ScryptCost& cost, Random& random) {
    Wrapping wrapping;
    wrapping.salt = random.bytes<16>();
    wrapping.cost = cost;
    wrapping.nonce = random.bytes<12>();
    const auto under = crypto::scrypt(secret, wrapping.salt, cost);
    const auto sealed =
        crypto::aes_256_gcm_seal(under, wrapping.nonce, binding_of(slot), key.view());
    EGRET_ENSURE(sealed.size() == wrapping.sealed.size());
    std::copy(sealed.begin(), sealed.end(), wrapping.sealed.begin());
    return wrapping;
}

std::optional<DataKey> unwrap(const Wrapping& wrapping, ByteView secret, const SlotName& slot) {
    const auto under = crypto::scrypt(secret, wrapping.salt, wrapping.cost);
    crypto::AeadKey cipher(crypto::Aead::aes_256_gcm, under);
    auto key = crypto::Secret::of_size(key_bytes);
    crypto::Tag tag{};
    std::copy(wrapping.sealed.begin() + key_bytes, wrapping.sealed.end(), tag.begin());
    if (!cipher.open_to(wrapping.nonce, binding_of(slot),
                        ByteView(wrapping.sealed).first(key_bytes), key.span(), tag))
        return std::nullopt;
    return DataKey(key);
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
