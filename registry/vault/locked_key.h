#pragma once

#include "registry/base/bytes.h"
#include "registry/vault/locked_memory.h"

#include <cstddef>

namespace egret::vault {

/// A key of 32 bytes in locked memory.
class LockedKey {
public:
    static constexpr std::size_t key_bytes = 32;

    /// Copies `key`, which has key_bytes bytes; the caller's copy is the caller's to wipe.
    /// Throws as LockedMemory does.
    explicit LockedKey(ByteView key);

    LockedKey(const LockedKey&) = delete;
    LockedKey& operator=(const LockedKey&) = delete;

    ByteView view() const noexcept { return memory_.view(); }

private:
    LockedMemory memory_;
};

}  // namespace egret::vault
