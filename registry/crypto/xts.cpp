#include "registry/crypto/xts.h"

#include "registry/base/ensure.h"
#include "registry/crypto/crypto_error.h"

#include <openssl/evp.h>

#include <climits>

namespace egret::crypto {
namespace {

void run_xts(EVP_CIPHER_CTX* context, const XtsKey::Tweak& tweak, ByteView in,
             std::span<std::uint8_t> out) {
    EGRET_ENSURE(in.size() == out.size() && in.size() >= tweak.size() && in.size() < INT_MAX);
    int length = 0;
    // -1: the direction that the context was made for.
    const bool ok =
        EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, tweak.data(), -1) == 1 &&
        EVP_CipherUpdate(context, out.data(), &length, in.data(), static_cast<int>(in.size())) == 1;
    require_crypto(ok, "XTS");
}

}  // namespace

void XtsKey::Free::operator()(evp_cipher_ctx_st* context) const noexcept {
    EVP_CIPHER_CTX_free(context);
}

XtsKey::XtsKey(ByteView key)
    : encrypting_(EVP_CIPHER_CTX_new()), decrypting_(EVP_CIPHER_CTX_new()) {
    EGRET_ENSURE(key.size() == key_bytes);
    require_crypto(encrypting_ != nullptr && decrypting_ != nullptr, "XTS key");
    const auto* cipher = EVP_aes_256_xts();
    require_crypto(
        EVP_EncryptInit_ex(encrypting_.get(), cipher, nullptr, key.data(), nullptr) == 1 &&
            EVP_DecryptInit_ex(decrypting_.get(), cipher, nullptr, key.data(), nullptr) == 1,
        "XTS key");
}

void XtsKey::encrypt(const Tweak& tweak, ByteView in, std::span<std::uint8_t> out) {
    run_xts(encrypting_.get(), tweak, in, out);
}

void XtsKey::decrypt(const Tweak& tweak, ByteView in, std::span<std::uint8_t> out) {
    run_xts(decrypting_.get(), tweak, in, out);
}

}  // namespace egret::crypto
