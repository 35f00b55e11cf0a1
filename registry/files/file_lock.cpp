#include "registry/files/file_lock.h"

#include "registry/files/file_error.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace egret {
namespace {

constexpr auto doing = "lock a file";

}  // namespace

FileLock FileLock::open(const std::string& path) {
    FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.file_ < 0) throw_file_error(doing, path);
    return lock;
}

std::optional<FileLock> FileLock::take(const std::string& path) {
    auto lock = open(path);
    if (::flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno == EWOULDBLOCK) return std::nullopt;
    throw_file_error(doing, path);
}

FileLock FileLock::wait(const std::string& path) {
    auto lock = open(path);
    while (::flock(lock.file_, LOCK_EX) != 0) {
        if (errno != EINTR) throw_file_error(doing, path);
    }
    return lock;
}

FileLock::~FileLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace egret
