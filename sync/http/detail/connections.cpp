#include "sync/http/detail/connections.h"

#include <utility>

namespace egret::http {

bool Connections::is_full(const std::string& address) const {
    const auto count = per_address_.find(address);
    return count != per_address_.end() && count->second >= per_address_max_;
}

bool Connections::has_room_for(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (!is_full(address) || relieve_one(&address)) return true;
    ++refused_count_;
    return false;
}

std::optional<Connections::Connection> Connections::open(int socket, const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return std::nullopt;
    auto watch = is_full(address) ? std::nullopt : dog_.watch(socket, first_deadline_);
    if (!watch) {
        ++refused_count_;
        return std::nullopt;
    }
    ++per_address_[address];
    entries_.push_front({address, std::move(*watch), std::chrono::steady_clock::now()});
    return Connection(*this, entries_.begin());
}

void Connections::relieve(std::size_t count) {
    const std::lock_guard lock(mutex_);
    while (count > 0 && relieve_one(nullptr)) --count;
}

bool Connections::relieve_one(const std::string* address) {
    const auto now = std::chrono::steady_clock::now();
    auto slowest = entries_.end();
    double slowest_rate = 0;
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
        if (entry->answering || !entry->holds_place || now - entry->waiting_since < grace_)
            continue;
        if (address != nullptr && entry->address != *address) continue;
        const std::chrono::duration<double> waited = now - entry->waiting_since;
        const auto bytes = entry->watch.bytes_received() - entry->bytes_before;
        const double rate = static_cast<double>(bytes) / waited.count();
        if (slowest != entries_.end() && rate >= slowest_rate) continue;
        slowest = entry;
        slowest_rate = rate;
    }
    if (slowest == entries_.end()) return false;
    slowest->watch.cut();
    leave_place(*slowest);
    ++relieved_count_;
    return true;
}

void Connections::leave_place(Entry& entry) {
    if (!entry.holds_place) return;
    entry.holds_place = false;
    const auto count = per_address_.find(entry.address);
    if (--count->second == 0) per_address_.erase(count);
}

void Connections::close_idle() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& entry : entries_) {
        if (entry.is_idle) entry.watch.cut();
    }
}

bool Connections::wait_until_none(Duration patience) {
    std::unique_lock lock(mutex_);
    return closed_.wait_for(lock, patience, [this] { return entries_.empty(); });
}

void Connections::cut_all() {
    const std::lock_guard lock(mutex_);
    for (auto& entry : entries_) entry.watch.cut();
}

bool Connections::stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

std::size_t Connections::refused_count() const {
    const std::lock_guard lock(mutex_);
    return refused_count_;
}

std::size_t Connections::relieved_count() const {
    const std::lock_guard lock(mutex_);
    return relieved_count_;
}

Connections::Connection::Connection(Connection&& other) noexcept
    : all_(std::exchange(other.all_, nullptr)), entry_(other.entry_) {}

Connections::Connection::~Connection() {
    if (all_ == nullptr) return;
    const std::lock_guard lock(all_->mutex_);
    all_->leave_place(*entry_);
    all_->entries_.erase(entry_);
    all_->closed_.notify_all();
}

void Connections::Connection::begin_request(Duration deadline) {
    const std::lock_guard lock(all_->mutex_);
    entry_->is_idle = false;
    entry_->watch.restart(deadline);
}

void Connections::Connection::begin_answer() {
    const std::lock_guard lock(all_->mutex_);
    entry_->answering = true;
}

void Connections::Connection::extend(Duration deadline) {
    const std::lock_guard lock(all_->mutex_);
    entry_->watch.restart(deadline);
}

void Connections::Connection::end_answer(Duration deadline) {
    const std::lock_guard lock(all_->mutex_);
    entry_->answering = false;
    entry_->is_idle = true;
    entry_->waiting_since = std::chrono::steady_clock::now();
    entry_->bytes_before = entry_->watch.bytes_received();
    entry_->watch.restart(deadline);
    // It was busy when the idle ones were cut, and would now wait for a request in vain.
    if (all_->stopping_) entry_->watch.cut();
}

}  // namespace egret::http
