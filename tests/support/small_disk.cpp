#include "tests/support/small_disk.h"

#include <cerrno>
#include <cstddef>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace egret::tests {
namespace {

bool is_small = false;
int left = 0;
int refused = 0;

/// One more operation: false, if there is no room for it.
bool takes_room() {
    if (left > 0) {
        --left;
        return true;
    }
    ++refused;
    errno = ENOSPC;
    return false;
}

/// Whether a write may be done that ends at `end` of the file.
bool has_room(int file, off64_t begin, std::size_t length) {
    struct stat found {};
    if (!is_small || file <= STDERR_FILENO || length == 0 || ::fstat(file, &found) != 0 ||
        !S_ISREG(found.st_mode))
        return true;
    const bool grows = begin + static_cast<off64_t>(length) > found.st_size;
    return !grows || takes_room();
}

bool may_sync(int file) {
    struct stat found {};
    if (!is_small || ::fstat(file, &found) != 0) return true;
    return (!S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)) || takes_room();
}

ssize_t write_at(int file, const void* bytes, std::size_t length, off64_t begin) {
    if (!has_room(file, begin, length)) return -1;
    return ::syscall(SYS_pwrite64, file, bytes, length, begin);
}

}  // namespace

SmallDisk::SmallDisk(int operations) {
    left = operations;
    refused = 0;
    is_small = true;
}

SmallDisk::~SmallDisk() { is_small = false; }

bool SmallDisk::was_full() const noexcept { return refused > 0; }

}  // namespace egret::tests

// In place of the C library's: what a program defines itself its libraries call, too.
extern "C" {

ssize_t write(int file, const void* bytes, std::size_t length) {
    if (egret::tests::is_small) {
        const auto begin = ::lseek64(file, 0, SEEK_CUR);
        if (begin >= 0 && !egret::tests::has_room(file, begin, length)) return -1;
    }
    return ::syscall(SYS_write, file, bytes, length);
}

ssize_t pwrite(int file, const void* bytes, std::size_t length, off_t begin) {
    return egret::tests::write_at(file, bytes, length, begin);
}

ssize_t pwrite64(int file, const void* bytes, std::size_t length, off64_t begin) {
    return egret::tests::write_at(file, bytes, length, begin);
}

int fsync(int file) {
    if (!egret::tests::may_sync(file)) return -1;
    return static_cast<int>(::syscall(SYS_fsync, file));
}

int fdatasync(int file) {
    if (!egret::tests::may_sync(file)) return -1;
    return static_cast<int>(::syscall(SYS_fdatasync, file));
}
}
