#pragma once

#include "registry/base/bytes.h"

#include <memory>
#include <span>

struct evp_cipher_ctx_st;

namespace egret::crypto {

/// AES-256-XTS (IEEE 1619): hides bytes without making them longer, and without a proof that they
/// were not changed. For what is proven in another way.
///
/// The same bytes under the same tweak look the same. Not thread-safe.
class XtsKey {
public:
    using Tweak = Fixed<16>;

    static constexpr std::size_t key_bytes = 64;

    /// `key` has key_bytes bytes, whose halves differ.
    explicit XtsKey(ByteView key);

    /// `in` has at least 16 bytes; `out` is as long as `in`, and may be the same memory.
    void encrypt(const Tweak& tweak, ByteView in, std::span<std::uint8_t> out);
    void decrypt(const Tweak& tweak, ByteView in, std::span<std::uint8_t> out);

private:
    struct Free {
        void operator()(evp_cipher_ctx_st* context) const noexcept;
    };

    std::unique_ptr<evp_cipher_ctx_st, Free> encrypting_;
    std::unique_ptr<evp_cipher_ctx_st, Free> decrypting_;
};

}  // namespace egret::crypto
