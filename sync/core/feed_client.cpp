#include "sync/core/feed_client.h"

#include "registry/base/ensure.h"
#include "sync/core/sync_client.h"

#include <utility>

namespace egret::sync {
namespace {

// Each kept cursor may be refused once, and a snapshot begun anew.
constexpr int setbacks_max = static_cast<int>(limits::cursor_trail_max) + 4;

constexpr int http_conflict = 409;
constexpr int http_gone = 410;
constexpr int http_upgrade = 426;

}  // namespace

bool does_follow(const FeedPage& page, const FeedCursor& cursor) {
    return page.kind == FeedPageKind::feed && page.scope == cursor.scope &&
           page.first_pos == cursor.pos + 1 && page.prev_hash == cursor.hash;
}

FeedStep FeedClient::start() {
    error_.reset();
    setbacks_ = 0;
    return next();
}

FeedStep FeedClient::on_page(FeedPage page) {
    EGRET_ENSURE(step_ == FeedStep::ask_page || step_ == FeedStep::ask_snapshot);
    const bool is_wanted = step_ == FeedStep::ask_page ? does_follow(page, cursor())
                                                       : page.kind == FeedPageKind::snapshot &&
                                                             page.scope == place_.trail.scope() &&
                                                             page.asked == *place_.snapshot;
    if (!is_wanted)
        return end_with(FeedStep::wait, {ErrorCode::unavailable, "", msg("feed.malformed")});
    page_ = std::move(page);
    const bool is_empty = page_.kind == FeedPageKind::feed && page_.items.empty();
    if (!is_empty) return step_ = FeedStep::apply;
    // Which cursors the centre knows no longer is remembered, too.
    if (page_.head_pos == cursor().pos)
        return step_ = went_back_ ? FeedStep::apply : FeedStep::done;
    return end_with(FeedStep::wait, {ErrorCode::unavailable, "", msg("sync.no_progress")});
}

FeedStep FeedClient::on_status(int status) {
    EGRET_ENSURE(step_ == FeedStep::ask_page || step_ == FeedStep::ask_snapshot);
    if (status == http_upgrade)
        return end_with(FeedStep::stop, {ErrorCode::unsupported, "", msg("sync.program_too_old")});
    if (status == http_conflict || status == http_gone) {
        if (++setbacks_ > setbacks_max)
            return end_with(FeedStep::wait, {ErrorCode::unavailable, "", msg("sync.no_progress")});
        // A snapshot's next page is asked for with what the centre said: it forgot, or is another.
        const bool is_lost = step_ == FeedStep::ask_snapshot;
        return status == http_conflict && !is_lost ? on_rewound() : on_compacted();
    }
    if (auto refused = refusal_of(status))
        return end_with(refused->step == SyncStep::stop ? FeedStep::stop : FeedStep::wait,
                        std::move(refused->error));
    return end_with(FeedStep::wait, {ErrorCode::unavailable, "", msg("feed.refused")});
}

FeedStep FeedClient::on_failure(Error error) {
    const bool is_newer = error.code == ErrorCode::unsupported;
    return end_with(is_newer ? FeedStep::stop : FeedStep::wait, std::move(error));
}

FeedStep FeedClient::on_applied() {
    EGRET_ENSURE(step_ == FeedStep::apply);
    place_ = after_page();
    setbacks_ = 0;
    went_back_ = false;
    const bool is_last = page_.kind == FeedPageKind::feed && page_.end().pos == page_.head_pos;
    page_ = {};
    return is_last ? step_ = FeedStep::done : next();
}

FeedPlace FeedClient::after_page() const {
    auto place = place_;
    if (const auto cursor = save_cursor(page_, page_.items.size())) {
        place.trail.advance(*cursor);
        place.snapshot.reset();
    } else {
        place.snapshot = page_.next;
    }
    return place;
}

FeedStep FeedClient::next() {
    return step_ = place_.snapshot ? FeedStep::ask_snapshot : FeedStep::ask_page;
}

FeedStep FeedClient::on_rewound() {
    place_.trail.on_rewound();
    went_back_ = true;
    return next();
}

FeedStep FeedClient::on_compacted() {
    place_.snapshot = Bytes();
    return next();
}

FeedStep FeedClient::end_with(FeedStep step, Error error) {
    error_ = std::move(error);
    return step_ = step;
}

}  // namespace egret::sync
