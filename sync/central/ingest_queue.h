#pragma once

#include "registry/codec/event_codec.h"
#include "sync/central/store.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace egret::central {

/// An upload on its way into the store, and then what became of it.
struct WaitingUpload {
    explicit WaitingUpload(Upload&& brought);

    Upload upload;                            // Its events without header and content, which are:
    std::vector<codec::EncodedEvent> events;  // one for each of them.
    std::optional<Result<Ingested>> outcome{};
    std::exception_ptr failure{};  // Instead of an outcome.

    bool is_done() const noexcept { return outcome.has_value() || failure != nullptr; }
};

/// Uploads that come while the store is at work go into it together, as the next group: one commit
/// for all of them. One of the threads that brought them stores it, the others wait. Who comes
/// alone waits for nobody.
class IngestQueue {
public:
    /// A group has no more of either, but always one upload.
    static constexpr std::size_t uploads_max = 16;
    static constexpr std::size_t facts_max = 4000;

    using Group = std::span<WaitingUpload* const>;
    /// Stores a group, in its order. Each of them is done after it.
    using StoreGroup = std::function<void(Group)>;

    IngestQueue() { group_.reserve(uploads_max); }

    /// What became of the upload; throws what storing it threw. Groups are stored one at a time,
    /// in the order in which their uploads came.
    Result<Ingested> pass(Upload upload, const StoreGroup& store);

    /// How many wait now, those that are being stored among them.
    std::size_t waiting();

private:
    void next_group();
    void lead(std::unique_lock<std::mutex>& lock, const WaitingUpload& mine,
              const StoreGroup& store);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<WaitingUpload*> queue_;
    std::vector<WaitingUpload*> group_;  // Which is being stored.
    bool is_led_ = false;
};

}  // namespace egret::central
