#include "registry/crypto/aead.h"

#include "registry/base/ensure.h"
#include "registry/crypto/crypto_error.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <climits>

namespace egret::crypto {
namespace {

const EVP_CIPHER* cipher_of(Aead aead) {
    switch (aead) {
        case Aead::aes_128_gcm: return EVP_aes_128_gcm();
        case Aead::aes_256_gcm: return EVP_aes_256_gcm();
        case Aead::chacha20_poly1305: return EVP_chacha20_poly1305();
    }
    return nullptr;
}

/// Feeds what is authenticated, then what is also hidden.
bool run_cipher(EVP_CIPHER_CTX* context, ByteView aad, ByteView in, std::span<std::uint8_t> out) {
    EGRET_ENSURE(in.size() == out.size() && in.size() < INT_MAX && aad.size() < INT_MAX);
    int length = 0;
    const auto update = [&](std::uint8_t* to, ByteView from) {
        return from.empty() || EVP_CipherUpdate(context, to, &length, from.data(),
                                                static_cast<int>(from.size())) == 1;
    };
    return update(nullptr, aad) && update(out.data(), in);
}

}  // namespace

std::size_t key_bytes(Aead aead) noexcept { return aead == Aead::aes_128_gcm ? 16 : 32; }

void AeadKey::Free::operator()(evp_cipher_ctx_st* context) const noexcept {
    EVP_CIPHER_CTX_free(context);
}

AeadKey::AeadKey(Aead aead, ByteView key)
    : sealing_(EVP_CIPHER_CTX_new()), opening_(EVP_CIPHER_CTX_new()) {
    EGRET_ENSURE(key.size() == key_bytes(aead));
    require_crypto(sealing_ != nullptr && opening_ != nullptr, "AEAD key");
    const auto* cipher = cipher_of(aead);
    require_crypto(
        EVP_EncryptInit_ex(sealing_.get(), cipher, nullptr, key.data(), nullptr) == 1 &&
            EVP_DecryptInit_ex(opening_.get(), cipher, nullptr, key.data(), nullptr) == 1,
        "AEAD key");
}

Bytes AeadKey::seal(const Nonce& nonce, ByteView aad, ByteView plaintext) {
    Bytes sealed(plaintext.size() + Tag{}.size());
    const auto tag = seal_to(nonce, aad, plaintext, std::span(sealed).first(plaintext.size()));
    std::copy(tag.begin(), tag.end(), sealed.end() - static_cast<std::ptrdiff_t>(tag.size()));
    return sealed;
}

Result<Bytes> AeadKey::open(const Nonce& nonce, ByteView aad, ByteView sealed) {
    Tag tag;
    if (sealed.size() >= tag.size()) {
        const auto body = sealed.first(sealed.size() - tag.size());
        std::copy_n(sealed.last(tag.size()).begin(), tag.size(), tag.begin());
        Bytes plaintext(body.size());
        if (open_to(nonce, aad, body, plaintext, tag)) return plaintext;
    }
    return Error{ErrorCode::invalid_input, "", msg("seal.cannot_open")};
}

Tag AeadKey::seal_to(const Nonce& nonce, ByteView aad, ByteView in, std::span<std::uint8_t> out) {
    auto* context = sealing_.get();
    Tag tag;
    int length = 0;
    const bool ok = EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
                    run_cipher(context, aad, in, out) &&
                    EVP_EncryptFinal_ex(context, out.data() + out.size(), &length) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG,
                                        static_cast<int>(tag.size()), tag.data()) == 1;
    require_crypto(ok, "AEAD seal");
    return tag;
}

bool AeadKey::open_to(const Nonce& nonce, ByteView aad, ByteView in, std::span<std::uint8_t> out,
                      const Tag& tag) {
    auto* context = opening_.get();
    Tag expected = tag;
    require_crypto(EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
                       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG,
                                           static_cast<int>(expected.size()), expected.data()) == 1,
                   "AEAD open");
    int length = 0;
    const bool is_whole = run_cipher(context, aad, in, out) &&
                          EVP_DecryptFinal_ex(context, out.data() + out.size(), &length) == 1;
    if (!is_whole) {
        wipe(out);
        ERR_clear_error();
    }
    return is_whole;
}

Bytes aes_256_gcm_seal(ByteView key, const Nonce& nonce, ByteView aad, ByteView plaintext) {
    return AeadKey(Aead::aes_256_gcm, key).seal(nonce, aad, plaintext);
}

Result<Bytes> aes_256_gcm_open(ByteView key, const Nonce& nonce, ByteView aad, ByteView sealed) {
    return AeadKey(Aead::aes_256_gcm, key).open(nonce, aad, sealed);
}

}  // namespace egret::crypto
