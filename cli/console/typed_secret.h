#pragma once

#include "registry/base/bytes.h"
#include "registry/vault/locked_memory.h"

#include <cstddef>
#include <cstdint>

namespace egret::console {

/// A PIN, a passphrase or a recovery code that was typed or read from a file: in memory that is
/// never swapped, and is wiped at the end.
class TypedSecret {
public:
    static constexpr std::size_t bytes_max = 256;

    /// Empty. Throws std::system_error if memory can't be locked.
    TypedSecret() : memory_(bytes_max + 1) {}

    ByteView view() const noexcept { return memory_.view().first(size_); }

    std::size_t size() const noexcept { return size_; }

    bool empty() const noexcept { return size_ == 0; }

    /// One more than bytes_max is kept, which tells that it was too long; no others are.
    void push_back(char byte) noexcept {
        if (size_ <= bytes_max) memory_.span()[size_++] = static_cast<std::uint8_t>(byte);
    }

    char back() const noexcept { return static_cast<char>(memory_.view()[size_ - 1]); }

    void pop_back() noexcept { memory_.span()[--size_] = 0; }

private:
    vault::LockedMemory memory_;
    std::size_t size_ = 0;
};

}  // namespace egret::console
