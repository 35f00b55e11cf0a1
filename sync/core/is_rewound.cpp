#include "sync/core/feed_cursor.h"

namespace egret::sync {

bool is_rewound(const FeedCursor& asked, const FeedKnown& known) {
    if (asked.pos == 0) return asked.hash != feed_start;
    return asked.pos > known.head_pos || known.hash != asked.hash;
}

}  // namespace egret::sync
