#include "registry/crypto/hash.h"

#include "registry/crypto/crypto_error.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace egret::crypto {
namespace {

// Fetched once: looking the algorithm up costs more than hashing a small fact. Never freed, so
// that no order of destruction at exit matters.
const EVP_MD* sha256_algorithm() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    require_crypto(algorithm != nullptr, "SHA-256");
    return algorithm;
}

}  // namespace

Hash sha256(ByteView data) {
    Hash hash;
    const int ok =
        EVP_Digest(data.data(), data.size(), hash.data(), nullptr, sha256_algorithm(), nullptr);
    require_crypto(ok == 1, "SHA-256");
    return hash;
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    require_crypto(context_ != nullptr, "SHA-256");
    require_crypto(EVP_DigestInit_ex(context_.get(), sha256_algorithm(), nullptr) == 1, "SHA-256");
}

Sha256& Sha256::update(ByteView data) {
    require_crypto(EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1, "SHA-256");
    return *this;
}

Hash Sha256::finish() {
    Hash hash;
    require_crypto(EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr) == 1, "SHA-256");
    require_crypto(EVP_DigestInit_ex(context_.get(), sha256_algorithm(), nullptr) == 1, "SHA-256");
    return hash;
}

Hash hmac_sha256(ByteView key, ByteView data) {
    // To OpenSSL a null pointer means "no key given", not "an empty key".
    static constexpr std::uint8_t empty = 0;
    const auto* key_bytes = key.empty() ? &empty : key.data();
    Hash mac;
    unsigned length = 0;
    const auto* made = HMAC(EVP_sha256(), key_bytes, static_cast<int>(key.size()), data.data(),
                            data.size(), mac.data(), &length);
    require_crypto(made != nullptr && length == mac.size(), "HMAC-SHA-256");
    return mac;
}

bool equal_constant_time(ByteView a, ByteView b) noexcept {
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace egret::crypto
