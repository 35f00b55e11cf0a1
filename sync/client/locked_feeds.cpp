#include "sync/client/detail/locked_feeds.h"

#include "sync/client/detail/calls.h"
#include "sync/client/detail/http_status.h"
#include "sync/core/envelope.h"
#include "sync/core/feed.h"

#include <algorithm>
#include <utility>

namespace egret::client::detail {
namespace {

using sync::SyncStep;

// As much as a registry that is never opened lets gather: a page has up to a megabyte.
constexpr std::size_t kept_pages_max = 64;

Error not_understood() { return {ErrorCode::unavailable, "", msg("feed.malformed")}; }

}  // namespace

LockedFeed::LockedFeed(const InboxFolder& folder, HeldLink& link, Random& random,
                       const sync::FeedHead& head)
    : folder_(folder),
      link_(link),
      random_(random),
      head_(head),
      trail_(head.scope, folder.cursors()) {}

LockedFeed::Asked LockedFeed::start(Instant now) {
    follow_kept();
    return ask(now);
}

/// Which of the pages that lie there go on from the registry's cursor.
void LockedFeed::follow_kept() {
    kept_.clear();
    auto pos = trail_.newest().pos;
    for (const auto& item : folder_.items_of(head_.scope)) {
        if (item.first_pos != pos + 1) continue;
        kept_.push_back(item);
        pos = item.last_pos;
    }
}

LockedFeed::Asked LockedFeed::ask(Instant now) {
    if (kept_.size() >= kept_pages_max) return std::nullopt;
    const Caller caller{link_.membership().device, link_.keys().epoch(), link_.keys().sign_key(),
                        now, random_};
    if (kept_.empty()) {
        const auto cursor = trail_.newest();
        return feed_request(head_.scope, cursor.pos, cursor.hash, caller);
    }
    // Of the hash after an unopened page no more is known.
    Hash half{};
    std::copy(kept_.back().last_hash.begin(), kept_.back().last_hash.end(), half.begin());
    return feed_request(head_.scope, kept_.back().last_pos, half, caller);
}

LockedFeed::Asked LockedFeed::next(const Result<http::Response>& answer, Instant now) {
    if (!answer) return fail(SyncStep::wait, answer.error());
    switch (answer->status) {
        case http_ok: return on_page(answer->body, now);
        case http_conflict: return on_rewound(now);
        case http_gone: return std::nullopt;
        case http_upgrade:
            return fail(SyncStep::stop, {ErrorCode::unsupported, "", msg("sync.program_too_old")});
        default: break;
    }
    if (auto refused = sync::refusal_of(answer->status))
        return fail(refused->step, std::move(refused->error));
    return fail(SyncStep::wait, {ErrorCode::unavailable, "", msg("feed.refused")});
}

LockedFeed::Asked LockedFeed::on_page(ByteView envelope, Instant now) {
    if (!sync::verify_envelope(envelope, link_.bundle().receipt_keys()))
        return fail(SyncStep::wait, not_understood());
    const auto outside = sync::outside_of_page(envelope);
    const auto asked = kept_.empty() ? trail_.newest().pos : kept_.back().last_pos;
    if (!outside || outside->first_pos != asked + 1) return fail(SyncStep::wait, not_understood());
    if (outside->last_pos < outside->first_pos) return std::nullopt;  // Nothing is new.
    const InboxItem item{head_.scope, outside->first_pos, outside->last_pos, outside->last_hash};
    folder_.add(item, envelope);
    kept_.push_back(item);
    fetched_ += item.last_pos - item.first_pos + 1;
    return item.last_pos >= head_.pos ? std::nullopt : ask(now);
}

/// The centre was restored. What was fetched from the centre of before goes, and then the newest
/// cursors of it.
LockedFeed::Asked LockedFeed::on_rewound(Instant now) {
    if (kept_.empty() && trail_.newest().pos == 0) return fail(SyncStep::wait, not_understood());
    if (kept_.empty()) trail_.on_rewound();
    for (const auto& item : folder_.items_of(head_.scope)) folder_.remove(item);
    kept_.clear();
    return ask(now);
}

LockedFeed::Asked LockedFeed::fail(SyncStep step, Error error) {
    refusal_ = sync::Refusal{std::move(error), step};
    return std::nullopt;
}

}  // namespace egret::client::detail
