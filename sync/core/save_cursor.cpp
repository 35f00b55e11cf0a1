#include "registry/base/ensure.h"
#include "sync/core/feed.h"

namespace egret::sync {

std::optional<FeedCursor> save_cursor(const FeedPage& page, std::size_t applied) {
    EGRET_ENSURE(applied <= page.items.size());
    if (page.kind == FeedPageKind::snapshot) {
        if (!page.next.empty() || applied < page.items.size()) return std::nullopt;
        return page.end();
    }
    if (applied == 0 && page.items.empty()) return page.end();
    if (applied == 0) return std::nullopt;
    if (applied == page.items.size()) return page.end();
    auto hash = page.prev_hash;
    for (std::size_t i = 0; i < applied; ++i) hash = hash_item(hash, page.items[i], page);
    return FeedCursor{page.scope, page.first_pos - 1 + applied, hash};
}

}  // namespace egret::sync
