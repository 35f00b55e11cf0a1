#include "sync/server/rate_limit.h"

namespace egret::server {

bool RateLimit::allows(const std::string& address, Instant now) {
    const std::lock_guard lock(mutex_);
    // A clock that was put back begins a new window, too.
    if (now < window_start_ || now - window_start_ >= bounds_.window) {
        window_start_ = now;
        count_ = 0;
        by_address_.clear();
    }
    if (count_ >= bounds_.altogether) return false;
    auto& of_address = by_address_[address];
    if (of_address >= bounds_.per_address) return false;
    ++of_address;
    ++count_;
    return true;
}

}  // namespace egret::server
