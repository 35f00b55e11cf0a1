#include "registry/crypto/sign.h"

#include "registry/base/ensure.h"
#include "registry/crypto/crypto_error.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>

namespace egret::crypto {
namespace {

struct SignContextFree {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

using SignContext = std::unique_ptr<EVP_MD_CTX, SignContextFree>;

}  // namespace

void PkeyFree::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }

SigningKey::SigningKey(Secret seed)
    : seed_(std::move(seed)),
      pkey_(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed_.view().data(),
                                         seed_.size())) {
    require_crypto(pkey_ != nullptr, "Ed25519 key");
    std::size_t length = public_key_.size();
    const int ok = EVP_PKEY_get_raw_public_key(pkey_.get(), public_key_.data(), &length);
    require_crypto(ok == 1 && length == public_key_.size(), "Ed25519 key");
}

SigningKey SigningKey::generate(Random& random) {
    auto seed = Secret::of_size(32);
    random.fill(seed.span());
    return SigningKey(std::move(seed));
}

SigningKey SigningKey::from_seed(ByteView seed) {
    EGRET_ENSURE(seed.size() == 32);
    return SigningKey(Secret(seed));
}

Signature sign(const SigningKey& key, ByteView message) {
    const SignContext context(EVP_MD_CTX_new());
    require_crypto(context != nullptr, "Ed25519 signature");
    Signature signature;
    std::size_t length = signature.size();
    const bool ok =
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.pkey_.get()) == 1 &&
        EVP_DigestSign(context.get(), signature.data(), &length, message.data(), message.size()) ==
            1;
    require_crypto(ok && length == signature.size(), "Ed25519 signature");
    return signature;
}

bool verify(const VerifyKey& key, ByteView message, const Signature& signature) {
    const Pkey pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    const SignContext context(EVP_MD_CTX_new());
    require_crypto(pkey != nullptr && context != nullptr, "Ed25519 verification");
    require_crypto(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1,
                   "Ed25519 verification");
    const bool is_good = EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                          message.data(), message.size()) == 1;
    ERR_clear_error();  // What failed is an outcome: nothing may stay for TLS to stumble over.
    return is_good;
}

}  // namespace egret::crypto
