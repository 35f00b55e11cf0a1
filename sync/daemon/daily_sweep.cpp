#include "sync/daemon/daily_sweep.h"

#include <chrono>
#include <exception>
#include <string>

namespace egret::daemon {
namespace {

constexpr std::chrono::hours a_day{24};

}  // namespace

DailySweep::DailySweep(central::FeedStore& feeds, const Clock& clock, const http::Log& log)
    : feeds_(feeds), clock_(clock), log_(log), thread_([this] { run(); }) {}

DailySweep::~DailySweep() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void DailySweep::run() {
    std::unique_lock lock(mutex_);
    while (!is_ending_) {
        lock.unlock();
        sweep();
        lock.lock();
        wake_.wait_for(lock, a_day, [this] { return is_ending_; });
    }
}

void DailySweep::sweep() {
    try {
        feeds_.sweep_feeds(clock_.now());
    } catch (const std::exception& broken) {
        log_(std::string("the sweep of the feeds failed: ") + broken.what());
    }
}

}  // namespace egret::daemon
