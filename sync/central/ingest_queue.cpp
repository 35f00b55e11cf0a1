#include "sync/central/ingest_queue.h"

#include <utility>

namespace egret::central {
namespace {

codec::EncodedEvent encoded_entry(sync::LogEntry& entry) {
    codec::EncodedEvent event;
    event.header = std::move(entry.header);
    event.is_erased = !entry.content;
    if (entry.content) {
        event.salt = entry.content->salt;
        event.payload = std::move(entry.content->payload);
    }
    return event;
}

}  // namespace

WaitingUpload::WaitingUpload(Upload&& brought) : upload(std::move(brought)) {
    events.reserve(upload.batch.events.size());
    for (auto& entry : upload.batch.events) events.push_back(encoded_entry(entry));
}

Result<Ingested> IngestQueue::pass(Upload upload, const StoreGroup& store) {
    WaitingUpload mine(std::move(upload));
    {
        std::unique_lock lock(mutex_);
        queue_.push_back(&mine);
        changed_.wait(lock, [&] { return mine.is_done() || !is_led_; });
        if (!mine.is_done()) lead(lock, mine, store);
    }
    if (mine.failure) std::rethrow_exception(mine.failure);
    return *std::move(mine.outcome);
}

/// Until its own upload is done: of those behind it another one leads.
void IngestQueue::lead(std::unique_lock<std::mutex>& lock, const WaitingUpload& mine,
                       const StoreGroup& store) {
    is_led_ = true;
    while (!mine.is_done()) {
        next_group();
        lock.unlock();
        std::exception_ptr failure;
        try {
            store(group_);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        // Nobody waits for ever, whatever happened.
        for (auto* one : group_) {
            if (failure && !one->is_done()) one->failure = failure;
        }
        group_.clear();
    }
    is_led_ = false;
    changed_.notify_all();
}

/// Takes no memory: nothing here may fail.
void IngestQueue::next_group() {
    std::size_t facts = 0;
    while (!queue_.empty() && group_.size() < uploads_max) {
        facts += queue_.front()->events.size();
        if (!group_.empty() && facts > facts_max) break;
        group_.push_back(queue_.front());
        queue_.pop_front();
    }
}

std::size_t IngestQueue::waiting() {
    const std::lock_guard lock(mutex_);
    return queue_.size() + group_.size();
}

}  // namespace egret::central
