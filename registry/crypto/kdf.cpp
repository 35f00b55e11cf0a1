#include "registry/crypto/kdf.h"

#include "registry/base/ensure.h"
#include "registry/crypto/crypto_error.h"
#include "registry/crypto/hash.h"

#include <openssl/evp.h>

#include <algorithm>

namespace egret::crypto {

Hash hkdf_extract(ByteView salt, ByteView secret) { return hmac_sha256(salt, secret); }

Secret hkdf_expand(ByteView pseudorandom_key, ByteView info, std::size_t length) {
    EGRET_ENSURE(length <= 255 * 32);
    auto out = Secret::of_size(length);
    Secret input;
    Hash block{};
    for (std::size_t at = 0, counter = 1; at < length; at += block.size(), ++counter) {
        Bytes next;
        next.reserve(block.size() + info.size() + 1);
        if (counter > 1) append(next, block);
        append(next, info);
        next.push_back(static_cast<std::uint8_t>(counter));
        input = Secret(std::move(next));
        block = hmac_sha256(pseudorandom_key, input);
        const auto step = std::min(block.size(), length - at);
        std::copy_n(block.begin(), step, out.span().subspan(at).begin());
    }
    wipe(block);
    return out;
}

Secret hkdf_sha256(ByteView secret, ByteView salt, ByteView info, std::size_t length) {
    auto key = hkdf_extract(salt, secret);
    auto out = hkdf_expand(key, info, length);
    wipe(key);
    return out;
}

Secret scrypt(ByteView secret, ByteView salt, const ScryptCost& cost) {
    constexpr std::uint64_t memory_bytes_max = 1ULL << 30;
    auto out = Secret::of_size(32);
    const int ok =
        EVP_PBE_scrypt(text_of(secret).data(), secret.size(), salt.data(), salt.size(), cost.n,
                       cost.r, cost.p, memory_bytes_max, out.span().data(), out.size());
    require_crypto(ok == 1, "scrypt");
    return out;
}

}  // namespace egret::crypto
