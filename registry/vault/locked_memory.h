#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>

namespace egret::vault {

/// This user may lock no more memory: `ulimit -l`.
class MemoryLimit final : public std::system_error {
public:
    using std::system_error::system_error;
};

/// Memory of its own that is never written to swap or to a core dump, and is wiped at the end; so
/// in a process that is forked. It takes whole pages, so it is for few and small things.
class LockedMemory {
public:
    /// `size` zeros. Throws MemoryLimit if the memory can't be locked, std::system_error if there
    /// is none.
    explicit LockedMemory(std::size_t size);
    ~LockedMemory();

    LockedMemory(LockedMemory&& other) noexcept;
    LockedMemory& operator=(LockedMemory&& other) noexcept;

    std::span<std::uint8_t> span() noexcept { return {place_, size_}; }

    std::span<const std::uint8_t> view() const noexcept { return {place_, size_}; }

private:
    std::uint8_t* place_ = nullptr;
    std::size_t size_ = 0;
    std::size_t place_bytes_ = 0;
};

}  // namespace egret::vault
