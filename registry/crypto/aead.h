#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"
#include "registry/crypto/wipe.h"

#include <cstdint>
#include <memory>
#include <span>

struct evp_cipher_ctx_st;

namespace egret::crypto {

/// Ciphers that also prove that nothing was changed. The numbers are IANA's for HPKE.
enum class Aead : std::uint16_t {
    aes_128_gcm = 1,  // For the published test vectors; the product uses the other two.
    aes_256_gcm = 2,
    chacha20_poly1305 = 3,
};

std::size_t key_bytes(Aead aead) noexcept;

using Nonce = Fixed<12>;
using Tag = Fixed<16>;

/// A key, keyed once: sealing many small things with it is cheap. Not thread-safe, not even for
/// two calls of open(). A nonce must never be used twice with one key for sealing.
class AeadKey {
public:
    /// `key` has key_bytes(aead) bytes.
    AeadKey(Aead aead, ByteView key);

    /// The ciphertext with its tag of 16 bytes at the end.
    Bytes seal(const Nonce& nonce, ByteView aad, ByteView plaintext);
    /// Errors: invalid_input, if this isn't what was sealed with the same key, nonce and aad.
    Result<Bytes> open(const Nonce& nonce, ByteView aad, ByteView sealed);

    /// The same without allocating: `out` is as long as `in`, and may be the same memory.
    Tag seal_to(const Nonce& nonce, ByteView aad, ByteView in, std::span<std::uint8_t> out);
    /// False if the tag is wrong; `out` is zeros then.
    bool open_to(const Nonce& nonce, ByteView aad, ByteView in, std::span<std::uint8_t> out,
                 const Tag& tag);

private:
    struct Free {
        void operator()(evp_cipher_ctx_st* context) const noexcept;
    };

    std::unique_ptr<evp_cipher_ctx_st, Free> sealing_;
    std::unique_ptr<evp_cipher_ctx_st, Free> opening_;
};

/// AES-256-GCM once, for key files. `key` has 32 bytes.
Bytes aes_256_gcm_seal(ByteView key, const Nonce& nonce, ByteView aad, ByteView plaintext);
/// Errors: invalid_input, if this isn't what was sealed with the same key, nonce and aad.
Result<Bytes> aes_256_gcm_open(ByteView key, const Nonce& nonce, ByteView aad, ByteView sealed);

}  // namespace egret::crypto
