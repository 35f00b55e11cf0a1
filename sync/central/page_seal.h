#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "sync/central/centre_keys.h"
#include "sync/central/store.h"
#include "sync/core/feed.h"

namespace egret::central {

/// A page of a feed as `device` gets it: what officers said is signed by the centre's own device,
/// and the whole is sealed to the device in the centre's name.
Bytes seal_page_for(const Device& device, sync::FeedPage page, const CentreKeys& keys,
                    Random& random);

}  // namespace egret::central
