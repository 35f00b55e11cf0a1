#include "registry/files/file_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace egret {
namespace {

[[noreturn]] void fail_to_lock() {
    throw std::system_error(errno, std::generic_category(), "lock a file");
}

}  // namespace

FileLock FileLock::open(const std::string& path) {
    FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.file_ < 0) fail_to_lock();
    return lock;
}

std::optional<FileLock> FileLock::take(const std::string& path) {
    auto lock = open(path);
    if (::flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno == EWOULDBLOCK) return std::nullopt;
    fail_to_lock();
}

FileLock FileLock::wait(const std::string& path) {
    auto lock = open(path);
    while (::flock(lock.file_, LOCK_EX) != 0) {
        if (errno != EINTR) fail_to_lock();
    }
    return lock;
}

FileLock::~FileLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace egret
