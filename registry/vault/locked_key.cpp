#include "registry/vault/locked_key.h"

#include "registry/base/ensure.h"
#include "registry/crypto/wipe.h"

#include <algorithm>
#include <cerrno>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace egret::vault {
namespace {

[[noreturn]] void refuse_memory(int error, const char* what) {
    throw std::system_error(error, std::generic_category(), what);
}

}  // namespace

LockedKey::LockedKey(ByteView key)
    : place_(nullptr), place_bytes_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))) {
    EGRET_ENSURE(key.size() == key_bytes);
    // A mapping of its own: locks count by whole pages of memory, and don't nest.
    void* place =
        ::mmap(nullptr, place_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) refuse_memory(errno, "no memory for a key");
    if (::mlock(place, place_bytes_) != 0 || ::madvise(place, place_bytes_, MADV_DONTDUMP) != 0) {
        const int error = errno;
        ::munmap(place, place_bytes_);
        refuse_memory(error, "the memory of a key can't be locked");
    }
    place_ = static_cast<std::uint8_t*>(place);
    std::copy(key.begin(), key.end(), place_);
}

LockedKey::~LockedKey() {
    crypto::wipe({place_, key_bytes});
    ::munmap(place_, place_bytes_);
}

}  // namespace egret::vault
