#pragma once

#include "registry/store/feed_place.h"
#include "registry/store/received.h"
#include "sync/core/feed.h"
#include "sync/core/feed_client.h"

/// Between what travels and what a registry keeps.
namespace egret::client::detail {

sync::FeedPlace place_of(const store::FeedPlace& kept);
store::FeedPlace place_of(const sync::FeedPlace& place);

/// What the page says, in its order.
store::Received received_of(const sync::FeedPage& page);

}  // namespace egret::client::detail
