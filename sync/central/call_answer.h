#pragma once

#include "registry/base/clock.h"
#include "sync/central/courier.h"
#include "sync/central/feed_store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace egret::central {

/// What a call is answered with beside the receipt: for each scope of its device the pages after
/// the call's cursor; from the start, if the centre doesn't know that cursor; a snapshot, if what
/// follows it is gone. One page after the other, until there is no more, or as much as a stick is
/// to hold.
class CallAnswer {
public:
    CallAnswer(const CourierServices& services, Device device, sync::Call call);

    std::optional<sync::RelayFile> next();

private:
    std::optional<sync::RelayFile> next_of_feed();
    std::optional<sync::RelayFile> next_of_snapshot();
    void begin_scope();
    void end_scope();
    Bytes sealed(const sync::FeedPage& page);

    CourierServices with_;
    Device device_;
    sync::Call call_;
    std::vector<std::uint64_t> scopes_;  // Still to be answered.
    sync::FeedCursor at_;
    bool is_first_ = true;
    std::optional<Bytes> snapshot_;  // What its next page is asked for with.
    std::uint64_t snapshot_pages_ = 0;
    std::size_t pages_ = 0;
};

}  // namespace egret::central
