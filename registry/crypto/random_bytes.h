#pragma once

#include "registry/base/random.h"

namespace egret::crypto {

/// Chance from the operating system, through OpenSSL's generator: the only source for keys.
/// May be used from several threads. Throws CryptoError if there is no entropy; it never returns
/// less than was asked for.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> out) override;
};

}  // namespace egret::crypto
