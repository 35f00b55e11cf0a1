#include "sync/central/call_answer.h"

#include "sync/central/page_seal.h"
#include "sync/core/feed.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <utility>

namespace egret::central {

CallAnswer::CallAnswer(const CourierServices& services, Device device, sync::Call call)
    : with_(services), device_(std::move(device)), call_(std::move(call)) {
    for (const auto& head : with_.store.news(device_.id, with_.clock.now()).feed)
        scopes_.push_back(head.scope);
    begin_scope();
}

std::optional<sync::RelayFile> CallAnswer::next() {
    while (!scopes_.empty() && pages_ < limits::stick_pages_max) {
        auto file = snapshot_ ? next_of_snapshot() : next_of_feed();
        if (!file) continue;
        ++pages_;
        return file;
    }
    return std::nullopt;
}

void CallAnswer::begin_scope() {
    if (scopes_.empty()) return;
    at_ = {scopes_.front(), 0, sync::feed_start};
    for (const auto& cursor : call_.cursors) {
        if (cursor.scope == at_.scope) at_ = cursor;
    }
    is_first_ = true;
    snapshot_.reset();
    snapshot_pages_ = 0;
}

void CallAnswer::end_scope() {
    scopes_.erase(scopes_.begin());
    begin_scope();
}

/// Nothing, if another step is to be taken, or the scope is done.
std::optional<sync::RelayFile> CallAnswer::next_of_feed() {
    // Only the first cursor is one that the device has told.
    const bool is_told = std::exchange(is_first_, false);
    const auto reply = is_told ? with_.store.feeds().feed_page(device_.id, at_, with_.clock.now())
                               : with_.store.feeds().later_page(device_.id, at_);
    if (!reply) {
        end_scope();
        return std::nullopt;
    }
    if (reply->answer == sync::FeedAnswer::compacted) {
        snapshot_ = Bytes();
        return std::nullopt;
    }
    if (reply->answer == sync::FeedAnswer::rewound) {
        // The device goes back to whichever of its cursors still holds.
        if (at_.pos == 0) {
            end_scope();
        } else {
            at_ = {at_.scope, 0, sync::feed_start};
        }
        return std::nullopt;
    }
    const auto& page = reply->page;
    if (page.items.empty()) {
        end_scope();
        return std::nullopt;
    }
    at_ = page.end();
    const sync::StickName name{sync::StickKind::page, device_.id, at_.scope,
                               page.first_pos,        at_.pos,    {}};
    return sync::RelayFile{name, sealed(page)};
}

std::optional<sync::RelayFile> CallAnswer::next_of_snapshot() {
    const auto reply =
        with_.store.feeds().snapshot_page(device_.id, at_.scope, *snapshot_, with_.clock.now());
    if (!reply || reply->answer != sync::FeedAnswer::page) {
        end_scope();
        return std::nullopt;
    }
    ++snapshot_pages_;
    const sync::StickName name{sync::StickKind::snapshot, device_.id,      at_.scope,
                               snapshot_pages_,           snapshot_pages_, {}};
    sync::RelayFile file{name, sealed(reply->page)};
    snapshot_ = reply->page.next;
    if (snapshot_->empty()) end_scope();
    return file;
}

Bytes CallAnswer::sealed(const sync::FeedPage& page) {
    return seal_page_for(device_, page, with_.keys, with_.random);
}

}  // namespace egret::central
