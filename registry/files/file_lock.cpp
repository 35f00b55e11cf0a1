#include "registry/files/file_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace egret {

std::optional<FileLock> FileLock::take(const std::string& path) {
    FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.file_ >= 0 && ::flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
    if (lock.file_ >= 0 && errno == EWOULDBLOCK) return std::nullopt;
    throw std::system_error(errno, std::generic_category(), "lock a file");
}

FileLock::~FileLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace egret
