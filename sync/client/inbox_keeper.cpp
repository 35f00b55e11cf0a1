#include "sync/client/inbox_keeper.h"

#include "sync/client/detail/http_status.h"
#include "sync/client/detail/received_page.h"
#include "sync/client/detail/take_page.h"
#include "sync/core/feed_client.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace egret::client {
namespace {

using sync::FeedStep;

/// Goes back to the cursor that `page` follows, if it is one of those that are kept. False, if it
/// isn't.
bool go_back_to(sync::FeedClient& client, const sync::FeedPage& page) {
    while (!sync::does_follow(page, client.cursor())) {
        if (client.cursor().pos == 0) return false;
        if (client.on_status(http_conflict) != FeedStep::ask_page) return false;
    }
    return true;
}

}  // namespace

InboxKeeper::InboxKeeper(service::Clinic& clinic, const std::string& dir, const LinkKeys& keys,
                         const sync::KeyBundle& bundle)
    : clinic_(clinic), folder_(dir, clinic.disk()), keys_(keys), bundle_(bundle) {}

void InboxKeeper::settle() {
    folder_.remove_drafts();
    std::set<std::uint64_t> scopes;
    for (const auto& item : folder_.items()) scopes.insert(item.scope);
    for (const auto scope : scopes) settle_scope(scope);
    keep_cursors();
}

void InboxKeeper::keep_cursors() {
    std::vector<sync::FeedCursor> cursors;
    for (const auto& place : clinic_.feed_places()) {
        for (const auto& cursor : place.cursors)
            cursors.push_back({place.scope, cursor.pos, cursor.hash});
    }
    folder_.keep_cursors(cursors);
}

void InboxKeeper::settle_scope(std::uint64_t scope) {
    bool is_whole = true;
    for (const auto& item : folder_.items_of(scope)) {
        is_whole = is_whole && take_in(item);
        folder_.remove(item);
    }
}

/// False, if what comes after it can't be taken in either.
bool InboxKeeper::take_in(const InboxItem& item) {
    const auto envelope = folder_.read(item);
    if (!envelope) return false;
    const sync::PageTrust trust{std::nullopt, bundle_.receipt_keys(), item.scope};
    auto page = sync::open_page(*envelope, trust, keys_.seal_keys());
    if (!page) return false;
    const bool is_named_so = page->first_pos == item.first_pos && page->end().pos == item.last_pos;
    if (!is_named_so) return false;
    const auto kept = clinic_.feed_place(item.scope);
    // Amid a snapshot the feed goes on behind it.
    if (kept.snapshot) return false;
    sync::FeedClient client(detail::place_of(kept));
    client.start();
    // Taken in before a crash that left its file.
    if (page->end().pos <= client.cursor().pos && page->end() == client.cursor()) return true;
    if (!go_back_to(client, *page)) return false;
    if (client.on_page(*std::move(page)) != FeedStep::apply) return false;
    const auto taken = detail::take_page(clinic_, client);
    if (taken) received_ += *taken;
    return bool(taken);
}

}  // namespace egret::client
