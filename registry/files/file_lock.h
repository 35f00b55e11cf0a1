#pragma once

#include <optional>
#include <string>
#include <utility>

namespace egret {

/// What only one process at a time may have: a lock on a file, which is made if it isn't there and
/// stays. The kernel lets it go when its process ends, however it ends.
class FileLock {
public:
    /// Nothing, if somebody else has it.
    /// Throws std::system_error if the file can't be made or locked.
    static std::optional<FileLock> take(const std::string& path);
    /// Waits until nobody else has it: for locks that everybody holds for a moment only.
    /// Throws as take() does.
    static FileLock wait(const std::string& path);

    ~FileLock();
    FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;

private:
    explicit FileLock(int file) noexcept : file_(file) {}

    static FileLock open(const std::string& path);

    int file_;
};

}  // namespace egret
