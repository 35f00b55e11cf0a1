#pragma once

#include "registry/base/result.h"
#include "sync/core/feed.h"
#include "sync/core/feed_cursor.h"

#include <cstdint>
#include <optional>

namespace egret::sync {

/// What a device remembers of one scope's feed, in the same file as what it took in.
struct FeedPlace {
    CursorTrail trail;
    /// Amid a snapshot: what to ask its next page with; empty for its first.
    std::optional<Bytes> snapshot;
};

/// Whether `page` is one that follows `cursor`.
bool does_follow(const FeedPage& page, const FeedCursor& cursor);

enum class FeedStep : std::uint8_t {
    ask_page,      // GET the feed at cursor(), then on_page, on_status or on_failure.
    ask_snapshot,  // GET the snapshot with *place().snapshot, then the same.
    apply,         // Take page() in, which may be empty, and save after_page() in the same
                   // transaction, then on_applied.
    done,          // All is here that the centre had.
    wait,          // Not now: error() says why. Nothing is lost.
    stop,          // A person must do something first: error() says what.
};

/// One scope's feed at a clinic, as a machine that is told what happened and says what to do. No
/// I/O, no clock.
class FeedClient {
public:
    explicit FeedClient(FeedPlace place) : place_(std::move(place)) {}

    FeedStep start();

    /// What open_page gave.
    FeedStep on_page(FeedPage page);
    /// Another status than 200.
    FeedStep on_status(int status);
    /// No answer, or one that open_page refused: `error` says why.
    FeedStep on_failure(Error error);
    /// page() is taken in, and after_page() saved with it.
    FeedStep on_applied();

    FeedCursor cursor() const { return place_.trail.newest(); }

    const FeedPlace& place() const noexcept { return place_; }

    const FeedPage& page() const noexcept { return page_; }

    /// What is to be remembered once page() is taken in.
    FeedPlace after_page() const;

    /// True from the first page of a snapshot on, until the cursor behind its last one is saved. By
    /// then the scope holds what the snapshot said, and what the feed says after it.
    bool is_in_snapshot() const noexcept { return place_.snapshot.has_value(); }

    const std::optional<Error>& error() const noexcept { return error_; }

private:
    FeedStep next();
    FeedStep on_rewound();
    FeedStep on_compacted();
    FeedStep end_with(FeedStep step, Error error);

    FeedPlace place_;
    FeedPage page_;
    FeedStep step_ = FeedStep::wait;
    int setbacks_ = 0;        // Since a page was taken in.
    bool went_back_ = false;  // And nothing was saved since.
    std::optional<Error> error_;
};

}  // namespace egret::sync
