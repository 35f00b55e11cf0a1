#pragma once

#include "registry/base/bytes.h"

#include <cstdint>
#include <span>
#include <utility>

namespace egret::crypto {

/// Overwrites `bytes` with zeros; the compiler may not leave it out.
void wipe(std::span<std::uint8_t> bytes) noexcept;

/// Bytes that are overwritten when they are no longer needed. They can be moved, not copied by
/// accident: `Secret(other.view())` says that a second one is meant.
class Secret {
public:
    Secret() = default;
    explicit Secret(ByteView bytes) : bytes_(copy_of(bytes)) {}
    /// Takes the bytes over; no other copy is left behind.
    explicit Secret(Bytes&& bytes) noexcept : bytes_(std::move(bytes)) {}

    ~Secret() { wipe(bytes_); }

    Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

    Secret& operator=(Secret&& other) noexcept {
        bytes_.swap(other.bytes_);
        return *this;
    }

    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    /// `size` zeros, to be filled through span().
    static Secret of_size(std::size_t size) { return Secret(Bytes(size, 0)); }

    ByteView view() const noexcept { return bytes_; }

    std::span<std::uint8_t> span() noexcept { return bytes_; }

    std::size_t size() const noexcept { return bytes_.size(); }

    operator ByteView() const noexcept { return bytes_; }

private:
    Bytes bytes_;
};

}  // namespace egret::crypto
