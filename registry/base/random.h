#pragma once

#include "registry/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace egret {

/// The only source of chance. Passed in, never reached for.
class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> out) = 0;

    template <std::size_t N>
    Fixed<N> bytes() {
        Fixed<N> out;
        fill(out);
        return out;
    }
};

/// A reproducible stream from a seed (xoshiro256**), for tests and simulated worlds. Never for
/// keys outside them.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed);

    void fill(std::span<std::uint8_t> out) override;

    std::uint64_t next();
    /// Uniform in [0, bound); bound > 0.
    std::uint64_t below(std::uint64_t bound);
    /// Uniform in [0, 1).
    double unit();

    bool chance(double probability) { return unit() < probability; }

private:
    std::uint64_t state_[4];
};

}  // namespace egret
