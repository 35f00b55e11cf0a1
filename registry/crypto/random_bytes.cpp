#include "registry/crypto/random_bytes.h"

#include "registry/crypto/crypto_error.h"

#include <openssl/rand.h>

#include <algorithm>

namespace egret::crypto {

void SystemRandom::fill(std::span<std::uint8_t> out) {
    constexpr std::size_t step_bytes_max = 1 << 20;  // RAND_bytes takes an int.
    while (!out.empty()) {
        const auto step = std::min(out.size(), step_bytes_max);
        require_crypto(RAND_bytes(out.data(), static_cast<int>(step)) == 1, "random bytes");
        out = out.subspan(step);
    }
}

}  // namespace egret::crypto
