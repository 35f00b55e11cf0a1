#pragma once

#include "registry/base/bytes.h"

#include <cstddef>

namespace egret::vault {

/// A key of 32 bytes in memory of its own that is never written to swap or to a core dump, and is
/// wiped at the end.
class LockedKey {
public:
    static constexpr std::size_t key_bytes = 32;

    /// Copies `key`, which has key_bytes bytes; the caller's copy is the caller's to wipe.
    /// Throws std::system_error if the memory can't be had or can't be locked (`ulimit -l`).
    explicit LockedKey(ByteView key);
    ~LockedKey();

    LockedKey(const LockedKey&) = delete;
    LockedKey& operator=(const LockedKey&) = delete;

    ByteView view() const noexcept { return {place_, key_bytes}; }

private:
    std::uint8_t* place_;
    std::size_t place_bytes_;
};

}  // namespace egret::vault
