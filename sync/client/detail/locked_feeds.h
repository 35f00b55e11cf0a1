#pragma once

#include "registry/base/random.h"
#include "sync/client/detail/feeds.h"
#include "sync/client/held_link.h"
#include "sync/client/inbox_folder.h"
#include "sync/core/feed_cursor.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace egret::client::detail {

/// Follows a feed while the registry is locked: the pages are kept unopened, for its opening.
///
/// What a snapshot would bring waits until then, too: where that goes on stands inside of its
/// pages.
class LockedFeed final : public FeedTalk {
public:
    /// All outlive it.
    LockedFeed(const InboxFolder& folder, HeldLink& link, Random& random,
               const sync::FeedHead& head);

    std::optional<http::Request> start(Instant now) override;
    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override;

    const std::optional<sync::Refusal>& refusal() const override { return refusal_; }

    std::uint64_t received() const override { return 0; }

    std::uint64_t fetched() const override { return fetched_; }

private:
    using Asked = std::optional<http::Request>;

    Asked ask(Instant now);
    Asked on_page(ByteView envelope, Instant now);
    Asked on_rewound(Instant now);
    Asked fail(sync::SyncStep step, Error error);
    void follow_kept();

    const InboxFolder& folder_;
    HeldLink& link_;
    Random& random_;
    sync::FeedHead head_;          // As the centre said it in this sync.
    sync::CursorTrail trail_;      // The registry's, as of when it was last open.
    std::vector<InboxItem> kept_;  // Pages that go on from there, in order.
    int pages_ = 0;                // Fetched in this run.
    std::uint64_t fetched_ = 0;    // Items of these.
    std::optional<sync::Refusal> refusal_;
};

class LockedFeeds final : public Feeds {
public:
    /// Both outlive it.
    LockedFeeds(InboxFolder folder, HeldLink& link, Random& random)
        : folder_(std::move(folder)), link_(link), random_(random) {}

    std::unique_ptr<FeedTalk> follow(const sync::FeedHead& head) override {
        return std::make_unique<LockedFeed>(folder_, link_, random_, head);
    }

private:
    InboxFolder folder_;
    HeldLink& link_;
    Random& random_;
};

}  // namespace egret::client::detail
