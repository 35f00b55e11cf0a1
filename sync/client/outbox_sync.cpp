#include "sync/client/outbox_sync.h"

#include "sync/client/detail/locked_feeds.h"
#include "sync/client/detail/outbox_upload.h"
#include "sync/client/held_link.h"
#include "sync/client/inbox_folder.h"
#include "sync/core/key_bundle.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace egret::client {

using detail::last_of;
using detail::standing_of;

std::optional<sync::Standing> OutboxSync::kept_standing(const sync::KeyBundle& bundle) const {
    const auto receipt = folder_.find_receipt();
    if (!receipt) return std::nullopt;
    return standing_of(*receipt, {parts_.keys.membership()->device, bundle});
}

Result<std::unique_ptr<SyncSession>> OutboxSync::session(const std::string& url) {
    auto lock = parts_.disk.take_lock(outbox_lock_path(dir_));
    if (!lock) return Error{ErrorCode::unavailable, "", msg("outbox.busy")};
    auto link = HeldLink::of(parts_.keys, {dir_, parts_.link_key, parts_.disk});
    if (!link) return std::move(link).error();
    auto now = std::max(parts_.clock.now(), parts_.not_before);
    std::vector<Instant> known;
    if (const auto standing = kept_standing((*link)->bundle())) {
        known.push_back(instant_from_unix_ms(standing->server_time_ms));
        now = std::max(now, known.back());
    }
    SyncSession::Parts parts;
    parts.make_uploads = [folder = folder_, &by = **link, &random = parts_.random] {
        return std::make_unique<detail::OutboxUpload>(folder, by, random);
    };
    parts.feeds = std::make_unique<detail::LockedFeeds>(InboxFolder(dir_, parts_.disk), **link,
                                                        parts_.random);
    parts.random = &parts_.random;
    parts.lock = std::move(lock);
    parts.link = *std::move(link);
    return std::make_unique<SyncSession>(std::move(parts),
                                         SyncSession::Line{url, now, std::move(known)});
}

Result<ClinicLink::Outcome> OutboxSync::sync(const std::string& url, Progress& progress) {
    auto begun = session(url);
    if (!begun) return std::move(begun).error();
    return carry_out(
        **begun, connect_, [this] { return parts_.clock.now(); }, progress);
}

OutboxStatus OutboxSync::status() const {
    OutboxStatus status;
    const auto& membership = *parts_.keys.membership();
    const auto bundle = sync::open_bundle(membership.bundle, membership.root);
    const auto standing = bundle ? kept_standing(*bundle) : std::nullopt;
    const auto items = folder_.items();
    auto from = items.empty() ? 0 : items.front().first_seq - 1;
    if (standing) {
        status.acked_seq = standing->head_seq;
        status.server_time = instant_from_unix_ms(standing->server_time_ms);
        from = std::max(from, standing->head_seq);
    }
    const auto last = last_of(items);
    status.left = last > from ? last - from : 0;
    return status;
}

}  // namespace egret::client
