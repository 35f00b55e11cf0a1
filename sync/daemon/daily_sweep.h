#pragma once

#include "registry/base/clock.h"
#include "sync/central/feed_store.h"
#include "sync/http/server.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace egret::daemon {

/// Sweeps the feeds (FeedStore::sweep_feeds) now and then once a day, in a thread of its own, as
/// long as it lives. What fails is logged, and tried again the next day.
class DailySweep {
public:
    /// All must outlive it.
    DailySweep(central::FeedStore& feeds, const Clock& clock, const http::Log& log);
    ~DailySweep();

    DailySweep(const DailySweep&) = delete;
    DailySweep& operator=(const DailySweep&) = delete;

private:
    void run();
    void sweep();

    central::FeedStore& feeds_;
    const Clock& clock_;
    const http::Log& log_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool is_ending_ = false;
    std::thread thread_;  // Last: it uses all of the others.
};

}  // namespace egret::daemon
