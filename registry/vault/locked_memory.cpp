#include "registry/vault/locked_memory.h"

#include "registry/crypto/wipe.h"

#include <cerrno>
#include <map>
#include <mutex>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace egret::vault {
namespace {

/// All that is locked: a process that is forked has the memory, and not the locks.
class Places {
public:
    static Places& all() {
        static Places places;
        return places;
    }

    void add(void* place, std::size_t bytes) {
        const std::lock_guard lock(mutex_);
        bytes_.emplace(place, bytes);
    }

    void remove(void* place) {
        const std::lock_guard lock(mutex_);
        bytes_.erase(place);
    }

private:
    Places() {
        ::pthread_atfork([] { all().mutex_.lock(); }, [] { all().mutex_.unlock(); },
                         [] {
                             all().lock_again();
                             all().mutex_.unlock();
                         });
    }

    /// What can't be locked is wiped: whoever needs it fails, and nothing of it goes to swap.
    void lock_again() {
        for (const auto& [place, bytes] : bytes_) {
            if (::mlock(place, bytes) != 0)
                crypto::wipe({static_cast<std::uint8_t*>(place), bytes});
        }
    }

    std::mutex mutex_;
    std::map<void*, std::size_t> bytes_;
};

}  // namespace

LockedMemory::LockedMemory(std::size_t size) : size_(size) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    place_bytes_ = (size + page - 1) / page * page;
    // A mapping of its own: locks count by whole pages of memory, and don't nest.
    void* place =
        ::mmap(nullptr, place_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), "no memory for a key");
    if (::mlock(place, place_bytes_) != 0 || ::madvise(place, place_bytes_, MADV_DONTDUMP) != 0) {
        const int error = errno;
        ::munmap(place, place_bytes_);
        throw MemoryLimit(error, std::generic_category(), "the memory of a key can't be locked");
    }
    Places::all().add(place, place_bytes_);
    place_ = static_cast<std::uint8_t*>(place);
}

LockedMemory::~LockedMemory() {
    if (place_ == nullptr) return;
    crypto::wipe(span());
    Places::all().remove(place_);
    ::munmap(place_, place_bytes_);
}

LockedMemory::LockedMemory(LockedMemory&& other) noexcept
    : place_(std::exchange(other.place_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      place_bytes_(std::exchange(other.place_bytes_, 0)) {}

LockedMemory& LockedMemory::operator=(LockedMemory&& other) noexcept {
    std::swap(place_, other.place_);
    std::swap(size_, other.size_);
    std::swap(place_bytes_, other.place_bytes_);
    return *this;
}

}  // namespace egret::vault
