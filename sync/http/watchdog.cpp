#include "sync/http/watchdog.h"

#include "sync/http/detail/received_bytes.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace egret::http {

Watchdog::Watchdog() : thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

std::optional<Watchdog::Watch> Watchdog::watch(int socket, Duration deadline) {
    const int own = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const auto id = next_id_++;
    watched_.emplace(id, Watched{own, std::chrono::steady_clock::now() + deadline});
    changed_.notify_all();
    return Watch(*this, id);
}

std::size_t Watchdog::cut_count() const {
    const std::lock_guard lock(mutex_);
    return cut_count_;
}

void Watchdog::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const auto now = std::chrono::steady_clock::now();
        auto next = Moment::max();
        for (auto& [id, watched] : watched_) {
            if (watched.deadline <= now) {
                ::shutdown(watched.socket, SHUT_RDWR);
                watched.deadline = Moment::max();
                ++cut_count_;
            }
            next = std::min(next, watched.deadline);
        }
        if (next == Moment::max()) {
            changed_.wait(lock);
        } else {
            changed_.wait_until(lock, next);
        }
    }
}

Watchdog::Watch::Watch(Watch&& other) noexcept
    : dog_(std::exchange(other.dog_, nullptr)), id_(other.id_) {}

Watchdog::Watch::~Watch() {
    if (dog_ == nullptr) return;
    const std::lock_guard lock(dog_->mutex_);
    const auto own = dog_->watched_.extract(id_);
    ::close(own.mapped().socket);
}

void Watchdog::Watch::restart(Duration deadline) {
    const std::lock_guard lock(dog_->mutex_);
    auto& watched = dog_->watched_.at(id_);
    if (watched.deadline == Moment::max()) return;
    // A later deadline needs no word to the thread: it wakes too early, and looks again.
    const auto at = std::chrono::steady_clock::now() + deadline;
    if (at < watched.deadline) dog_->changed_.notify_all();
    watched.deadline = at;
}

void Watchdog::Watch::cut() {
    const std::lock_guard lock(dog_->mutex_);
    auto& watched = dog_->watched_.at(id_);
    ::shutdown(watched.socket, SHUT_RDWR);
    watched.deadline = Moment::max();
}

std::uint64_t Watchdog::Watch::bytes_received() const {
    const std::lock_guard lock(dog_->mutex_);
    return received_bytes(dog_->watched_.at(id_).socket);
}

bool Watchdog::Watch::is_cut() const {
    const std::lock_guard lock(dog_->mutex_);
    return dog_->watched_.at(id_).deadline == Moment::max();
}

}  // namespace egret::http
