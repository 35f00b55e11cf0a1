#include "sync/central/key_seal.h"

#include "registry/crypto/aead.h"
#include "registry/crypto/kdf.h"

#include <algorithm>

namespace egret::central {
namespace {

constexpr std::string_view seal_purpose = "egret/centre/keys";
constexpr std::string_view seal_mark = "EgrKey01";
constexpr std::size_t nonce_bytes = sizeof(crypto::Nonce);
constexpr std::size_t tag_bytes = sizeof(crypto::Tag);

Bytes bound_to_name(std::string_view name) {
    auto bound = copy_of(bytes_of(seal_purpose));
    bound.push_back(0);
    append(bound, bytes_of(name));
    return bound;
}

}  // namespace

KeySeal::KeySeal(const keys::DataKey& key)
    : key_(crypto::hkdf_sha256(key.view(), {}, bytes_of(seal_purpose), 32)) {}

Bytes KeySeal::seal(std::string_view name, ByteView secret, Random& random) const {
    const auto nonce = random.bytes<nonce_bytes>();
    auto sealed = copy_of(bytes_of(seal_mark));
    append(sealed, nonce);
    append(sealed, crypto::aes_256_gcm_seal(key_, nonce, bound_to_name(name), secret));
    return sealed;
}

std::optional<crypto::Secret> KeySeal::open(std::string_view name, ByteView sealed) const {
    constexpr auto head_bytes = seal_mark.size() + nonce_bytes;
    if (sealed.size() < head_bytes + tag_bytes ||
        text_of(sealed.first(seal_mark.size())) != seal_mark)
        return std::nullopt;
    crypto::Nonce nonce{};
    std::copy_n(sealed.begin() + seal_mark.size(), nonce_bytes, nonce.begin());
    const auto content = sealed.subspan(head_bytes, sealed.size() - head_bytes - tag_bytes);
    crypto::Tag tag{};
    std::copy(sealed.end() - tag_bytes, sealed.end(), tag.begin());
    auto secret = crypto::Secret::of_size(content.size());
    crypto::AeadKey cipher(crypto::Aead::aes_256_gcm, key_);
    if (!cipher.open_to(nonce, bound_to_name(name), content, secret.span(), tag))
        return std::nullopt;
    return secret;
}

}  // namespace egret::central
