#pragma once

#include "registry/base/result.h"
#include "registry/service/clinic.h"
#include "sync/core/feed_client.h"

#include <cstdint>

namespace egret::client::detail {

/// Takes the page that `client` says is to be applied into the open registry, with the cursor
/// behind it. How many facts of others in it are new here.
/// Errors: those of service::Clinic::receive.
Result<std::uint64_t> take_page(service::Clinic& clinic, const sync::FeedClient& client);

}  // namespace egret::client::detail
