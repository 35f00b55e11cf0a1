#pragma once

namespace egret::tests {

/// While this lives the disk is full after so many of this process's operations that take room: a
/// write beyond a file's end, or the writing of a file or a folder to the disk. Nothing that is
/// removed meanwhile makes room again. Standard output is another disk.
///
/// One thread, one at a time. It stands between the program and the C library, for SQLite too.
class SmallDisk {
public:
    explicit SmallDisk(int operations);
    ~SmallDisk();

    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    /// Something was refused.
    bool was_full() const noexcept;
};

}  // namespace egret::tests
